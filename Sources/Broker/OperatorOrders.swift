import Foundation
import Glibc
import Ledger
import PolicyModel
import Wire

/// What an operator asks of a broker. While none runs, the command does the same to the ledger by itself.
public enum OperatorOrder: Codable, Sendable, Hashable {
    /// From now on this publisher goes on with this log.
    public struct Admission: Codable, Sendable, Hashable {
        public var publisher: String
        public var log: String
        /// The operator says that the log is right, though nobody has come with it yet.
        public var isUnseen: Bool

        public init(publisher: String, log: String, isUnseen: Bool = false) {
            self.publisher = publisher
            self.log = log
            self.isUnseen = isUnseen
        }

        /// Why the word cannot stand, with what could; nil when it can. One wrong digit, and a publisher that is well has to wait.
        ///
        /// - Parameters:
        ///   - known: the logs that the ledger has of the publisher, the one that goes on first.
        ///   - waiting: those that ask for such a word, by publisher.
        func objection(known: [String], waiting: [String: String]) -> String? {
            guard log.utf8.count == 32, hexBytes(log) != nil else {
                return "“\(log)” is no log: give the 32 hexadecimal digits that `pejling plugin list` shows"
            }
            let log = log.lowercased()
            guard !known.isEmpty, !isUnseen, !known.contains(log), waiting[publisher] != log else { return nil }
            let asking = waiting.sorted { $0.key < $1.key }.map { "\($0.key) with \($0.value)" }
            return
                "\(publisher) has not come with log \(log), and the ledger does not know it: is each digit right? Waiting: \(asking.isEmpty ? "nobody" : asking.joined(separator: ", ")). The ledger has of \(publisher): \(known.joined(separator: ", ")). Nothing was changed. For a log made elsewhere that has not been connected yet add --yes"
        }
    }
    case admit(Admission)
    /// Take in the lines that came with the order, from a file that the operator calls so.
    case handOver(file: String)
    /// Enrol these keys, or revoke them.
    case keys(Enrolment)
    /// Start this plugin now, though it waits, is quarantined or has failed.
    case retry(plugin: String)
    /// No order: another broker was started on this folder at this `uptime`, and refused. Nobody waits for an answer.
    case refusedStart(pid: Int32, seconds: Int64)
}

/// Brokers that were started on a folder whose broker runs.
struct RefusedStarts {
    /// So many within an hour are no slip: something starts them.
    static let often = 3

    var count = 0
    var pid: Int32 = 0
    var tally = Tally()

    func shown(from origin: Int64) -> BrokerState.RefusedStarts? {
        tally.shown(from: origin).map { BrokerState.RefusedStarts(count: count, pid: pid, lately: $0) }
    }
}

/// What came of an order.
public struct OperatorAnswer: Codable, Sendable, Hashable {
    public enum State: String, Codable, Sendable {
        /// It goes on; `text` says how far it is.
        case working
        case done
        /// Nothing of it was done, or no more than `text` says.
        case refused
    }
    public var state: State
    public var text: String

    public init(_ state: State, _ text: String) {
        self.state = state
        self.text = text
    }
}

/// The files through which orders reach a running broker, in `broker/orders`, a folder that only its owner may enter (0700): the
/// command writes `<id>.order`; the broker claims it by renaming it to `<id>.taken`, looks at least twice a second, carries it out on its
/// one thread, and answers with `<id>.answer`. No secret is in them. Lines that are handed over lie beside it as `<id>.lines`: a file
/// that the operator sees may be none that the broker's process may open.
///
/// An order that is not claimed can be taken back, so that the command can say that nothing was changed.
public struct OperatorOrders: Sendable {
    /// How long an order may wait to be claimed, and how long no word may come of one that was.
    public static let patience: (claim: Duration, word: Duration) = (.seconds(10), .seconds(30))
    /// Bytes of an order: a name, or keys and names.
    private static let longest = 16 * 1024

    let folder: String

    public init(_ data: DataFolder) { folder = data.broker + "/orders" }

    // MARK: The command's side

