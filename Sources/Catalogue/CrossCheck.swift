internal import Foundation
internal import PolicyModel

/// Holds one part of a configuration against the others: what it says of them by id, and sums over all of them.
///
/// Each process checks so what stands in its own files, against what it can see beside them (`Lookup`); `whole()` checks
/// all. What leads to a policy that the city does not have is let stand: it dangles between publishers on purpose.
struct CrossCheck {
    let lookup: Lookup
    let log: ProblemLog

    // MARK: References

    /// Reports each of `references` that leads to nothing.
    func check(_ references: [Reference]) {
        for reference in references where knows(reference) == false { report(reference) }
    }

    /// Whether what it leads to is there; nil where that cannot be seen, or is no part of this configuration.
    private func knows(_ reference: Reference) -> Bool? {
        let parts = reference.to.split(separator: "/", omittingEmptySubsequences: false)
        let policy = String(parts[0])
        guard lookup.city.policies.contains(policy) else { return nil }
        if reference.kind == .policy || parts.count == 1 { return true }
        // An id with an owner's name in it is an initiative, or an annual target of one.
        if reference.kind != .goal, parts.count >= 3,
            let forvaltning = lookup.city.forvaltninger.first(where: { $0.slug == parts[1] })
        {
            guard let part = lookup.part(forvaltning, policy) else { return nil }
            let initiative = parts.prefix(3).joined(separator: "/")
            guard part.entries.contains(where: { $0.initiative.id == initiative }) else { return false }
            if parts.count == 3 { return true }
            return lookup.definition(policy).map { $0.policy.annualTargets.contains { $0.id == reference.to } }
        }
        guard let definition = lookup.definition(policy) else { return nil }
        let isGoal = definition.policy.goals.contains { $0.id == reference.to }
        switch reference.kind {
        case .goal: return isGoal
        case .initiative: return definition.entries.contains { $0.initiative.id == reference.to }
        case .policy, .link:
            return isGoal || definition.policy.indicators.contains { $0.id == reference.to }
                || definition.policy.annualTargets.contains { $0.id == reference.to }
                || definition.policy.followUps.contains { $0.id == reference.to }
                || definition.entries.contains { $0.initiative.id == reference.to }
        }
    }

    private func report(_ reference: Reference) {
        let policy = String(reference.to.prefix { $0 != "/" })
        var known: [String] = []
        let definition = lookup.definition(policy)
        if reference.kind != .initiative { known += definition?.policy.goals.map(\.id) ?? [] }
        if reference.kind != .goal {
            known += definition?.entries.map(\.initiative.id) ?? []
            for forvaltning in lookup.city.forvaltninger {
                known += lookup.part(forvaltning, policy)?.entries.map(\.initiative.id) ?? []
            }
        }
        let meant = nearest(to: reference.to, among: known)
        log.add(
            reference.place, "\(reference.label): “\(reference.to)” leads to nothing",
            fix: meant.map { "write `\($0)`" } ?? "name something that `\(policy)` has, or remove it")
    }

    // MARK: Circles

    /// Reports circles of what carries out, goes on from, or hangs on another; each once, at the first of its
    /// references that is in `own`.
    func checkCircles(_ own: [Reference], among others: [Reference]) {
        let edges = (own + others).filter(\.isDirected)
        var next: [String: [Reference]] = [:]
        for edge in edges { next[edge.from, default: []].append(edge) }
        var done: Set<String> = []
        for edge in own where edge.isDirected && edge.from != edge.to && !done.contains(edge.from) {
            guard let path = path(from: edge.to, to: edge.from, next) else { continue }
            done.formUnion(path)
            log.add(
                edge.place,
                "\(edge.label): the links run in a circle: \(([edge.from] + path).joined(separator: " → "))",
                fix: "remove the one that does not hold")
        }
    }

    /// The shortest way along the references, both ends included.
    private func path(from start: String, to end: String, _ next: [String: [Reference]]) -> [String]? {
        var before: [String: String] = [start: start]
        var queue = [start]
        while !queue.isEmpty {
            let at = queue.removeFirst()
            if at == end {
                var path = [at]
                while let last = path.last, last != start, let earlier = before[last] { path.append(earlier) }
                return path.reversed()
            }
            for edge in next[at] ?? [] where before[edge.to] == nil {
                before[edge.to] = at
                queue.append(edge.to)
            }
        }
        return nil
    }

    /// What the policies say that can be come to from `references`: theirs, and that of those they lead to.
    func reached(from references: [Reference], of policy: String) -> [Reference] {
        var seen: Set<String> = [policy]
        var queue = references.filter(\.isDirected)
        var all: [Reference] = []
        while let reference = queue.popLast() {
            let policy = String(reference.to.prefix { $0 != "/" })
            guard seen.insert(policy).inserted, let found = lookup.definition(policy)?.references else { continue }
            all += found
            queue += found.filter(\.isDirected)
        }
        return all
    }

    // MARK: Sums

    /// Reports each year whose budgets, over all initiatives of the policy, do not come to what the policy states.
    ///
    /// Only where all parts can be seen: a sum over some of them says nothing.
    func checkSums(_ catalogue: PolicyCatalogue) {
        guard let last = catalogue.statedBudgets.last, let parts = lookup.allParts(catalogue.policy.id) else { return }
        let files =
            [("the policy's own file", catalogue.entries)] + parts.map { ($0.forvaltning.code, $0.part.entries) }
        let sums = files.map { name, entries in (name: name, years: Self.planned(entries)) }
        for stated in catalogue.statedBudgets {
            let found = sums.compactMap { sum in sum.years[stated.year].map { (sum.name, $0) } }
            let total = found.reduce(Decimal(0)) { $0 + $1.1 }
            guard total != stated.planned.exact else { continue }
            let from = found.filter { $0.1 != 0 }.map { "\($0.0) \($0.1)" }
            log.add(
                stated.place,
                "\(stated.label): the budgets of \(stated.year) come to \(total) DKK, and \(stated.planned) is stated"
                    + (from.isEmpty ? "" : " (\(from.joined(separator: ", ")))"),
                fix: "correct the budget that is wrong, or the total")
        }
        let years = Set(sums.flatMap { $0.years.filter { $0.value != 0 }.keys })
        for year in years.subtracting(catalogue.statedBudgets.map(\.year)).sorted() {
            log.add(
                last.place, "\(last.label): \(year) has budgets, and no total is stated for it",
                fix: "add the year to `stated_budgets`, or correct the year of the budget")
        }
    }

    /// DKK planned, by year.
    private static func planned(_ entries: [CatalogueEntry]) -> [Int: Decimal] {
        var years: [Int: Decimal] = [:]
        for budget in entries.flatMap(\.funding).flatMap(\.budgets) {
            years[budget.year, default: 0] += budget.plannedDKK?.exact ?? 0
        }
        return years
    }
}

extension Reference {
    /// Whether a circle of such references says nothing: A carries out B, which carries out A.
    var isDirected: Bool {
        switch kind {
        case .policy, .link(.implements), .link(.continues), .link(.dependsOn): true
        case .link, .goal, .initiative: false
        }
    }
}
