// The node of Børne- og Ungdomsforvaltningen: what only it does. Its initiatives stand in Config/forvaltninger/BUF.
import PluginKit

struct Rules: NodeRules {
    let forvaltning = "BUF"
}

Node(Rules()).main()
