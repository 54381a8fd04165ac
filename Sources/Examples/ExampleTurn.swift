public import PluginKit
public import PolicyModel

/// A minute in which something is said; UTC.
public struct ExampleMoment: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let day: Day
    /// Of the day, 0 to 1,439.
    public let minute: Int

    public init(day: Day, minute: Int) {
        self.day = day
        self.minute = minute
    }

    public static func < (a: ExampleMoment, b: ExampleMoment) -> Bool { (a.day, a.minute) < (b.day, b.minute) }

    /// As a clock is set to it: `2019-12-05T09:30:00Z`.
    public var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(day)T\(two(minute / 60)):\(two(minute % 60)):00Z"
    }
}

/// Somebody's turn to speak.
public struct ExampleTurn: Hashable, Sendable {
    public enum Speaker: Hashable, Sendable {
        /// A forvaltning's node, by code.
        case node(String)
        /// The coordinator, for the forvaltning (code) that coordinates the policy.
        case coordinator(String)
    }
    public let moment: ExampleMoment
    public let speaker: Speaker
    let occasion: Occasion
}

/// What is said in a turn.
public enum ExampleWords: Sendable {
    /// At the node: what goes to its `enter`, together.
    case entries([EntryLine])
    /// At the coordinator.
    case word(ExampleWord)
}

/// What the coordinator says for a policy's coordinating forvaltning.
public enum ExampleWord: Hashable, Sendable {
    /// - `about`: what the answer is about, where only that is returned; nil for the whole.
    case giveBack(followUp: String, forvaltning: String, about: String?, note: String)
    case accept(followUp: String, forvaltning: String)
    case exempt(followUp: String, forvaltning: String, until: PartialDate, reason: String)
    case decide(policy: String, body: String, date: PartialDate, item: String, text: String, about: [String])
    /// - `decision`: its id.
    case followUp(decision: String, date: PartialDate, text: String)
    case contribute(followUp: String, organisation: String, text: String, about: String?, date: PartialDate)
    case link(from: String, to: String, kind: Link.Kind, state: Link.State, reason: String)
}

/// Why it is somebody's turn.
enum Occasion: Hashable, Sendable {
    /// What part of an answer is handed in.
    enum Part: Hashable, Sendable {
        /// Most of what is owed.
        case first
        /// What was left out at first.
        case rest
        /// What was returned.
        case again
        /// One thing that was said already, said otherwise.
        case correction
    }
    case draft(followUp: String)
    case handIn(followUp: String, part: Part)
    case approve(followUp: String)
    case giveBack(followUp: String, forvaltning: String, whole: Bool)
    case accept(followUp: String, forvaltning: String)
    case exempt(followUp: String, forvaltning: String, until: Day)
    /// A fact that was said in error is taken back.
    case withdraw(followUp: String)
    /// Money that comes, goes on or ends, as `MoneyCourse` has it.
    case money([Funding])
    /// What was used in a year.
    case used(year: Int)
    case milestones(year: Int)
    /// Figures that no follow-up asks for.
    case figures(policy: String, year: Int)
    case decide(policy: String, body: String, about: String)
    case followUp(policy: String, body: String, about: String)
    case contribute(followUp: String, number: Int)
    case link(policy: String, state: Link.State)
}
