// The node of Beskæftigelses- og Integrationsforvaltningen: what only it does. Its initiatives stand in Config/forvaltninger/BIF.
import PluginKit

struct Rules: NodeRules {
    let forvaltning = "BIF"
}

Node(Rules()).main()
