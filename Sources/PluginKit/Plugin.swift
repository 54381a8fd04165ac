import Catalogue
import Foundation
import Ledger
import PolicyModel
import Wire
import ZeroMQ

/// What only one forvaltning's node does. Everything else is the same for all.
public protocol NodeRules: Sendable {
    /// Its code, as people write it: `ØKF`.
    var forvaltning: String { get }
    /// Why this forvaltning cannot say this; nil when it can.
    func violation(of status: StatusReport) -> Violation?
    /// Why this forvaltning cannot publish this initiative; nil when it can.
    func violation(of initiative: Initiative) -> Violation?
    /// Why this forvaltning cannot report this figure; nil when it can.
    func violation(of reading: Reading) -> Violation?
}

extension NodeRules {
    public func violation(of status: StatusReport) -> Violation? { nil }
    public func violation(of initiative: Initiative) -> Violation? { nil }
    public func violation(of reading: Reading) -> Violation? { nil }
}

/// What only one policy's plugin does.
public protocol PolicyRules: Sendable {
    /// The policy's id: `lgbti`.
    var policy: String { get }
    /// Why the definition cannot stand; nil when it can.
    func violation(of policy: Policy) -> Violation?
    /// How one indicator or annual target is judged: `facts.general`, unless this policy has a rule of its own.
    func attainment(_ facts: MeasureFacts) -> Attainment
}

extension PolicyRules {
    public func violation(of policy: Policy) -> Violation? { nil }
    public func attainment(_ facts: MeasureFacts) -> Attainment { facts.general }
}

/// The release of PluginKit, which is that of Pejling.
public let pluginKitVersion = "0.1.0"

/// The node of a forvaltning: `Node(rules).main()` is its whole program.
///
///     struct Rules: NodeRules { let forvaltning = "BIF" }
///     Node(Rules()).main()
public struct Node {
    private let rules: any NodeRules

    public init(_ rules: any NodeRules) { self.rules = rules }

