public import PolicyModel

/// What is owed for the follow-ups of one policy, found by follow-up and forvaltning in O(1).
public struct PolicyDue: Sendable {
    private struct Key: Hashable { let followUp: String, forvaltning: String }

    /// In the order of the policy's follow-ups, then of the city's forvaltninger.
    public private(set) var entries: [DueList.Entry] = []
    private var places: [Key: Int] = [:]

    mutating func add(_ entry: DueList.Entry) {
        places[Key(followUp: entry.followUp, forvaltning: entry.forvaltning)] = entries.count
        entries.append(entry)
    }

    /// Nil where nothing is owed.
    public subscript(followUp: String, forvaltning: String) -> DueList.Entry? {
        places[Key(followUp: followUp, forvaltning: forvaltning)].map { entries[$0] }
    }
}

extension LedgerState {
    /// What is owed on `day`: every follow-up that a forvaltning owes input to and that happens.
    ///
    /// - Parameters:
    ///   - policies: Which policies; nil for all that were published.
    ///   - forvaltninger: Whose, by code; nil for all of the city.
    public func due(on day: Day, policies chosen: [String]? = nil, forvaltninger: [String]? = nil) -> DueList {
        let entries = (chosen ?? policies.identities).flatMap { id in
            policy(id).map { due(of: $0.body, on: day, forvaltninger: forvaltninger).entries } ?? []
        }
        // By deadline; the sort is stable, so that within one the order of policies, follow-ups and forvaltninger stays.
        let keys = entries.enumerated().sorted {
            ($0.element.lastDay ?? "9999", $0.offset) < ($1.element.lastDay ?? "9999", $1.offset)
        }
        return DueList(on: day, synthetic: isSynthetic, entries: keys.map(\.element))
    }

    /// What is owed for the follow-ups of one policy on `day`.
    ///
    /// - Parameters:
    ///   - followUps: Which, by id; nil for all of the policy.
    ///   - forvaltninger: Whose, by code; nil for all of the city.
    public func due(
        of policy: Policy, on day: Day, followUps: Set<String>? = nil, forvaltninger: [String]? = nil
    ) -> PolicyDue {
        var due = PolicyDue()
        guard let city else { return due }
        let reckoning = reckoning(on: day, city)
        let codes = city.forvaltninger.map(\.code).filter { forvaltninger?.contains($0) ?? true }
        let owned = Dictionary(grouping: initiatives(ofPolicy: policy.id).map(\.body), by: \.owner)
        for followUp in policy.followUps where followUps?.contains(followUp.id) ?? true {
            for code in codes {
                let entry = reckoning.entry(
                    policy, followUp, of: code, initiatives: owned[code] ?? [], target: currentTarget)
                if let entry { due.add(entry) }
            }
        }
        return due
    }

    /// What one forvaltning owes for one follow-up; nil when nothing, or one of them is not known.
    public func due(_ followUp: String, of forvaltning: String, on day: Day) -> DueList.Entry? {
        let policyID = followUp.split(separator: "/").first.map(String.init) ?? ""
        guard let policy = policy(policyID)?.body else { return nil }
        return due(of: policy, on: day, followUps: [followUp], forvaltninger: [forvaltning])[followUp, forvaltning]
    }

    private func reckoning(on day: Day, _ city: City) -> DueReckoning {
        DueReckoning(city: city, day: day, collecting: collecting) { obligation, followUp, forvaltning in
            switch obligation.kind {
            case .status:
                // A status answers when it was handed in for its follow-up.
                let redacted = redactedStatuses(of: obligation.about, followUp: followUp.id)
                if let record = redacted.first(where: { $0.name.publisher == forvaltning }) {
                    return DueReckoning.Answer(records: [record.moment], isRedacted: true)
                }
                let history = statuses(of: obligation.about).first {
                    $0.publisher == forvaltning && $0.current.body.followUp == followUp.id
                }
                let said = history?.versions.filter { standing(of: $0) == .handedIn } ?? []
                return said.isEmpty ? nil : DueReckoning.Answer(records: said.map(\.moment))
            case .reading:
                // A figure counts as handed in when it is there.
                let said = readings(of: obligation.about).filter {
                    $0.publisher == forvaltning && obligation.isMet(by: $0.current.body)
                }.flatMap(\.versions).sorted { $0.position < $1.position }
                let redacted = redactedReadings(of: obligation.about).last {
                    $0.name.publisher == forvaltning && obligation.isMet(byRedacted: $0.id)
                }
                if said.isEmpty, let redacted {
                    return DueReckoning.Answer(records: [redacted.moment], isRedacted: true)
                }
                return said.isEmpty ? nil : DueReckoning.Answer(records: said.map(\.moment))
            }
        }
    }
}
