// The node of Økonomiforvaltningen: what only it does. Its initiatives stand in Config/forvaltninger/OKF.
import PluginKit

struct Rules: NodeRules {
    let forvaltning = "ØKF"
}

Node(Rules()).main()