    /// Runs and ends the process. `enter` takes entries from standard input; without arguments it runs under a broker.
    public func main() -> Never {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case nil: exit(process().runHosted())
        case "enter": exit(enter(arguments))
        case "redact": exit(redact(arguments))
        case "check": exit(check(arguments))
        case "run": exit(run(arguments))
        default:
            exit(
                usage(
                    arguments,
                    "run --broker tcp://HOST:PORT --broker-key KEY --data DIR --config DIR (through `pejling node run`) | enter --data DIR --config DIR [--dry-run] < LINES | redact --data DIR --config DIR [--dry-run] < LINE | check --config DIR"
                ))
        }
    }

    /// Runs against a broker on another machine until it is told to stop (SIGTERM, SIGINT).
    private func run(_ arguments: [String]) -> Int32 {
        guard let data = option("--data", arguments), let config = option("--config", arguments),
            let broker = option("--broker", arguments), let key = option("--broker-key", arguments)
        else {
            complain("run needs --broker, --broker-key, --data (the node's own folder) and --config")
            return 64
        }
        do {
            // Without incarnation: no host on the broker's side started it.
            let isSynthetic = arguments.contains("--synthetic")
            let order = StartOrder(
                endpoint: broker, brokerKey: key, data: data, config: config, incarnation: "", synthetic: isSynthetic,
                clock: isSynthetic ? try RecordClock(around: data).path : nil)
            return process().run(order, stop: try StopSignal(), lifeline: nil)
        } catch {
            process().serviceLog(broker: broker).giveUp(error)
            return 1
        }
    }

    /// The running node, for a host of another kind (`pejling node run`, tests).
    public func process() -> PluginProcess {
        PluginProcess(
            publisher: rules.forvaltning, role: .node, program: "pejling-node \(rules.forvaltning) \(pluginKitVersion)",
            follows: FeedFilter(kinds: Self.follows.map(\.rawValue), concerning: rules.forvaltning)
        ) { order, snapshot in
            let catalogue = try load(order.config)
            let author = Author(forvaltning: rules.forvaltning, role: "node")
            return try Opening(policy: nil, targets: [], entries: catalogue.entries, author: author).drafts(snapshot)
        }
    }

    /// Definitions, what is said to its answers, and its own answers back: when they were received, and their place among returns.
    private static let follows: [RecordKind] = [
        .policy, .target, .assessment, .configuration, .status, .reading, .handin, .approval, .return, .acceptance,
        .exception, .decision, .withdrawal, .redaction,
    ]

    private func load(_ config: String) throws -> NodeCatalogue {
        let folder = ConfigurationFolder(config)
        let city = try folder.city()
        let catalogue = try folder.node(try forvaltning(in: city, config), in: city)
        for entry in catalogue.entries {
            if let violation = rules.violation(of: entry.initiative)
                ?? entry.status.flatMap({ rules.violation(of: $0) })
            {
                throw Violation(rule: violation.rule, message: "\(entry.place): \(violation.message)")
            }
        }
        return catalogue
    }

    private func forvaltning(in city: City, _ config: String) throws -> Forvaltning {
        guard let forvaltning = city.forvaltning(rules.forvaltning) else {
            throw Violation(
                rule: "forvaltning",
                message:
                    "\(config)/forvaltninger.yaml knows no \(rules.forvaltning); it knows \(city.forvaltninger.map(\.code).joined(separator: ", "))"
            )
        }
        return forvaltning
    }

    private func check(_ arguments: [String]) -> Int32 {
        do {
            let entries = try load(option("--config", arguments) ?? "Config").entries
            print("\(rules.forvaltning): \(entries.count) initiatives, no problem found")
            return 0
        } catch {
            complain("\(error)")
            return 1
        }
    }

    private func enter(_ arguments: [String]) -> Int32 {
        do {
            guard let data = option("--data", arguments), let config = option("--config", arguments) else {
                complain("enter needs --data DIR (the node's own folder) and --config DIR")
                return 64
            }
            let city = try ConfigurationFolder(config).city()
            let forvaltning = try forvaltning(in: city, config)
            let lines = try readEntries()
            let log = try PublisherLog(
                folder: data, publisher: forvaltning.code, synthetic: arguments.contains("--synthetic"), create: false)
            let replica = try Replica(folder: data, create: false)
            try replica.hold(synthetic: log.isSynthetic)
            let copy = try NodeCopy(in: replica, of: forvaltning.code)
            let now = try RecordClock(around: data).now()
            let entry = Entry(forvaltning: forvaltning, rules: rules, city: city, copy: copy, at: now)
            let store = try PrivateStore(folder: data)
            let shelf = Entry.Shelf(drafts: try store.drafts(log)) { id, head in
                try store.trueValue(of: id, log: log.log, upTo: head)
            }
            if arguments.contains("--dry-run") {
                let outcome = try log.look { snapshot in
                    let outcome = try entry.drafts(lines, snapshot, shelf: shelf)
                    try entry.checkRoom(for: outcome, snapshot)
                    return outcome
                }
                try tell(outcome, saved: nil)
                return 0
            }
            let (outcome, saved) = try entry.save(lines, log, store, shelf)
            try tell(outcome, saved: saved)
            return 0
        } catch let refused as Entry.Refused {
            for refusal in refused.refusals {
                if let line = try? encodeBody(refusal) { print(String(decoding: line, as: UTF8.self)) }
            }
            let shown = refused.refusals.prefix(20).map(\.description)
            let rest = refused.refusals.count - shown.count
            complain((shown + (rest > 0 ? ["and \(rest) lines more are refused"] : [])).joined(separator: "\n"))
            return 1
        } catch {
            complain("\(error)")
            return 1
        }
    }

    /// Says what came of an entry, a line each; `saved` nil when it was only checked.
    private func tell(_ outcome: Entry.Outcome, saved: [Line]?) throws {
        for (index, draft) in outcome.drafts.enumerated() {
            let count: Int? =
                switch draft.kind {
                case .handin: try JSONDecoder().decode(HandIn.self, from: Data(draft.body)).records.count
                case .approval: try JSONDecoder().decode(Approval.self, from: Data(draft.body)).records.count
                default: nil
                }
            let result = EntryResult(
                record: saved?[index].name.description, kind: draft.kind.rawValue, id: draft.id,
                note: outcome.notes[index], count: count)
            print(String(decoding: try encodeBody(result), as: UTF8.self))
        }
        for kept in outcome.kept {
            let result = EntryResult(kind: kept.draft.kind, id: kept.draft.id, note: kept.note, isDraft: true)
            print(String(decoding: try encodeBody(result), as: UTF8.self))
        }
    }

    /// Takes the body of one of the node's own records away, by order; with or without a broker.
    private func redact(_ arguments: [String]) -> Int32 {
        do {
            guard let data = option("--data", arguments), let config = option("--config", arguments) else {
                complain("redact needs --data DIR (the node's own folder) and --config DIR")
                return 64
            }
            let forvaltning = try forvaltning(in: try ConfigurationFolder(config).city(), config)
            guard let text = readLine(strippingNewline: true), text.utf8.count <= Limits.line else {
                throw RedactionRefused("redact reads one JSON line on standard input. Docs/plugin-guide.md, “Redact”")
            }
            try StrictJSON.checkObject(Array(text.utf8))
            let line = try JSONDecoder().decode(RedactionLine.self, from: Data(text.utf8))
            let log = try PublisherLog(
                folder: data, publisher: forvaltning.code, synthetic: arguments.contains("--synthetic"), create: false)
            let result = try log.redact(
                line, by: Author(forvaltning: forvaltning.code, role: Author.officer, person: line.person),
                at: try RecordClock(around: data).now(), copy: try Replica(folder: data, create: true),
                dryRun: arguments.contains("--dry-run"))
            print(String(decoding: try encodeBody(result), as: UTF8.self))
            return 0
        } catch {
            complain("\(error)")
            return 1
        }
    }

    /// At most 20,000 lines of 256 KiB: a workbook of 10,000 rows, and what hands it in.
    private func readEntries() throws -> [EntryLine] {
        var entries: [EntryLine] = []
        while let line = readLine(strippingNewline: true) {
            let number = entries.count + 1
            guard number <= 20_000, line.utf8.count <= Limits.line else {
                throw Entry.Refused(line: number, "too much at once: at most 20,000 lines of \(Limits.line) bytes")
            }
            let bytes = Array(line.utf8)
            do {
                try StrictJSON.checkObject(bytes)
                entries.append(try JSONDecoder().decode(EntryLine.self, from: Data(bytes)))
            } catch {
                let why = (error as? DecodingError)?.inWords ?? "\(error)"
                throw Entry.Refused(line: number, "no entry of this form: \(why). Docs/plugin-guide.md, “Enter”")
            }
        }
        return entries
    }
}

