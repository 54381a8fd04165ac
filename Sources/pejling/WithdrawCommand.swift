import ArgumentParser
import Foundation
import PluginKit
import PolicyModel

struct WithdrawCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Takes back what was said: it is then as if never said. History keeps it.",
        discussion: """
            pejling withdraw lgbti/bif/tryg-indkvartering --follow-up lgbti/2019 --node BIF --reason "Forkert initiativ"
            pejling withdraw integration/paabegyndte-igu-forloeb --period 2019 --node BIF --reason "Talt dobbelt"
            pejling withdraw BIF/9f2c…/42 --node BIF --reason "…"
            pejling withdraw "lgbti/2019|BIF|1" --as OKF --reason "Forkert opfølgning"

            Only the newest word on a thing is taken back, and only by who said it. To correct, say it anew instead. A body that \
            must go by law is redacted, not withdrawn.

            With --node a forvaltning takes back its own word. With --as the policy's coordinating forvaltning takes back an \
            exception, a decision or a contribution of the coordinator, by its record or id. What others build on stays: an answer \
            to a return is a new answer, and what was accepted can be returned.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @Option(help: "The forvaltning that takes its own word back: BIF, ØKF or OKF …") var node: String?
    @Option(
        name: .customLong("as"),
        help: "The forvaltning that coordinates the policy, to take back the coordinator's word: BIF, ØKF or OKF …")
    var code: String?
    @Option(help: "Your pseudonym, kept with the record; your name stays with your forvaltning.") var person: String?
    @Flag(help: "Check only; nothing is saved.") var dryRun = false
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
    @Option(help: "Why.") var reason: String?
    @Option(help: "The language of questions: da or en.") var lang: Lang = .da

    func validate() throws {
        guard (node == nil) != (code == nil) else {
            throw ValidationError(
                "say whose word it is: --node for a forvaltning's own, or --as for the coordinator's")
        }
        let ways = [followUp != nil, period != nil, milestone, funding != nil, initiative].count { $0 }
        guard node != nil else {
            guard ways == 0 else { throw ValidationError("with --as the record or its id is enough") }
            return
        }
        let isRecord = id.split(separator: "/").last.map { Int64($0) != nil } ?? false
        guard ways == 1 || (isRecord && ways == 0) else {
            throw ValidationError(
                "say which word on \(id) is meant: a record's name, or one of --follow-up, --period, --milestone, --funding, --initiative"
            )
        }
    }

    func run() async throws {
        try await orFail {
            let why = try Asking(lang.language).text(reason, "--reason", LocalizedText(da: "Hvorfor", en: "Why"))
            if let code {
                try speak(as: code, folders, person: person, dryRun: dryRun) {
                    try $0.withdrawing(id, reason: why)
                } sentence: { word, _, _ in
                    "withdraws \(word.withdrawn) \(word.id): “\(word.reason.da)”"
                }
                return
            }
            let door = try NodeDoor(folders, plugins, node: node ?? "")
            let results = try await door.enter(
                [EntryLine(withdraw: try withdrawal(LocalizedText(da: why)), person: person)], dryRun: dryRun)
            door.say(results, dryRun: dryRun)
        }
    }

    private func withdrawal(_ why: LocalizedText) throws -> EnteredWithdrawal {
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
