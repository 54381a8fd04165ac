/// One thing that a forvaltning owes for a follow-up.
public struct Obligation: Hashable, Sendable, Codable {
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// How far something has come.
        case status
        /// A figure.
        case reading
    }
    public var kind: Kind
    /// An initiative, a question, a goal, or the follow-up itself (status); an indicator or annual target (reading).
    public var about: String
    public var title: LocalizedText
    /// Of a reading: the year its period must end in.
    public var year: Int?

    public init(kind: Kind, about: String, title: LocalizedText, year: Int? = nil) {
        self.kind = kind
        self.about = about
        self.title = title
        self.year = year
    }

    /// Whether a reading is the figure asked for: of the whole, for a period that ends in the year.
    public func isMet(by reading: Reading) -> Bool {
        kind == .reading && reading.about == about && reading.breakdown == nil
            && (year.map { reading.endsOn.year == $0 } ?? true)
    }

    /// The same of a reading that was redacted, by the identity that is left of it: `<about>|<period>|<breakdown>`.
    public func isMet(byRedacted identity: String) -> Bool {
        let parts = identity.split(separator: "|", omittingEmptySubsequences: false)
        guard kind == .reading, parts.count == 3, parts[0] == about, parts[2].isEmpty else { return false }
        let last = parts[1].split(separator: "/").last.flatMap { PartialDate($0) }
        return year.map { last?.year == $0 } ?? true
    }
}

extension Policy {
    /// What a forvaltning owes for a follow-up, in the order of the policy. The rule, the same for every policy:
    ///
    /// - An annual, mid-term or final follow-up asks for a status of each initiative the forvaltning owns (where the source marks
    ///   some of them as concrete, of those: it is they that a status is promised of), an answer to each question, a status of
    ///   each goal it answers for that is measured by indicators (where efforts must be described: of each that has no goals
    ///   below it), and a figure of that year for each indicator it reports and each annual target of its initiatives.
    /// - A survey asks for a status of each survey it owns; a baseline reading for the figures that were to be measured.
    /// - Where that leaves nothing, and for meetings, decisions and adjustments of targets: a word on the follow-up itself.
    ///
    /// - Parameters:
    ///   - forvaltning: Its code. Who does not owe the follow-up owes nothing.
    ///   - initiatives: The initiatives of the policy that it owns.
    ///   - target: The version of an annual target that holds.
    public func obligations(
        of forvaltning: String, for followUp: FollowUp, initiatives: [Initiative], city: City,
        target: (AnnualTarget) -> AnnualTarget = { $0 }
    ) -> [Obligation] {
        guard followUp.kind != .opening, followUp.owedBy.contains(forvaltning) else { return [] }
        let year = followUp.due?.date.lastDay.year
        let own = initiatives.filter { $0.owner == forvaltning && $0.policy == id }
        var owed: [Obligation] = []
        func status(_ initiative: Initiative) -> Obligation {
            Obligation(kind: .status, about: initiative.id, title: initiative.title)
        }
        func readings(_ indicators: [Indicator]) -> [Obligation] {
            indicators.filter { $0.reporters.contains(forvaltning) }.map {
                Obligation(kind: .reading, about: $0.id, title: $0.title, year: year)
            }
        }
        switch followUp.kind {
        case .annual, .midTerm, .final:
            let marked = own.filter { $0.kind == .marked }
            owed += (marked.isEmpty ? own : marked).map(status)
            owed += (followUp.questions ?? []).map { Obligation(kind: .status, about: $0.id, title: $0.text) }
            let measured = Set(indicators.map(\.goal))
            let parents = Set(goals.compactMap(\.parent))
            owed += goals.filter { goal in
                let isAsked =
                    measured.contains(goal.id) || (followUp.effortsWhereBehind == true && !parents.contains(goal.id))
                return isAsked && goal.forvaltninger.contains(forvaltning)
            }.map { Obligation(kind: .status, about: $0.id, title: $0.title) }
            owed += readings(indicators)
            if let year {
                let ids = Set(own.map(\.id))
                owed += annualTargets.map(target).filter {
                    ids.contains($0.initiative) && $0.unit != nil && $0.covers(year: year)
                }.map { Obligation(kind: .reading, about: $0.id, title: $0.what, year: year) }
            }
        case .survey: owed += own.filter { $0.kind == .survey }.map(status)
        case .baselineReading:
            owed += readings(indicators.filter { $0.baselines.contains { $0.value.status == .missing } })
        case .opening, .meeting, .decision, .targetAdjustment: break
        }
        return owed.isEmpty ? [Obligation(kind: .status, about: followUp.id, title: followUp.title)] : owed
    }
}
