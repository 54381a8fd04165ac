import Catalogue
import Foundation
import Ledger
import PolicyModel
import Wire

/// What a plugin says at its start: what its part of the configuration holds and its log does not yet.
///
/// Initiatives and the policy may be edited: a new version is published, the old one stays. Funding and status are opening
/// facts, published once: afterwards they change only by the officer's commands, so a difference is an error.
struct Opening {
    /// An opening fact that was edited after it was published.
    struct EditedFact: Error, CustomStringConvertible { let description: String }

    var policy: Policy?
    /// Every version of every target, which stand for good once published.
    var targets: [TargetVersion]
    var entries: [CatalogueEntry]
    var author: Author

    /// What is to be appended, given the log as it is; and warnings that stop nothing.
    ///
    /// - Throws: `EditedFact` with every difference, one a line.
    func drafts(_ log: PublisherLog.Snapshot) throws -> (drafts: [PublisherLog.Draft], warnings: [String]) {
        var drafts: [PublisherLog.Draft] = []
        var problems: [String] = []
        try addTargets(log, &drafts, &problems)
        if let policy { try addIfNew(policy, log, &drafts) }
        let opened = try [RecordKind.funding: opened(.funding, log), .status: opened(.status, log)]
        for entry in entries {
            let isKnown = try log.latest(.initiative, entry.initiative.id) != nil
            try addIfNew(entry.initiative, log, &drafts)
            try addFacts(
                entry.funding, of: entry, isKnown: isKnown, opened, command: "pejling fund", log, &drafts, &problems)
            try addFacts(
                entry.status.map { [$0] } ?? [], of: entry, isKnown: isKnown, opened, command: "pejling status", log,
                &drafts, &problems)
        }
        guard problems.isEmpty else { throw EditedFact(description: problems.joined(separator: "\n")) }
        return (drafts, try removed(log))
    }

    private func addIfNew(_ body: some RecordBody, _ log: PublisherLog.Snapshot, _ drafts: inout [PublisherLog.Draft])
        throws
    {
        let draft = try PublisherLog.Draft(body, by: author)
        // By the hash: what was redacted is not said again because the file still says it.
        if let before = try log.latest(draft.kind, draft.id), before.envelope.bodyHash == Hash(of: draft.body) {
            return
        }
        drafts.append(draft)
    }

    /// Targets are append-only: what a version says of the target itself never changes, only how it is cited may.
    private func addTargets(
        _ log: PublisherLog.Snapshot, _ drafts: inout [PublisherLog.Draft], _ problems: inout [String]
    ) throws {
        for target in targets {
            guard let first = try log.first(.target, target.identity) else {
                drafts.append(try PublisherLog.Draft(target, by: author))
                continue
            }
            let before = try first.decode(TargetVersion.self)
            guard before.substance != target.substance else { continue }
            problems.append(
                "the target of \(target.about) (version \(target.version)) was edited. Targets are append-only: put it back, and add what was decided under `target_revisions`, with reason and decision"
            )
        }
        let present = Set(targets.map(\.identity))
        for gone in try log.all(.target).map(\.envelope.id).filter({ !present.contains($0) }).sorted() {
            problems.append("the target \(gone) was published and is not in the configuration any more: put it back")
        }
    }

    /// Identities of the node's own first words of a kind, by initiative: what stood in the file then. One look at the log, however
    /// many initiatives there are.
    private func opened(_ kind: RecordKind, _ log: PublisherLog.Snapshot) throws -> [String: [String]] {
        var found: [String: [String]] = [:]
        for line in try log.all(kind) where line.envelope.by.role != Author.officer {
            let id = line.envelope.id
            found[String(id.prefix { $0 != "|" }), default: []].append(id)
        }
        return found
    }

    private func addFacts<Fact: RecordBody>(
        _ facts: [Fact], of entry: CatalogueEntry, isKnown: Bool, _ opened: [RecordKind: [String: [String]]],
        command: String, _ log: PublisherLog.Snapshot, _ drafts: inout [PublisherLog.Draft],
        _ problems: inout [String]
    ) throws {
        let id = entry.initiative.id
        func problem(_ what: String) -> String {
            "\(entry.place): \(Fact.kind) of \(id) \(what). An opening fact is published once: put the file back, and say what changed with `\(command) \(id)`"
        }
        let identities = Set(facts.map(\.identity))
        if isKnown {
            for old in opened[Fact.kind]?[id] ?? [] where !identities.contains(old) {
                problems.append(problem("was removed or changed its key here"))
            }
        }
        for fact in facts {
            let draft = try PublisherLog.Draft(fact, by: author)
            if let first = try log.first(Fact.kind, draft.id) {
                // What was redacted may be taken out of the file, or not; it is not published again either way.
                let isSame = first.isRedacted || first.envelope.bodyHash == Hash(of: draft.body)
                if first.envelope.by.role != Author.officer, !isSame {
                    problems.append(problem("was edited here"))
                }
            } else if isKnown {
                problems.append(problem("was added here"))
            } else {
                drafts.append(draft)
            }
        }
    }

    /// Entries that are in the log and not in the files any more: said, and nothing withdrawn.
    private func removed(_ log: PublisherLog.Snapshot) throws -> [String] {
        let present = Set(entries.map(\.initiative.id))
        return try log.all(.initiative).map(\.envelope.id).filter { !present.contains($0) }.sorted().map {
            "\($0) is not in the configuration any more: what was published stays and counts (withdrawing is a command, not a deletion)"
        }
    }
}
