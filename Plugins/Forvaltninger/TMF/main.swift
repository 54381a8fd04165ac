// The node of Teknik- og Miljøforvaltningen: what only it does. Its initiatives stand in Config/forvaltninger/TMF.
import PluginKit

struct Rules: NodeRules {
    let forvaltning = "TMF"
}

Node(Rules()).main()
