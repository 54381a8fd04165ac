public import PolicyModel

/// A policy whose plugin has not judged all that is in the ledger.
public struct LedgerUnassessed: Hashable, Sendable, Codable {
    public var policy: String
    /// Where its plugin has come to; 0 where it has said nothing.
    public var assessedUpTo: Int64
    /// The last record of the policy from another publisher.
    public var lastRecord: Int64

    enum CodingKeys: String, CodingKey {
        case policy
        case assessedUpTo = "assessed_up_to"
        case lastRecord = "last_record"
    }
}

extension LedgerState {
    /// Policies whose plugin is behind: what a report over them lacks. By the alphabet.
    public func unassessed(_ chosen: [String]? = nil) -> [LedgerUnassessed] {
        (chosen ?? policies.identities).sorted().compactMap { policy in
            guard let last = lastForeignPosition(ofPolicy: policy) else { return nil }
            let upTo = assessed[policy].first { $0.publisher == policy }?.current.body.upTo ?? 0
            return upTo < last ? LedgerUnassessed(policy: policy, assessedUpTo: upTo, lastRecord: last) : nil
        }
    }

    /// What the policy's own plugin last judged of a goal for a follow-up; nil where it has not.
    public func assessment(of goal: String, followUp: String) -> LedgerVersion<Assessment>? {
        let histories = assessments["\(goal)|\(followUp)"]
        return histories.first { $0.publisher == $0.current.body.policyID }?.current
    }

    /// The target that holds for an indicator: its newest version; as the policy states it where no version was published.
    public func currentTarget(of indicator: Indicator) -> Target {
        targetVersions(of: indicator.id).last?.body.target ?? indicator.target
    }

    /// The annual target that holds: its newest version.
    public func currentTarget(of target: AnnualTarget) -> AnnualTarget {
        targetVersions(of: target.id).last?.body.annualTarget ?? target
    }

    /// The forvaltninger that report an indicator or annual target, by code; nil where nobody has defined it.
    public func reporters(of about: String) -> [String]? {
        guard let policy = about.split(separator: "/").first.flatMap({ self.policy(String($0)) })?.body else {
            return nil
        }
        return policy.reporters(of: about, city: city)
    }

    /// What was measured, oldest period first: only what the forvaltning that reports it has said. The whole, or one breakdown.
    ///
    /// - Parameter known: those who report it, where the caller knows; they are looked up otherwise.
    public func counted(
        _ about: String, breakdown: Breakdown? = nil, reporters known: [String]? = nil
    ) -> [LedgerVersion<Reading>] {
        let said = readings(of: about)
        guard !said.isEmpty else { return [] }
        let reporters = known ?? reporters(of: about) ?? []
        return said.filter { reporters.contains($0.publisher) && $0.current.body.breakdown == breakdown }
            .map(\.current).sorted { $0.body.isEarlier(than: $1.body, $0.position < $1.position) }
    }
}
