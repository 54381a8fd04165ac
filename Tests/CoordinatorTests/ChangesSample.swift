import PolicyModel

@testable import Coordinator

/// A policy `p` with an opening and three yearly follow-ups, told day by day; and its changes as short lines.
struct ChangesSample {
    var maker = LedgerMaker()

    static let followUps = [
        Sample.followUp("p/opening", owedBy: [], kind: .opening),
        Sample.followUp("p/2019", opens: "2019-12", due: "2019-12-31"),
        Sample.followUp("p/2020", opens: "2020-12", due: "2020-12-31"),
        Sample.followUp("p/2021", opens: "2021-12", due: "2021-12-31"),
    ]

    /// City, policy and two initiatives of BIF, all on 2019-06-01.
    init(policy: Policy = Sample.policy(Self.followUps)) throws {
        try maker.add("coordinator", Sample.city)
        try maker.add("p", policy)
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        try maker.add("BIF", Sample.initiative("p/bif/b", line: 20))
    }

    /// An answer of BIF, said and handed in on a day.
    @discardableResult
    mutating func answer(
        _ about: String, _ followUp: String, _ delivery: StatusReport.Delivery, on day: String,
        done: String = "Det er gjort.", reason: String? = nil
    ) throws -> RecordName {
        maker.on(day)
        var status = Sample.status(about, followUp, delivery, printed: false)
        status.done = LocalizedText(da: done)
        status.reason = reason.map { LocalizedText(da: $0) }
        let name = try maker.add("BIF", status)
        try maker.add("BIF", HandIn(followUp: followUp, forvaltning: "BIF", records: [name]))
        return name
    }

    func view(_ since: ChangesSince = .last, on date: String = "2021-06-01") throws -> ChangesView {
        try maker.state.changes(since: since, on: day(date))
    }

    func lines(_ since: ChangesSince = .last, on date: String = "2021-06-01") throws -> [String] {
        try view(since, on: date).rows.map(\.line)
    }
}

extension ChangesView.Row {
    /// `attention status p/bif/a delivery: on_track (p/2019) → delayed (p/2020)`.
    var line: String {
        func side(_ fact: ChangeFact, _ followUp: String?) -> String {
            fact.short + (followUp.map { " (\($0))" } ?? "")
        }
        let part = part.map { " [\($0.da)]" } ?? ""
        return "\(weight.rawValue) \(kind.rawValue) \(subject) \(field.rawValue)\(part): "
            + "\(side(from, fromFollowUp)) → \(side(to, toFollowUp))"
    }
}

extension ChangeFact {
    var short: String {
        switch self {
        case .notReported: "not reported"
        case .absent: "–"
        case .withdrawn: "withdrawn"
        case .redacted: "redacted"
        case .withheld: "withheld"
        case .delivery(let delivery): delivery.rawValue
        case .words(let text): text.da
        case .names(let names): names.joined(separator: "+")
        case .money(let state, let from, let until):
            [state.rawValue, from.map { "from \($0)" }, until.map { "until \($0)" }].compactMap(\.self).joined(
                separator: " ")
        case .amount(let amount, let unit): "\(amount) \(unit.rawValue)"
        case .reading(let value, _, let period, _): "\(value.number?.description ?? value.status.rawValue) @\(period)"
        case .target(let target, _, _): "\(target.kind.rawValue) \(target.value?.description ?? "")"
        case .annualTarget(let target): "\(target.value?.description ?? "") from \(target.fromYear ?? 0)"
        case .judgement(let judgement): judgement.rawValue
        case .date(let date): date.description
        case .period(let period): period.description
        case .figure(let value, let qualifier): "\(qualifier ?? "")\(value)"
        case .initiativeKind(let kind): kind.rawValue
        case .mandate(let mandate): mandate.rawValue
        case .condition(let condition): condition.rawValue
        case .direction(let direction): direction.rawValue
        case .unit(let unit): unit.rawValue
        case .link(let state): state.rawValue
        case .stage(let stage): stage.rawValue
        case .records(let count): "\(count) records"
        }
    }
}
