import ArgumentParser
import Coordinator
import Foundation
import PolicyModel

struct DecideCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decide",
        abstract: "Records what a body decided on a policy, and later how that was followed up.",
        discussion: """
            pejling decide lgbti --as OKF --body ØU --date 2020-03-10 --item "Punkt 7" --about lgbti/2019 \\
                --text "Status tages til efterretning; forvaltningen vender tilbage om finansiering."
            pejling decide --followed-up "lgbti|2020-03-10|1" --as OKF --date 2020-06-02 --text "Finansieret i budget 2021"

            A decision is open until it is followed up; pejling view calendar lists those that are. The broker need not run.
            """)
    @OptionGroup var options: CoordinatorOptions
    @Argument(help: "The policy's id; not needed with --followed-up.") var policy: String?
    @Option(help: "Who decided: a body's id, such as ØU, BIU, BR.") var body: String?
    @Option(help: "When it was decided, or followed up: a year, month or day.") var date: String
    @Option(help: "What was decided, or how it was followed up.") var text: String
    @Option(help: "The item of the agenda.") var item: String?
    @Option(help: "What it is about: a follow-up, goal or initiative of the policy. May be repeated.")
    var about: [String] = []
    @Option(help: "The open decision that was followed up, by its id; the rest of it stays as it was.")
    var followedUp: String?

    func validate() throws {
        if followedUp != nil {
            guard body == nil, item == nil, about.isEmpty else {
                throw ValidationError("--followed-up keeps body, item and about as they were: leave them out")
            }
        } else {
            if policy == nil { throw ValidationError("name the policy: pejling decide lgbti --as OKF …") }
            if body == nil { throw ValidationError("say who decided: --body ØU") }
        }
    }

    func run() throws {
        try orFail {
            let date = try dateOption(date, "--date")
            if let followedUp {
                try options.say {
                    try $0.followingUp(decision: followedUp, date: date, text: text)
                } sentence: { decision, _, _ in
                    "followed up decision \(decision.id) of \(decision.body): “\(decision.followedUp?.text.da ?? "")”"
                }
                return
            }
            try options.say {
                try $0.deciding(policy ?? "", body: body ?? "", date: date, item: item, text: text, about: about)
            } sentence: { decision, _, _ in
                "records decision \(decision.id) of \(decision.body): “\(decision.text.da)”"
            }
        }
    }
}

struct ContributeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contribute",
        abstract: "Records what an outside organisation says in an evaluation.",
        discussion: """
            pejling contribute lgbti/slut-2023 --as OKF --organisation "LGBT Danmark" --date 2023-11-14 \\
                --text "Indsatsen for trygge boliger bør fortsætte." --about lgbti/bif/tryg-indkvartering
            """)
    @OptionGroup var options: CoordinatorOptions
    @Argument(help: "The follow-up, such as lgbti/slut-2023.") var followUp: String
    @Option(help: "Who says it, by its own name.") var organisation: String
    @Option(help: "What it says.") var text: String
    @Option(help: "A goal, question or initiative. Default: the follow-up as a whole.") var about: String?
    @Option(help: "When: a year, month or day.") var date: String?

    func run() throws {
        try orFail {
            let date = try date.map { try dateOption($0, "--date") }
            try options.say {
                try $0.contributing(followUp, organisation: organisation, text: text, about: about, date: date)
            } sentence: { contribution, _, _ in
                "records contribution \(contribution.id) of \(contribution.organisation)\(contribution.about.map { " on \($0)" } ?? "")"
            }
        }
    }
}