    /// Gives an order to the broker that runs on this folder, and waits for its last word.
    ///
    /// - Parameters:
    ///   - path: the file whose content goes with it.
    ///   - progress: called with each new word while it goes on.
    /// - Returns: what is said of what was done.
    /// - Throws: `BrokerError` when it was refused, or when no word came; `StoreError` when the file cannot be read, or handed over.
    @discardableResult
    public func give(
        _ order: OperatorOrder, handing path: String? = nil, progress: (String) -> Void = { _ in }
    ) async throws -> String {
        try makeFolder(folder)
        let id = UUID().uuidString
        let (question, answer) = ("\(folder)/\(id).order", "\(folder)/\(id).answer")
        defer { unlink(answer) }
        let lines = try path.map { try HandedFile($0, at: self.lines(id), in: folder) }
        defer { withExtendedLifetime(lines) {} }
        try writeFile(question, [UInt8](try JSONEncoder().encode(order)), mode: 0o600, isOwners: true)
        var last = OperatorAnswer(.working, "")
        var end = ContinuousClock.now + Self.patience.claim
        var isClaimed = false
        while true {
            if let bytes = FileManager.default.contents(atPath: answer),
                let said = try? JSONDecoder().decode(OperatorAnswer.self, from: bytes), said != last
            {
                switch said.state {
                case .done: return said.text
                case .refused: throw BrokerError(said.text)
                case .working:
                    (last, isClaimed, end) = (said, true, .now + Self.patience.word)
                    progress(said.text)
                }
            }
            if ContinuousClock.now > end {
                guard !isClaimed else {
                    throw BrokerError(
                        "the broker took the order and said nothing for \(Self.patience.word.components.seconds) s\(last.text.isEmpty ? "" : " (its last word: \(last.text))"): look with `pejling keys list` and `pejling plugin list` whether it is done"
                    )
                }
                guard unlink(question) != 0 else {
                    throw BrokerError(
                        "the broker did not take the order within \(Self.patience.claim.components.seconds) s, and nothing is changed. Is it running (`pejling plugin list`), and is its disk full?"
                    )
                }
                (isClaimed, end) = (true, .now + Self.patience.word)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Says something that asks for no answer; what was said so before and not heard yet is dropped. The folder is the broker's to make.
    func leave(_ word: OperatorOrder) throws {
        try writeFile("\(folder)/word.order", [UInt8](try JSONEncoder().encode(word)), mode: 0o600, isOwners: true)
    }

    // MARK: The broker's side

    /// An order that was claimed.
    struct Taken {
        let id: String
        /// Nil when it cannot be read.
        let order: OperatorOrder?
    }

    /// At the broker's start: what a run before left. An order that was claimed and not answered was carried out or not: the ledger
    /// says which.
    func tidy() throws {
        try makeFolder(folder)
        let all = names()
        for name in all where !name.hasSuffix(".order") {
            // What goes with an order that still waits.
            if name.hasSuffix(".lines"), all.contains(name.dropLast("lines".count) + "order") { continue }
            unlink("\(folder)/\(name)")
        }
    }

    /// Where the lines lie that came with an order.
    func lines(_ id: String) -> String { "\(folder)/\(id).lines" }

    /// Claims what is waiting, at most 32 at once.
    func take() -> [Taken] {
        let all = names()
        for name in all where name.hasSuffix(".lines") {
            // Of a command that was killed before it gave the order: nobody holds it.
            let id = name.dropLast(".lines".count)
            if !all.contains(id + ".order"), !all.contains(id + ".taken") { HandedFile.removeIfLeft(lines(String(id))) }
        }
        return all.filter { $0.hasSuffix(".order") }.prefix(32).compactMap { name in
            let id = String(name.dropLast(".order".count))
            let path = "\(folder)/\(id).taken"
            // Gone: whoever gave it has taken it back.
            guard rename("\(folder)/\(name)", path) == 0 else { return nil }
            return Taken(id: id, order: read(path))
        }
    }

    private func read(_ path: String) -> OperatorOrder? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: Self.longest + 1)
        var count = 0
        while count < bytes.count {
            let more = bytes[count...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
            if more < 0, errno == EINTR { continue }
            if more <= 0 { break }
            count += more
        }
        guard count <= Self.longest else { return nil }
        return try? JSONDecoder().decode(OperatorOrder.self, from: Data(bytes[..<count]))
    }

    /// Nobody waits for an answer.
    func done(_ id: String) { unlink("\(folder)/\(id).taken") }

    func answer(_ id: String, _ answer: OperatorAnswer) {
        // On a full disk nobody can be told: the command then says that it has heard nothing.
        if let bytes = try? JSONEncoder().encode(answer) {
            try? writeFile("\(folder)/\(id).answer", [UInt8](bytes), mode: 0o600)
        }
        if answer.state != .working { unlink("\(folder)/\(id).taken") }
    }

    private func names() -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }
}
