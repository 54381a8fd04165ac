import ArgumentParser
import Coordinator
import Foundation
import PolicyModel
import Reports

/// What is owed: of all, from the coordinator's copy; or of one node, from its own log, copy and drafts.
struct Due: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "due",
        abstract:
            "What is missing, from whom, since when: each follow-up with its dates, each thing with how far it is.",
        discussion: """
            pejling due                                             who owes how much, and what
            pejling due --forvaltning BIF --follow-up lgbti/2019    what BIF owes for one follow-up
            pejling due --all --on 2020-01-15 --format csv          everything, also what is accepted or not open yet
            pejling due --node BIF                                  at the node: its own list, with drafts, and with no network

            Lateness counts from receipt. What depends on something undecided is never late.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var when: When
    @Option(help: "The node's own list, from its folder on this machine: BIF, ØKF or OKF …") var node: String?
    @Option(help: "Only this policy. May be repeated.") var policy: [String] = []
    @Option(help: "Only this forvaltning: BIF, ØKF or OKF … May be repeated.") var forvaltning: [String] = []
    @Option(help: "Only this follow-up, such as lgbti/2019. May be repeated.") var followUp: [String] = []
    @Flag(help: "Also what is accepted, not open yet, or depends on something undecided.") var all = false
    @Option(help: "table, json or csv.") var format: View.Format = .table
    @Option(help: "da or en.") var lang: Lang = .da

    func run() throws {
        try orFail {
            if let node { return try writeOwn(node) }
            let (state, day, policies) = try View.load(folders, when, policy)
            let codes = try forvaltning.map { name in
                guard let code = state.city?.forvaltning(name)?.code else {
                    throw Failure(
                        description:
                            "--forvaltning “\(name)” is none of \((state.city?.forvaltninger ?? []).map(\.code).joined(separator: ", "))"
                    )
                }
                return code
            }
            try followUp.forEach { try check(followUp: $0, state) }
            var list = state.due(on: day, policies: policies, forvaltninger: codes.isEmpty ? nil : codes)
            if !followUp.isEmpty { list.entries = list.entries.filter { followUp.contains($0.followUp) } }
            write(all ? list : list.pending)
        }
    }

    /// Held against today, or `--on`.
    private func writeOwn(_ code: String) throws {
        guard when.isNow, forvaltning.isEmpty else {
            throw Failure(
                description: "--node shows what one node has now: leave --at, --as-of and --forvaltning out")
        }
        let door = try NodeDoor(folders, plugins, node: code)
        let desk = try door.desk()
        guard !desk.copy.policies.isEmpty else {
            throw Failure(
                description:
                    "no policy has come to \(door.forvaltning.code) yet: run it once with a connection (`pejling up`, or `pejling node run` where it has a machine of its own)"
            )
        }
        let known = desk.copy.policies.values.flatMap { $0.followUps.map(\.id) }
        for id in policy + followUp where !known.contains(id) && desk.copy.policies[id] == nil {
            let nearest = nearestIDs(to: id, among: known + desk.copy.policies.keys, count: 1).first
            throw Failure(
                description: "\(door.forvaltning.code) knows no “\(id)”"
                    + (nearest.map { ": did you mean \($0)?" } ?? ""))
        }
        let day = try when.on.map { _ in try when.day(LedgerState()) } ?? door.today()
        var list = desk.due(on: day, synthetic: door.data.isSynthetic)
        list.entries = list.entries.filter {
            (followUp.isEmpty || followUp.contains($0.followUp)) && (policy.isEmpty || policy.contains($0.policy))
        }
        write(all ? list : list.pending)
    }

    private func write(_ list: DueList) {
        let text =
            switch format {
            case .table: list.text(lang.language, width: terminalWidth(), isPending: !all)
            case .json: list.json()
            case .csv: list.csv()
            }
        standardOutput(text, terminator: "")
    }
}

/// - Throws: `Failure` with the way out when the ledger has no such follow-up.
func check(followUp id: String, _ state: LedgerState) throws {
    let known = state.policies.identities.flatMap { state.policy($0)?.body.followUps.map(\.id) ?? [] }
    guard !known.contains(id) else { return }
    let nearest = nearestIDs(to: id, among: known, count: 1).first
    throw Failure(
        description: "the ledger has no follow-up “\(id)”"
            + (nearest.map { ": did you mean \($0)?" } ?? "; `pejling view calendar` lists them"))
}
