import Foundation

extension Reading: RecordBody {
    public static let kind = RecordKind.reading
    public var identity: String { [about, period.description, breakdown?.description ?? ""].joined(separator: "|") }
    public var policyID: String? { firstPart(about) }

    public var violation: Violation? {
        let parts = slugCount(about)
        guard parts == 2 || parts == 4 else {
            return Violation(rule: "reading.about", message: "“\(about)” is no indicator's or annual target's id")
        }
        func broken(rule: String, _ message: String) -> Violation {
            Violation(rule: rule, message: "reading of \(about): \(message)")
        }
        guard let until = period.until else { return broken(rule: "reading.period", "its period has no end") }
        if let from = period.from, from.firstDay > until.lastDay {
            return broken(rule: "reading.period", "its period ends (\(until)) before it begins (\(from))")
        }
        if let breakdown, !isSlug(breakdown.dimension) || !isSlug(breakdown.category) {
            return broken(rule: "reading.breakdown", "“\(breakdown)” is not dimension=category, of a-z, 0-9 and hyphen")
        }
        for value in [value, reference].compactMap(\.self) {
            if let message = fault(in: value) { return broken(rule: "reading.value", message) }
        }
        if value.status == .missing || value.status == .notApplicable, comment?.da.isEmpty ?? true {
            return broken(rule: "reading.comment", "it has no value, and no comment says why")
        }
        return nil
    }

    /// What is wrong with a number in this reading's unit; nil when nothing.
    private func fault(in value: Value) -> String? {
        guard case .number(let text, let numerator, let denominator) = value,
            let number = Decimal(string: text.description)
        else { return nil }
        func decimal(_ text: DecimalText?) -> Decimal? { text.flatMap { Decimal(string: $0.description) } }
        let (over, under) = (decimal(numerator), decimal(denominator))
        switch unit {
        case .percent:
            guard let under else { return "\(text) per cent of how many? A percentage needs its denominator" }
            guard (0...100).contains(number) else { return "\(text) per cent is outside 0 to 100" }
            guard under > 0 else { return "a share of \(under)" }
            if [numerator, denominator].compactMap(\.self).contains(where: { $0.description.contains(".") }) {
                return "a numerator or denominator with decimals counts nobody"
            }
            if let over {
                guard (0...under).contains(over) else { return "\(over) of \(under) is no share" }
                guard abs(over * 100 / under - number) <= Decimal(sign: .plus, exponent: -1, significand: 6) else {
                    return "\(over) of \(under) is not \(text) per cent"
                }
            }
        case .persons, .count:
            guard number >= 0, !text.description.contains(".") else {
                return "\(text) is no number of \(unit.rawValue)"
            }
        case .percentagePoints, .dkk, .index: break
        }
        if unit != .percent, over != nil || under != nil { return "only a percentage has numerator and denominator" }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? {
        guard let breakdown, breakdown.dimension != Breakdown.criterion else { return nil }
        guard let dimension = city.dimensions.first(where: { $0.id == breakdown.dimension }) else {
            return Violation(
                rule: "reading.breakdown",
                message:
                    "reading of \(about): the city knows no dimension “\(breakdown.dimension)”; it knows \(city.dimensions.map(\.id).joined(separator: ", "))"
            )
        }
        guard let categories = dimension.categories, !categories.contains(where: { $0.id == breakdown.category }) else {
            return nil
        }
        return Violation(
            rule: "reading.breakdown",
            message:
                "reading of \(about): \(dimension.id) has no category “\(breakdown.category)”; it has \(categories.map(\.id).joined(separator: ", "))"
        )
    }
}

extension TargetVersion: RecordBody {
    public static let kind = RecordKind.target
    public var identity: String { "\(about)|\(version)" }
    public var policyID: String? { firstPart(about) }

    public var violation: Violation? {
        func broken(rule: String, _ message: String) -> Violation {
            Violation(rule: rule, message: "target of \(about): \(message)")
        }
        guard version >= 1 else { return broken(rule: "target.version", "versions count from 1, this is \(version)") }
        guard (target == nil) != (annualTarget == nil) else {
            return broken(rule: "target.one", "either `target` or `annual_target` is given, not both")
        }
        if let annualTarget, annualTarget.id != about {
            return broken(rule: "target.about", "the annual target is \(annualTarget.id)")
        }
        if version > 1, reason?.da.isEmpty ?? true {
            return broken(rule: "target.reason", "version \(version) does not say why")
        }
        if version > 1, decision?.isEmpty ?? true {
            return broken(rule: "target.decision", "version \(version) does not say who decided")
        }
        if version > 1, decided == nil {
            return broken(rule: "target.decision", "version \(version) does not say when it was decided")
        }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? { ofPolicy(publisher) }
}

extension Assessment: RecordBody {
    public static let kind = RecordKind.assessment
    public var identity: String { "\(goal)|\(followUp)" }
    public var policyID: String? { firstPart(goal) }

    public var violation: Violation? {
        guard let policyID, followUp.hasPrefix("\(policyID)/") else {
            return Violation(
                rule: "assessment.follow_up", message: "assessment of \(goal): “\(followUp)” is of another policy")
        }
        if arithmetic.da.isEmpty {
            return Violation(
                rule: "assessment.arithmetic", message: "assessment of \(goal) does not say how it follows")
        }
        return nil
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? { ofPolicy(publisher) }
}

extension Assessed: RecordBody {
    public static let kind = RecordKind.assessed
    public var identity: String { policy }
    public var policyID: String? { policy }
    public var violation: Violation? {
        upTo >= 1
            ? nil : Violation(rule: "assessed.up_to", message: "assessed up to \(upTo): positions count from 1")
    }

    public func ownerViolation(publisher: String, role: Role, city: City) -> Violation? { ofPolicy(publisher) }
}

extension LinkDecision: RecordBody {
    public static let kind = RecordKind.link
    public var identity: String { "\(from)|\(kind.rawValue)|\(to)" }
    public var policyID: String? { nil }

    public var violation: Violation? {
        guard state == .accepted || state == .rejected else {
            return Violation(
                rule: "link.state",
                message: "link \(identity): a person accepts or rejects, “\(state.rawValue)” is neither")
        }
        guard from != to else { return Violation(rule: "link.self", message: "\(from) is linked to itself") }
        return nil
    }
}

extension RecordBody {
    /// Only the policy's own plugin says this.
    fileprivate func ofPolicy(_ publisher: String) -> Violation? {
        policyID == publisher
            ? nil
            : Violation(rule: "owner", message: "\(identity) is policy \(policyID ?? "?")'s to say, not \(publisher)'s")
    }
}
