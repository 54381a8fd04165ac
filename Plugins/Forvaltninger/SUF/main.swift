// The node of Sundheds- og Omsorgsforvaltningen: what only it does. Its initiatives stand in Config/forvaltninger/SUF.
import PluginKit

struct Rules: NodeRules {
    let forvaltning = "SUF"
}

Node(Rules()).main()
