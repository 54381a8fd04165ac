import Catalogue
import Coordinator
import Examples
import Foundation
import Ledger
import PolicyModel
import Wire

@testable import PluginKit

/// The example years played in one process, without broker and sockets: each node's own log and `Entry`, each policy's judge, the
/// coordinator's desk, and a ledger that takes their lines in turn, as a broker would. With the real configuration.
final class Stage {
    static let config =
        URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path + "/Config"

    struct Rules: NodeRules { let forvaltning: String }
    struct General: PolicyRules { let policy: String }

    let city: City
    private(set) var state = LedgerState()
    /// Everything said, in ledger order.
    private(set) var lines: [DeliveredLine] = []
    /// In memory where the system has such a place: nothing here is to last.
    private let folder =
        (FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : "/tmp")
        + "/pejling-stage-\(UInt32.random(in: 0 ... .max))"
    /// Policies about which something came since their judges spoke.
    private var unjudged: Set<String> = []
    private var logs: [String: PublisherLog] = [:]
    private var copies: [String: NodeCopy] = [:]
    private var judges: [String: Judge] = [:]

    init(at moment: ExampleMoment) throws {
        let configuration = ConfigurationFolder(Self.config)
        city = try configuration.city()
        let now = try Self.date(moment)
        let order = StartOrder(
            endpoint: "", brokerKey: "", data: folder, config: Self.config, incarnation: "", synthetic: true)
        func open(_ name: String, _ process: PluginProcess) throws {
            let log = try PublisherLog(folder: "\(folder)/\(name)", publisher: name, synthetic: true, create: true)
            logs[name] = log
            try receive(try log.append(at: now) { try process.opening(order, $0).drafts }, at: now)
        }
        // They follow from the first line on.
        for forvaltning in city.forvaltninger { copies[forvaltning.code] = NodeCopy() }
        for id in city.policies {
            let catalogue = try configuration.policy(id, in: city)
            judges[id] = Judge(
                catalogue.policy, targets: catalogue.targets, city: city, rules: General(policy: id))
        }
        try open(CoordinatorProcess.publisher, CoordinatorProcess.process())
        for id in city.policies {
            try open(id, PolicyPlugin(General(policy: id)).process())
        }
        for forvaltning in city.forvaltninger {
            try open(forvaltning.code, Node(Rules(forvaltning: forvaltning.code)).process())
        }
        try judge(at: now)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    static func date(_ moment: ExampleMoment) throws -> Date {
        guard let date = Timestamp.date(moment.description) else { throw CocoaError(.coderInvalidValue) }
        return date
    }

    /// Plays all turns. Whatever a node or the desk refuses ends it: the examples keep every rule.
    func play(_ years: ExampleYears) throws {
        for turn in years.turns {
            guard let words = years.words(in: turn, state) else { continue }
            let now = try Self.date(turn.moment)
            do {
                switch (turn.speaker, words) {
                case (.node(let code), .entries(let entries)): try enter(entries, code, at: now)
                case (.coordinator(let code), .word(let word)): try say(word, as: code, on: turn.moment.day, at: now)
                default: throw CocoaError(.coderInvalidValue)
                }
            } catch {
                throw Refused(description: "\(turn.moment) \(turn.speaker): \(error)\n\(words)")
            }
            try judge(at: now)
        }
    }

    struct Refused: Error, CustomStringConvertible { let description: String }

    private func enter(_ entries: [EntryLine], _ code: String, at now: Date) throws {
        guard let log = logs[code], let copy = copies[code], let forvaltning = city.forvaltning(code) else {
            throw CocoaError(.coderInvalidValue)
        }
        let entry = Entry(
            forvaltning: forvaltning, rules: Rules(forvaltning: code), city: city, copy: copy, at: now)
        let store = try PrivateStore(folder: "\(folder)/\(code)")
        let shelf = Entry.Shelf(drafts: try store.drafts(log)) { id, head in
            try store.trueValue(of: id, log: log.log, upTo: head)
        }
        let (_, saved) = try entry.save(entries, log, store, shelf)
        try receive(saved, at: now)
    }

    private func say(_ word: ExampleWord, as code: String, on day: Day, at now: Date) throws {
        guard let log = logs[CoordinatorProcess.publisher] else { throw CocoaError(.coderInvalidValue) }
        let author = Author(forvaltning: code, role: "coordinator")
        try receive(
            try log.append(at: now) { snapshot in
                let desk = CoordinatorDesk(state, as: code, today: day) { try snapshot.all($0).map(\.envelope.id) }
                return [try word.draft(at: desk, by: author)]
            }, at: now)
    }

    private func receive(_ saved: [Line], at now: Date) throws {
        for line in saved {
            let delivered = DeliveredLine(
                position: Int64(lines.count + 1), received: Timestamp.milliseconds(now), root: nil, line: line)
            lines.append(delivered)
            state.apply(delivered)
            for (code, var copy) in copies {
                copies[code] = nil
                copy.take(delivered, code)
                copies[code] = copy
            }
            for (id, judge) in judges where line.envelope.publisher != id && line.envelope.policy == id {
                try judge.take(delivered)
                unjudged.insert(id)
            }
        }
        if let last = saved.last { try logs[last.envelope.publisher]?.acknowledge(last.envelope.seq, refused: []) }
    }

    private func judge(at now: Date) throws {
        defer { unjudged = [] }
        for id in unjudged.sorted() {
            guard let log = logs[id], let judge = judges[id] else { continue }
            try receive(try log.append(at: now) { try judge.drafts($0) }, at: now)
        }
    }
}
