import Foundation
import Ledger
public import PolicyModel
public import Wire

/// Why an order cannot be given, with the way out.
public struct RedactionRefused: Error, Hashable, Sendable, CustomStringConvertible {
    public let description: String
    init(_ text: String) { description = text }
}

/// What an order needs before it is given, wherever that is: at a node for its own records, at the coordinator for anybody's.
public enum Redacting {
    /// The order on `line`.
    ///
    /// - Parameters:
    ///   - later: The records of the same publisher and kind that came after it, in order.
    ///   - reason: Why, in words that do not repeat what goes: it stays.
    ///   - decision: Who decided, and where.
    /// - Throws: `RedactionRefused`.
    public static func order(
        on line: Line, later: [Line], reason: LocalizedText, decision: String
    ) throws -> Redaction {
        let name = line.name
        guard !line.isRedacted else { throw RedactionRefused("\(name) was redacted already; nothing is saved") }
        if let why = Redaction.reasonToKeep(line.kind) {
            throw RedactionRefused("\(name) is a \(line.kind), which is not redacted: \(why)")
        }
        if Redaction.rule(for: line.kind) == .replaced, !later.contains(where: { replaces(line, $0) }) {
            throw RedactionRefused(
                "\(name) is \(line.kind) \(line.envelope.id), from which other things are reckoned: say it anew first, without what must go, then redact \(name)"
            )
        }
        let remains = Redaction.Remains(of: line)
        guard Redaction.rule(for: line.kind) != .remaining || remains != nil else {
            throw RedactionRefused(
                "\(name) is a \(line.kind) that this program cannot read, and others are reckoned from it: install the newer Pejling that wrote it"
            )
        }
        let order = Redaction(
            record: name, redacted: line.kind, id: line.envelope.id, policy: line.envelope.policy,
            bodyHash: line.envelope.bodyHash.hex, reason: reason, decision: decision, remains: remains)
        if let violation = order.violation { throw RedactionRefused(violation.description) }
        if let word = repeated(in: [reason.da, reason.en ?? "", decision], of: line) {
            throw RedactionRefused(
                "reason or decision repeats “\(word)”, which stands in what is to go, and they stay for good: say it in other words"
            )
        }
        return order
    }

    /// Whether a later record says the same as `line`, so that nothing reckoned from it is lost.
    static func replaces(_ line: Line, _ other: Line) -> Bool {
        guard other.kind == line.kind, other.envelope.publisher == line.envelope.publisher, !other.isRedacted else {
            return false
        }
        return other.envelope.id == line.envelope.id
    }

    /// A name or number of `texts` that stands in the body too.
    static func repeated(in texts: [String], of line: Line) -> String? {
        func words(_ text: String) -> [Substring] {
            text.split { !$0.isLetter && !$0.isNumber }.filter { word in
                word.count >= 4 && (word.first?.isUppercase == true || word.allSatisfy(\.isNumber))
            }
        }
        let gone = Set(leaves(of: line).flatMap { words($0.text) })
        return texts.flatMap(words).first { word in
            gone.contains { word.hasPrefix($0) || $0.hasPrefix(word) }
        }.map(String.init)
    }

    /// The texts of a body with where they stand, without those that the envelope says anyway.
    static func leaves(of line: Line) -> [(path: String, text: String)] {
        guard let object = try? JSONSerialization.jsonObject(with: Data(line.body)) else { return [] }
        var found: [(path: String, text: String)] = []
        func walk(_ value: Any, _ path: String) {
            if let object = value as? [String: Any] {
                for key in object.keys.sorted() {
                    walk(object[key] as Any, path.isEmpty ? key : "\(path).\(key)")
                }
            } else if let list = value as? [Any] {
                for item in list { walk(item, path) }
            } else if let text = value as? String, !line.envelope.id.contains(text), text != line.envelope.policy {
                found.append((path, text))
            }
        }
        walk(object, "")
        return found
    }

    /// The first words of what goes, one line for each text: for a person who must see that it is the right record.
    public static func firstWords(of line: Line) -> [String] {
        leaves(of: line).prefix(12).map { path, text in
            "\(path): \(beginning(of: text))"
        }
    }

    /// How a text begins, for a line of the terminal.
    static func beginning(of text: String) -> String {
        "\(text.prefix(60).filter { $0 >= " " })\(text.count > 60 ? "…" : "")"
    }

