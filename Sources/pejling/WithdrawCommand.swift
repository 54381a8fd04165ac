import ArgumentParser
import Foundation
import PluginKit
import PolicyModel

struct WithdrawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Takes back what was said: it is then as if never said. History keeps it.",
        discussion: """
            pejling withdraw lgbti/bif/tryg-indkvartering --follow-up lgbti/2019 --node BIF --reason "Forkert initiativ"
            pejling withdraw integration/igu --period 2019 --node BIF --reason "Talt dobbelt"
            pejling withdraw BIF/9f2c…/42 --node BIF --reason "…"

            Only the newest word on a thing is taken back, and only by who said it. To correct, say it anew instead. A body that \
            must go by law is redacted, not withdrawn.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions
    @Argument(
        help:
            "A record's name; or the id of an initiative, goal or question (with --follow-up), an indicator or annual target (with --period), a milestone (with --milestone), an initiative's money (with --funding)."
    )
    var id: String
    @Option(help: "The follow-up of the status.") var followUp: String?
    @Option(help: "The period of the figure: 2019, 2019-09, or first and last: 2018-07/2018-09.") var period: String?
    @Option(help: "The part the figure is of: dimension=category.") var breakdown: String?
    @Flag(help: "It is a milestone.") var milestone = false
    @Option(help: "The state of the money: funded, within_budget …, and its beginning behind a colon: funded:2019.")
    var funding: String?
    @Flag(help: "It is the initiative itself.") var initiative = false
    @Option(help: "Why.") var reason: String

    func validate() throws {
        let ways = [followUp != nil, period != nil, milestone, funding != nil, initiative].count { $0 }
        let isRecord = id.split(separator: "/").last.map { Int64($0) != nil } ?? false
        guard ways == 1 || (isRecord && ways == 0) else {
            throw ValidationError(
                "say which word on \(id) is meant: a record's name, or one of --follow-up, --period, --milestone, --funding, --initiative"
            )
        }
    }

    func run() async throws {
        try await orFail {
            try await enter(
                [EntryLine(withdraw: try withdrawal(), person: node.person)], folders, plugins, node)
        }
    }

    private func withdrawal() throws -> EnteredWithdrawal {
        let why = LocalizedText(da: reason)
        if let followUp { return EnteredWithdrawal(kind: .status, id: "\(id)|\(followUp)", reason: why) }
        if let period {
            let period = try parsedPeriod(period)
            let identity = [id, period.description, breakdown ?? ""].joined(separator: "|")
            return EnteredWithdrawal(kind: .reading, id: identity, reason: why)
        }
        if milestone { return EnteredWithdrawal(kind: .milestone, id: id, reason: why) }
        if initiative { return EnteredWithdrawal(kind: .initiative, id: id, reason: why) }
        if let funding {
            let parts = funding.split(separator: ":", maxSplits: 1)
            return EnteredWithdrawal(
                kind: .funding, id: "\(id)|\(parts[0])|\(parts.count > 1 ? String(parts[1]) : "")", reason: why)
        }
        return EnteredWithdrawal(record: try recordName(id), reason: why)
    }
}