/// The plugin of a policy: `PolicyPlugin(rules).main()` is its whole program.
public struct PolicyPlugin {
    private let rules: any PolicyRules

    public init(_ rules: any PolicyRules) { self.rules = rules }

    public func main() -> Never {
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case nil: exit(process().runHosted())
        case "check": exit(check(arguments))
        default: exit(usage(arguments, "check --config DIR"))
        }
    }

    public func process() -> PluginProcess {
        PluginProcess(
            publisher: rules.policy, role: .policy, program: "pejling-policy \(rules.policy) \(pluginKitVersion)",
            follows: FeedFilter(policies: [rules.policy], without: [rules.policy])
        ) { order, snapshot in
            let catalogue = try load(order.config)
            return try Opening(
                policy: catalogue.policy, targets: catalogue.targets, entries: catalogue.entries,
                author: Author(role: Role.policy.rawValue)
            ).drafts(snapshot)
        } digest: { order in
            let catalogue = try load(order.config)
            return Judge(
                catalogue.policy, targets: catalogue.targets, city: try ConfigurationFolder(order.config).city(),
                rules: rules)
        }
    }

    private func load(_ config: String) throws -> PolicyCatalogue {
        let folder = ConfigurationFolder(config)
        let catalogue = try folder.policy(rules.policy, in: try folder.city())
        if let violation = catalogue.policy.violation ?? rules.violation(of: catalogue.policy) {
            throw Violation(
                rule: violation.rule, message: "\(config)/policies/\(rules.policy).yaml: \(violation.message)")
        }
        return catalogue
    }

    private func check(_ arguments: [String]) -> Int32 {
        do {
            let catalogue = try load(option("--config", arguments) ?? "Config")
            print(
                "\(rules.policy): \(catalogue.policy.goals.count) goals, \(catalogue.policy.followUps.count) follow-ups, \(catalogue.entries.count) initiatives, no problem found"
            )
            return 0
        } catch {
            complain("\(error)")
            return 1
        }
    }
}

private func option(_ name: String, _ arguments: [String]) -> String? {
    guard let index = arguments.firstIndex(of: name), index + 1 < arguments.count else { return nil }
    return arguments[index + 1]
}

private func usage(_ arguments: [String], _ commands: String) -> Int32 {
    let name = (CommandLine.arguments[0] as NSString).lastPathComponent
    let text =
        "\(name): a plugin of Pejling \(pluginKitVersion). The broker starts it (`pejling up`). By hand: \(name) \(commands)"
    if arguments.first == "--help" || arguments.first == "-h" {
        print(text)
        return 0
    }
    complain("unknown command “\(arguments[0])”. \(text)")
    return 64
}
