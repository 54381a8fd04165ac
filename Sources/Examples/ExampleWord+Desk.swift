public import Coordinator
public import Ledger
internal import PluginKit
public import Wire

extension ExampleWord {
    /// The word as a record to be, checked at the coordinator's desk.
    ///
    /// - Throws: `DeskRefusal`, `LinkRefusal` or `Violation` where it cannot be said.
    public func draft(at desk: CoordinatorDesk, by author: Author) throws -> PublisherLog.Draft {
        switch self {
        case .giveBack(let followUp, let forvaltning, let about, let note):
            try desk.returning(followUp, of: forvaltning, about: about, note: note).record(by: author)
        case .accept(let followUp, let forvaltning):
            try desk.accepting(followUp, of: forvaltning).record(by: author)
        case .exempt(let followUp, let forvaltning, let until, let reason):
            try desk.excepting(followUp, of: forvaltning, until: until, reason: reason).record(by: author)
        case .decide(let policy, let body, let date, let item, let text, let about):
            try desk.deciding(policy, body: body, date: date, item: item, text: text, about: about).record(by: author)
        case .followUp(let decision, let date, let text):
            try desk.followingUp(decision: decision, date: date, text: text).record(by: author)
        case .contribute(let followUp, let organisation, let text, let about, let date):
            try desk.contributing(followUp, organisation: organisation, text: text, about: about, date: date)
                .record(by: author)
        case .link(let from, let to, let kind, let state, let reason):
            try desk.state.linkDecision(state, from: from, to: to, kind: kind, by: desk.code, reason: reason)
                .record(by: author)
        }
    }
}
