public import PolicyModel

/// One side of a change.
public enum ChangeFact: Hashable, Sendable {
    /// Nobody has answered.
    case notReported
    /// There was none, or is none any more.
    case absent
    /// It was taken back.
    case withdrawn
    /// The record's words were removed by order.
    case redacted
    /// A number that was told once and is no longer, because it is too small: it is not told here either.
    case withheld
    case delivery(StatusReport.Delivery)
    case words(LocalizedText)
    /// Names or ids, each once.
    case names([String])
    case money(Funding.State, from: PartialDate?, until: PartialDate?)
    case amount(DecimalText, MeasureUnit)
    case reading(Value, MeasureUnit, Period, reference: Value?)
    case target(Target, MeasureUnit, Indicator.Direction)
    case annualTarget(AnnualTarget)
    case judgement(Attainment.Judgement)
    case date(PartialDate)
    case period(Period)
    case figure(DecimalText, qualifier: String?)
    case initiativeKind(Initiative.Kind)
    case mandate(Initiative.Mandate)
    case condition(FollowUp.Condition)
    case direction(Indicator.Direction)
    case unit(MeasureUnit)
    case link(Link.State)
    case stage(Collecting.Stage)
    /// So many records: what an approval or a return names.
    case records(Int)

    /// Whether it says nothing by itself: of such a side only the other is worth printing.
    public var isEmpty: Bool {
        switch self {
        case .absent: true
        case .names(let names): names.isEmpty
        default: false
        }
    }
}

extension ChangeFact: Encodable {
    enum CodingKeys: String, CodingKey {
        case fact, code, text, names, from, until, value, unit, reference, period, target, date, qualifier, count
        case annualTarget = "annual_target"
    }

    /// `fact` says which it is; what else there is stands beside it.
    public func encode(to encoder: any Encoder) throws {
        var out = encoder.container(keyedBy: CodingKeys.self)
        func code(_ fact: String, _ code: String) throws {
            try out.encode(fact, forKey: .fact)
            try out.encode(code, forKey: .code)
        }
        switch self {
        case .notReported: try out.encode("not_reported", forKey: .fact)
        case .absent: try out.encode("absent", forKey: .fact)
        case .withdrawn: try out.encode("withdrawn", forKey: .fact)
        case .redacted: try out.encode("redacted", forKey: .fact)
        case .withheld: try out.encode("withheld", forKey: .fact)
        case .delivery(let delivery): try code("delivery", delivery.rawValue)
        case .judgement(let judgement): try code("judgement", judgement.rawValue)
        case .initiativeKind(let kind): try code("kind", kind.rawValue)
        case .mandate(let mandate): try code("mandate", mandate.rawValue)
        case .condition(let condition): try code("condition", condition.rawValue)
        case .direction(let direction): try code("direction", direction.rawValue)
        case .unit(let unit): try code("unit", unit.rawValue)
        case .link(let state): try code("link", state.rawValue)
        case .stage(let stage): try code("stage", stage.rawValue)
        case .words(let text):
            try out.encode("words", forKey: .fact)
            try out.encode(text, forKey: .text)
        case .names(let names):
            try out.encode("names", forKey: .fact)
            try out.encode(names, forKey: .names)
        case .money(let state, let from, let until):
            try code("money", state.rawValue)
            try out.encodeIfPresent(from, forKey: .from)
            try out.encodeIfPresent(until, forKey: .until)
        case .amount(let amount, let unit):
            try out.encode("amount", forKey: .fact)
            try out.encode(amount, forKey: .value)
            try out.encode(unit, forKey: .unit)
        case .reading(let value, let unit, let period, let reference):
            try out.encode("reading", forKey: .fact)
            try out.encode(value, forKey: .value)
            try out.encode(unit, forKey: .unit)
            try out.encode(period.description, forKey: .period)
            try out.encodeIfPresent(reference, forKey: .reference)
        case .target(let target, let unit, _):
            try out.encode("target", forKey: .fact)
            try out.encode(target, forKey: .target)
            try out.encode(unit, forKey: .unit)
        case .annualTarget(let target):
            try out.encode("annual_target", forKey: .fact)
            try out.encode(target, forKey: .annualTarget)
        case .date(let date):
            try out.encode("date", forKey: .fact)
            try out.encode(date, forKey: .date)
        case .period(let period):
            try out.encode("period", forKey: .fact)
            try out.encodeIfPresent(period.from, forKey: .from)
            try out.encodeIfPresent(period.until, forKey: .until)
        case .figure(let value, let qualifier):
            try out.encode("figure", forKey: .fact)
            try out.encode(value, forKey: .value)
            try out.encodeIfPresent(qualifier, forKey: .qualifier)
        case .records(let count):
            try out.encode("records", forKey: .fact)
            try out.encode(count, forKey: .count)
        }
    }
}