    /// Whether `text` names this record: its hash, or publisher, log (or how it begins, with or without “…”; or nothing) and seq.
    public static func names(_ text: String, _ name: RecordName, hash: Hash) -> Bool {
        if text == hash.hex { return true }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, parts[0] == name.publisher,
            Int64(parts[parts.count - 1]) == name.seq
        else { return false }
        guard parts.count == 3 else { return true }
        let log = parts[1].hasSuffix("…") ? parts[1].dropLast() : parts[1]
        return !log.isEmpty && name.log.hasPrefix(log)
    }
}

/// An order for a node: one JSON line on the standard input of `<node> redact`.
public struct RedactionLine: Codable, Sendable {
    /// The record, as `Redacting.names` takes it.
    public var record: String
    public var reason: LocalizedText
    public var decision: String
    /// The officer's pseudonym.
    public var person: String?
    /// Whether its other versions that hold some of its words go too, all or nothing; absent is no.
    public var allVersions: Bool?

    enum CodingKeys: String, CodingKey {
        case record, reason, decision, person
        case allVersions = "all_versions"
    }

    public init(
        record: String, reason: LocalizedText, decision: String, person: String? = nil, allVersions: Bool = false
    ) {
        self.record = record
        self.reason = reason
        self.decision = decision
        self.person = person
        self.allVersions = allVersions ? true : nil
    }
}

/// What came of it: one JSON line on standard output.
public struct RedactionResult: Codable, Sendable {
    /// What loses its body.
    public var record: RecordName
    public var kind: String
    public var id: String
    /// SHA-256 of its body.
    public var bodyHash: String
    /// First words of what goes; only with `--dry-run`, and nil once it is gone.
    public var words: [String]?
    /// The record that gives the order; nil when it was only checked.
    public var order: String?
    /// Other records of the node that hold some of the same words.
    public var also: [RedactionEcho]

    enum CodingKeys: String, CodingKey {
        case record, kind, id, words, order, also
        case bodyHash = "body_sha256"
    }
}

extension PublisherLog {
    /// Checks an order on a record of this log and, unless `dryRun`, gives it: its body is gone when this returns, and those of the
    /// other versions that go with it.
    ///
    /// - Parameter copy: The publisher's own copy of what it follows, which may hold the record too.
    func redact(
        _ line: RedactionLine, by author: Author, at now: Date, copy: Replica?, dryRun: Bool
    ) throws -> RedactionResult {
        func make(_ log: PublisherLog.Snapshot) throws -> (plan: RedactionPlan, orders: [Redaction]) {
            let parts = line.record.split(separator: "/")
            let found =
                try Hash(hex: line.record).map { try log.line(withHash: $0) }
                ?? parts.last.flatMap { Int64($0) }.flatMap { try log.line($0) }
            guard let found, Redacting.names(line.record, found.name, hash: found.hash) else {
                throw RedactionRefused(
                    "\(publisher) has no record “\(line.record)” in its log; a record is publisher/log/seq, or its hash, as `pejling show` prints them. What another said is redacted by it, or with --as"
                )
            }
            let plan = RedactionPlan(found, among: try log.lines(after: 0), allVersions: line.allVersions ?? false)
            let orders = try plan.lines.map {
                try Redacting.order(
                    on: $0, later: plan.later(than: $0), reason: line.reason, decision: line.decision)
            }
            return (plan, orders)
        }
        func result(_ plan: RedactionPlan, order: String?) -> RedactionResult {
            let line = plan.lines[0]
            return RedactionResult(
                record: line.name, kind: line.envelope.kind, id: line.envelope.id,
                bodyHash: line.envelope.bodyHash.hex, words: order == nil ? Redacting.firstWords(of: line) : nil,
                order: order,
                also: plan.echoes.map { echo in
                    var echo = echo
                    if order != nil { echo.words = nil }
                    return echo
                })
        }
        if dryRun { return result(try look { try make($0) }.plan, order: nil) }
        var taken: RedactionPlan?
        let saved = try append(at: now) { snapshot in
            let (plan, orders) = try make(snapshot)
            taken = plan
            return try orders.map { try PublisherLog.Draft($0, by: author) }
        }
        guard let taken, let order = saved.first else { throw RedactionRefused("nothing was ordered") }
        for line in taken.lines { try copy?.dropBody(of: line.envelope) }
        _ = try scrub(patience: 5)
        _ = try copy?.scrub(patience: 5)
        return result(taken, order: order.name.description)
    }
}
