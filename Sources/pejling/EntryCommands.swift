import ArgumentParser
import Broker
import Catalogue
import Foundation
import Ledger
import PluginKit
import PolicyModel
import Subprocess
import Wire

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says how far an initiative, a goal or a question is: as a draft, or handed in.",
        discussion: """
            pejling status --node BIF                      asks, one thing after the other, for all that is due
            pejling status lgbti/bif/tryg-indkvartering --node BIF --follow-up lgbti/2019 \\
                --delivery delayed --done "Aftale med fem boliger" --reason "Renovering trak ud"

            It is kept at the node as a draft until `pejling hand-in`, or handed in at once with --hand-in (and with it all other \
            drafts for the follow-up). The node need not run, and no network is needed: it is sent when the broker is there. A \
            change of state demands a reason. Nothing is overwritten: a later status supersedes, and history keeps both.

            At a terminal, what is missing is asked for: last time's answer is shown, and Enter keeps it.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions
    @Argument(help: "The id of an initiative, or of a goal or question the follow-up asks about.")
    var about: String?
    @Option(help: "The follow-up it is for, such as lgbti/2019.") var followUp: String?
    @Option(
        help: "\(StatusReport.Delivery.allCases.map(\.rawValue).joined(separator: ", ")).")
    var delivery: String?
    @Option(help: "What was done.") var done: String?
    @Option(help: "What went otherwise than planned, and why.") var deviation: String?
    @Option(help: "What is done about the deviation.") var action: String?
    @Option(help: "Efforts you propose.") var proposals: String?
    @Option(help: "What somebody must decide.") var decisionNeeded: String?
    @Option(help: "Why the state changed; demanded when it does.") var reason: String?
    @Flag(help: "Hand in all that has been said for this follow-up.") var handIn = false
    @Option(help: "The language of the questions: da or en.") var lang: Lang = .da

    func run() async throws {
        try await orFail {
            guard let about, let followUp, let delivery else { return try await ask() }
            guard let delivery = StatusReport.Delivery(rawValue: delivery) else {
                throw Failure(
                    description:
                        "--delivery “\(delivery)” is none of \(StatusReport.Delivery.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            func text(_ given: String?) -> LocalizedText? { given.map { LocalizedText(da: $0) } }
            let status = StatusReport(
                about: about, followUp: followUp, delivery: delivery, done: text(done), deviation: text(deviation),
                action: text(action), proposals: text(proposals), decisionNeeded: text(decisionNeeded),
                reason: text(reason))
            let line = EntryLine(
                status: status, handIn: handIn ? followUp : nil, draft: handIn ? nil : true, person: node.person)
            try await enter([line], folders, plugins, node)
            if !handIn, !node.dryRun {
                standardOutput("hand it in with: pejling hand-in \(followUp) --node \(node.node)")
            }
        }
    }

    private func ask() async throws {
        let lacking = [
            about == nil ? "an id" : nil, followUp == nil ? "--follow-up" : nil, delivery == nil ? "--delivery" : nil,
        ].compactMap(\.self).joined(separator: ", ")
        guard Terminal.isThere else {
            throw Failure(
                description:
                    "\(lacking) missing, and nobody sits at a terminal to be asked. `pejling due --node \(node.node)` lists what is due"
            )
        }
        let said = [done, deviation, action, proposals, decisionNeeded, reason].contains { $0 != nil }
        guard delivery == nil, !said, !node.dryRun else {
            throw Failure(description: "\(lacking) missing: give it too, or none of the answer to be asked for it")
        }
        let door = try NodeDoor(folders, plugins, node: node.node)
        let conversation = Conversation(door: door, language: lang.language, person: node.person)
        try await conversation.run(followUp: followUp, about: about)
        if handIn, let followUp { try await conversation.handIn(followUp) }
    }
}

struct Fund: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Says what happened to an initiative's money.",
        discussion: """
            pejling fund lgbti/bif/oplysningskampagne --node BIF --state funded --from 2020 --until 2021-12-31 \\
                --decision "Budget 2020"

            It counts as soon as the broker has it; money belongs to no follow-up, so nothing is handed in. What was said \
            before stays in history. When separate funding is no longer required, say until when it was: --state \
            requires_separate_funding --until 2019-12-31.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions
    @Argument(help: "The initiative's id.") var initiative: String?
    @Option(help: "\(Funding.State.allCases.map(\.rawValue).joined(separator: ", ")).") var state: String?
    @Option(help: "From when: a year, month or day (2020, 2020-01, 2020-01-31).") var from: String?
    @Option(help: "Until when.") var until: String?
    @Option(help: "The decision it rests on.") var decision: String?
    @Option(help: "Money planned for a year, in DKK: 2020=500000. May be repeated.") var planned: [String] = []
    @Option(help: "Money used in a year, in DKK: 2019=480000. May be repeated.") var used: [String] = []
    @Option(help: "The language of questions: da or en.") var lang: Lang = .da

    private static let fromQuestion = LocalizedText(
        da: "Fra hvornår (2020, 2020-01, Enter: ikke sagt)", en: "From when (2020, 2020-01, Enter: not said)")
    private static let untilQuestion = LocalizedText(
        da: "Til hvornår (Enter: ikke sagt)", en: "Until when (Enter: not said)")
    private static let decisionQuestion = LocalizedText(
        da: "Hvilken beslutning hviler det på (Enter: ikke sagt)",
        en: "Which decision does it rest on (Enter: not said)")

    func run() async throws {
        try await orFail {
            let door = try NodeDoor(folders, plugins, node: node.node)
            let asking = Asking(lang.language)
            let isAsked = initiative == nil || state == nil
            let initiative = try asking.choice(
                initiative, "the initiative's id", LocalizedText(da: "Hvilket initiativ", en: "Which initiative"),
                initiative == nil
                    ? try door.desk().initiatives.map { ($0.id, "\($0.title[lang.language])  \($0.id)") } : [])
            let state = try asking.choice(
                state, "--state", LocalizedText(da: "Hvad er der sket med pengene", en: "What happened to the money"),
                Funding.State.allCases.map { ($0.rawValue, $0.name(in: lang.language)) })
            guard let state = Funding.State(rawValue: state) else {
                throw Failure(
                    description:
                        "--state “\(state)” is none of \(Funding.State.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            let funding = Funding(
                initiative: initiative, state: state,
                from: try date(isAsked ? asking.optional(from, Self.fromQuestion) : from, "--from"),
                until: try date(isAsked ? asking.optional(until, Self.untilQuestion) : until, "--until"),
                budgets: try budgets(),
                decision: isAsked ? asking.optional(decision, Self.decisionQuestion) : decision)
            let results = try await door.enter([EntryLine(funding: funding, person: node.person)], dryRun: node.dryRun)
            door.say(results, dryRun: node.dryRun)
        }
    }

    private func budgets() throws -> [Budget] {
        var budgets: [Int: Budget] = [:]
        for (texts, option, field) in [
            (planned, "--planned", \Budget.plannedDKK), (used, "--used", \Budget.usedDKK),
        ] as [([String], String, WritableKeyPath<Budget, DecimalText?>)] {
            for text in texts {
                let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard parts.count == 2, let year = Int(parts[0]), (1900...2199).contains(year),
                    let amount = DecimalText(parts[1])
                else {
                    throw Failure(
                        description:
                            "\(option) “\(text)” is not YEAR=DKK, such as 2020=500000 (no points for thousands)")
                }
                // 250.000 is a quarter of a million to a Dane, and 250 to a program.
                guard parts[1].wholeMatch(of: /-?\d{1,3}(\.\d{3})+/) == nil else {
                    throw Failure(
                        description:
                            "\(option) “\(text)” can be read in two ways: write \(year)=\(parts[1].replacing(".", with: "")), or \(year)=\(parts[1].prefix { $0 != "." })"
                    )
                }
                guard budgets[year]?[keyPath: field] == nil else {
                    throw Failure(description: "\(option) is given twice for \(year): which of the two?")
                }
                budgets[year, default: Budget(year: year)][keyPath: field] = amount
            }
        }
        return budgets.values.sorted { $0.year < $1.year }
    }
}
