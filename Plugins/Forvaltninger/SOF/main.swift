// The node of Socialforvaltningen: what only it does. Its initiatives stand in Config/forvaltninger/SOF.
import PluginKit

struct Rules: NodeRules {
    let forvaltning = "SOF"
}

Node(Rules()).main()
