import Foundation
import PolicyModel
import Synchronization
import Wire

/// What can be said of a message by itself. Pure, so it is said on any thread: the loop holds it against what it knows.
struct ReadMessage: Sendable {
    let header: Result<Header, Fault>
    /// Without lines where it is no `publish`, or one without a count.
    let batch: ReadBatch

    /// - Parameter sender: whose session it came in; nil where there is none yet.
    init(header bytes: [UInt8], body: [UInt8], from sender: Ingest.Sender?, city: City) {
        header = Result { () throws(Fault) in try Header.parse(bytes) }
        if case .success(let header) = header, header.type == .publish {
            batch = ReadBatch(body, header, from: sender, city: city)
        } else {
            batch = .none
        }
    }

    init(_ header: Header, _ batch: ReadBatch) { (self.header, self.batch) = (.success(header), batch) }
}

/// The lines of a `publish`, what their contents break, and whether it is signed. Whether they fit their chain is said in the loop.
struct ReadBatch: Sendable {
    static let none = ReadBatch()

    let lines: Result<[Line], Fault>
    private let sender: Ingest.Sender?
    /// By place in `lines`, said by `sender`.
    private let violations: [Int: Violation]
    /// What `sender` has signed, and how.
    private let signed: (statement: BatchStatement, signature: String)?

    private init() { (lines, sender, violations, signed) = (.success([]), nil, [:], nil) }

    init(_ body: [UInt8], _ header: Header, from sender: Ingest.Sender?, city: City) {
        guard let count = header.count else {
            self = .none
            return
        }
        let lines = Result { () throws(Fault) in try Batch.lines(of: body, count: count) }
        (self.lines, self.sender) = (lines, sender)
        guard let sender, case .success(let lines) = lines else {
            (violations, signed) = ([:], nil)
            return
        }
        violations = Self.violations(in: lines[...], by: sender, city: city)
        signed = header.signature.flatMap { signature in
            guard let log = header.log, let seq = header.seq, let hash = header.hash else { return nil }
            let statement = BatchStatement(publisher: sender.publisher, log: log, seq: seq, hash: hash)
            return sender.signKey.isValid(signature, for: statement) ? (statement, signature) : nil
        }
    }

    /// What the contents of the lines from place `first` on break, by place behind `first`.
    func violations(from first: Int, by sender: Ingest.Sender, city: City) -> [Int: Violation] {
        guard case .success(let lines) = lines else { return [:] }
        // It may have been read before its session was there.
        guard sender == self.sender else { return Self.violations(in: lines[first...], by: sender, city: city) }
        return violations.reduce(into: [:]) { rest, entry in
            if entry.key >= first { rest[entry.key - first] = entry.value }
        }
    }

    private static func violations(in lines: ArraySlice<Line>, by sender: Ingest.Sender, city: City) -> [Int: Violation]
    {
        var found: [Int: Violation] = [:]
        for (index, line) in lines.enumerated() { found[index] = Ingest.contentViolation(line, sender, city) }
        return found
    }

    /// Whether `key` has signed `statement` so.
    func isSigned(_ statement: BatchStatement, _ signature: String, by key: VerifyingKey) -> Bool {
        if let signed, signed.statement == statement, signed.signature == signature, sender?.signKey == key {
            return true
        }
        return key.isValid(signature, for: statement)
    }
}

/// A message that another thread reads while the loop does something else: or the loop itself, when it comes to it first.
final class ReadAhead: Sendable {
    /// From here on it is worth another thread; where there is a session: a stranger gets none.
    private static let longBody = 16 << 10

    private enum State: Sendable {
        case waiting(@Sendable () -> ReadMessage)
        case underWay
        case done(ReadMessage)
    }
    private let state: Mutex<State>
    private let isDone = DispatchSemaphore(value: 0)

    init(header: [UInt8], body: [UInt8], from sender: Ingest.Sender?, city: City) {
        state = Mutex(.waiting { ReadMessage(header: header, body: body, from: sender, city: city) })
        guard sender != nil, body.count >= Self.longBody else { return }
        DispatchQueue.global().async { [self] in
            guard let read = begin() else { return }
            let message = read()
            state.withLock { $0 = .done(message) }
            isDone.signal()
        }
    }

    /// What is to be done, for whoever asks first; nil for all others.
    private func begin() -> (@Sendable () -> ReadMessage)? {
        state.withLock { state in
            guard case .waiting(let read) = state else { return nil }
            state = .underWay
            return read
        }
    }

    /// Call it once.
    func wait() -> ReadMessage {
        if let read = begin() { return read() }
        isDone.wait()
        return state.withLock { state in
            guard case .done(let message) = state else { preconditionFailure("a message was waited for twice") }
            state = .underWay
            return message
        }
    }
}
