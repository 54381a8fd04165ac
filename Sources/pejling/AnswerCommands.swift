import ArgumentParser
import Coordinator
import Foundation
import PolicyModel

struct ReturnCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "return",
        abstract: "Sends an answer back with a note: all that a forvaltning handed in for a follow-up, or one thing.",
        discussion: """
            pejling return lgbti/2019 BIF --as OKF --about lgbti/bif/tryg-indkvartering --note "Hvor mange boliger?"
            pejling return lgbti/2019 BIF --as OKF --note "Alle statusser mangler årsag"

            It reopens only what it names: the newest handed-in record of each thing. The broker need not run.
            """)
    @OptionGroup var options: CoordinatorOptions
    @Argument(help: "The follow-up, such as lgbti/2019.") var followUp: String
    @Argument(help: "Whose answer it is: BIF, ØKF or OKF …") var forvaltning: String
    @Option(help: "Only the answer about this: an initiative, goal, question, indicator or annual target.")
    var about: String?
    @Option(help: "What is to be looked at.") var note: String

    func run() throws {
        try orFail {
            try options.say {
                try $0.returning(followUp, of: forvaltning, about: about, note: note)
            } sentence: { order, state, _ in
                let subjects = state.subjects(of: Set(order.records), by: order.forvaltning)
                return
                    "returns \(count(order.records.count, "answer")) of \(order.forvaltning) to \(order.followUp) (\(subjects.joined(separator: ", "))): “\(order.note.da)”"
            }
        }
    }
}

struct AcceptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept",
        abstract: "Accepts what a forvaltning approved for a follow-up, for the policy's coordinating forvaltning.",
        discussion: """
            pejling accept lgbti/2019 BIF --as OKF
            pejling accept lgbti/2019 BIF --as OKF --approval BIF/9f2c…/43

            It covers what the approval covers. Where something was handed in or sent back since, it is refused and says what.
            With --approval it accepts exactly the one that was seen (pejling show lgbti/2019 names it). The broker need not run.
            """)
    @OptionGroup var options: CoordinatorOptions
    @Argument(help: "The follow-up, such as lgbti/2019.") var followUp: String
    @Argument(help: "Whose answer it is: BIF, ØKF or OKF …") var forvaltning: String
    @Option(help: "The approval that was seen, by its record. Default: the newest.") var approval: String?
    @Option(help: "What is to be remembered of it.") var comment: String?

    func run() throws {
        try orFail {
            try options.say {
                try $0.accepting(followUp, of: forvaltning, approval: approval, comment: comment)
            } sentence: { acceptance, state, day in
                let entry = state.due(acceptance.followUp, of: acceptance.forvaltning, on: day)
                let covered = entry?.count(.approved) ?? 0
                let named = state.collecting.answer(to: acceptance.followUp, of: acceptance.forvaltning).approved.count
                let missing = entry.map { $0.items.count - $0.answered } ?? 0
                let beside = [
                    named > covered ? "\(count(named - covered, "record")) beside" : nil,
                    missing > 0 ? "\(missing) more not handed in" : nil,
                ].compactMap(\.self)
                return
                    "accepts \(count(covered, "answer")) that \(acceptance.forvaltning) approved for \(acceptance.followUp)"
                    + (beside.isEmpty ? "" : " (\(beside.joined(separator: ", ")))")
            }
        }
    }
}

struct ExemptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exempt",
        abstract: "Gives one forvaltning more time for a follow-up, with a reason.",
        discussion: """
            pejling exempt lgbti/2019 BIF --as OKF --until 2020-02-15 --reason "Flytning af sagssystem"

            Until that day its answer is neither late nor locked. The newest exception holds; pejling withdraw takes one back.
            """)
    @OptionGroup var options: CoordinatorOptions
    @Argument(help: "The follow-up, such as lgbti/2019.") var followUp: String
    @Argument(help: "Who gets more time: BIF, ØKF or OKF …") var forvaltning: String
    @Option(help: "The last day: a year, month or day (2020, 2020-01, 2020-01-31).") var until: String
    @Option(help: "Why.") var reason: String

    func run() throws {
        try orFail {
            let until = try dateOption(until, "--until")
            try options.say {
                try $0.excepting(followUp, of: forvaltning, until: until, reason: reason)
            } sentence: { exception, state, _ in
                let due = state.due(exception.followUp, of: exception.forvaltning, on: until.lastDay)?.due
                return
                    "gives \(exception.forvaltning) until \(exception.until) for \(exception.followUp)\(due.map { ", due \($0)" } ?? ""): “\(exception.reason.da)”"
            }
        }
    }
}

/// `1 answer`, `2 answers`.
func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
