import ArgumentParser
import Foundation
import PluginKit
import PolicyModel
import Wire

struct HandInCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hand-in", abstract: "Hands in all that has been said for a follow-up.",
        discussion: """
            pejling hand-in lgbti/2019 --node BIF

            Each draft is checked as if it were entered now; all of them are handed in or none. What was returned is handed in when \
            it was said anew. The broker need not run.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions
    @Argument(help: "The follow-up's id.") var followUp: String?
    @Option(help: "The language of questions: da or en.") var lang: Lang = .da

    func run() async throws {
        try await orFail {
            let door = try NodeDoor(folders, plugins, node: node.node)
            let followUp = try door.chosenFollowUp(followUp, lang.language) { desk, id in
                desk.drafts.contains { $0.followUp == id }
            }
            let results = try await door.enter([EntryLine(handIn: followUp, person: node.person)], dryRun: node.dryRun)
            door.say(results, dryRun: node.dryRun)
        }
    }
}

struct ApproveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve",
        abstract: "Approves, for a forvaltning, what it has handed in for a follow-up.",
        discussion: """
            pejling approve lgbti/2019 --node BIF --comment "Godkendt af direktionen"

            The approval names the records it covers: what is said later shows as changed since approval, everywhere. It covers what \
            this command lists; when that changes before it is saved, nothing is approved. Things that were returned are left out.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions
    @Argument(help: "The follow-up's id.") var followUp: String?
    @Option(help: "What is to be known of the approval.") var comment: String?
    @Option(help: "The language of questions: da or en.") var lang: Lang = .da
    @Option(help: "What you saw, record by record (BIF/9f2c…/42): nothing is approved when something else stands now.")
    var record: [String] = []
    @Flag(help: "Do not ask at a terminal.") var yes = false

    func run() async throws {
        try await orFail {
            let door = try NodeDoor(folders, plugins, node: node.node)
            let followUp = try door.chosenFollowUp(followUp, lang.language) { desk, id in
                desk.followUp(id).map { !desk.standing(for: $0).fresh.isEmpty } ?? false
            }
            let desk = try door.desk()
            var seen = try record.map(recordName)
            if let known = desk.followUp(followUp), seen.isEmpty {
                let standing = desk.standing(for: known)
                seen = standing.records
                for (name, about) in zip(standing.records, standing.about) {
                    standardOutput("\(standing.fresh.contains(name) ? "new     " : "approved") \(about)  \(name)")
                }
                for about in standing.returned { standardOutput("returned \(about): not covered") }
                if Terminal.isThere, !yes, !node.dryRun, !standing.fresh.isEmpty {
                    let code = door.forvaltning.code
                    let isSure = try Asking(lang.language).confirm(
                        LocalizedText(
                            da: "Godkender \(code) disse \(seen.count) til \(followUp)?",
                            en: "Does \(code) approve these \(seen.count) for \(followUp)?"))
                    guard isSure else {
                        standardOutput("nothing is approved")
                        return
                    }
                }
            }
            let approval = EnteredApproval(
                followUp: followUp, records: seen.isEmpty ? nil : seen, comment: comment.map { LocalizedText(da: $0) })
            let results = try await door.enter(
                [EntryLine(approve: approval, person: node.person)], dryRun: node.dryRun)
            door.say(results, dryRun: node.dryRun)
        }
    }
}

struct MilestoneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "milestone", abstract: "Says what an initiative is to have done by when, or that it is done.",
        discussion: """
            pejling milestone lgbti/bif/tryg-indkvartering/fem-boliger --node BIF --what "Aftale med fem boliger" --due 2020-06
            pejling milestone lgbti/bif/tryg-indkvartering/fem-boliger --node BIF --done 2020-05-11

            It counts as soon as the broker has it. What was said before of the same milestone is kept where it is not said anew.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions
    @Argument(help: "The milestone's id: <initiative>/<name>.") var id: String
    @Option(help: "What is to be done; demanded the first time.") var what: String?
    @Option(help: "By when: a year, month or day.") var due: String?
    @Option(help: "When it was done.") var done: String?
    @Option(help: "The language of questions: da or en.") var lang: Lang = .da

    func run() async throws {
        try await orFail {
            let door = try NodeDoor(folders, plugins, node: node.node)
            let before = try door.desk().milestone(id)
            let words: LocalizedText
            if let before, what == nil {
                words = before.what
            } else {
                let question = LocalizedText(da: "Hvad skal være gjort", en: "What is to be done")
                let option = "--what (the first time \(id) is spoken of)"
                words = LocalizedText(da: try Asking(lang.language).text(what, option, question))
            }
            let initiative = id.split(separator: "/").dropLast().joined(separator: "/")
            let milestone = Milestone(
                id: id, initiative: initiative, what: words,
                due: try date(due, "--due") ?? before?.due,
                done: try date(done, "--done") ?? before?.done)
            let results = try await door.enter(
                [EntryLine(milestone: milestone, person: node.person)], dryRun: node.dryRun)
            door.say(results, dryRun: node.dryRun)
        }
    }
}

struct DiscardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Drops drafts that are not wanted any more. What was handed in stays.",
        discussion: """
            pejling discard lgbti/2019 --node BIF
            pejling discard lgbti/2019 lgbti/bif/tryg-indkvartering --node BIF
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions
    @Argument(help: "The follow-up's id.") var followUp: String
    @Argument(help: "Only the draft on this initiative, goal, question, indicator or annual target.") var about: String?

    func run() async throws {
        try await orFail {
            let door = try NodeDoor(folders, plugins, node: node.node)
            let line = EntryLine(discard: EnteredDiscard(followUp: followUp, about: about), person: node.person)
            _ = try await door.enter([line], dryRun: node.dryRun)
            standardOutput(
                node.dryRun
                    ? "\(door.forvaltning.code): checked, nothing wrong, nothing dropped"
                    : "\(door.forvaltning.code) dropped the drafts of \(about ?? "everything") for \(followUp)")
        }
    }
}

struct EnterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enter",
        abstract: "Enters what stands on standard input, a JSON object a line: all of it or none.",
        discussion: """
            pejling enter --node BIF < answers.jsonl

              {"person":"p17","draft":true,"status":{"about":"lgbti/bif/x","follow_up":"lgbti/2019","delivery":"on_track"}}
              {"person":"p17","hand_in":"lgbti/2019"}

            The lines are those of the node's own executable (Docs/plugin-guide.md, “Enter”), and go through it.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions

    func run() async throws {
        try await orFail {
            let door = try NodeDoor(folders, plugins, node: node.node)
            if Terminal.isThere {
                standardError(
                    "lines of JSON, please; end with Ctrl-D. `pejling status --node \(node.node)` asks instead")
            }
            let input = try standardInput(limit: 64 << 20)
            guard node.person == nil else {
                throw Failure(description: "--person stands in each line here: {\"person\":\"p17\",…}")
            }
            door.say(try await door.enter(input, dryRun: node.dryRun), dryRun: node.dryRun)
        }
    }
}

/// `BIF/9f2c…/42` as a record's name.
func recordName(_ text: String) throws -> RecordName {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, let seq = Int64(parts[2]), seq >= 1, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw Failure(description: "“\(text)” is no record's name: publisher/log/seq (`pejling show` prints them)")
    }
    return RecordName(publisher: String(parts[0]), log: String(parts[1]), seq: seq)
}
