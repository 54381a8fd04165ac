import Foundation
import Glibc
import Ledger

/// What an operator asks of a broker's ledger. A running broker finds it as a file in its own folder (0700), carries it out on
/// its one thread, and answers with another; while none runs, the command does the same to the ledger by itself.
public struct OperatorOrder: Codable, Sendable, Hashable {
    /// From now on this publisher goes on with this log.
    public struct Admission: Codable, Sendable, Hashable {
        public var publisher: String
        public var log: String

        public init(publisher: String, log: String) {
            self.publisher = publisher
            self.log = log
        }
    }
    public var admission: Admission?
    /// Take in the lines of the file at this absolute path.
    public var handOver: String?

    public init(admission: Admission) { self.admission = admission }
    public init(handOver: String) { self.handOver = handOver }
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

/// The files through which orders reach a running broker: `broker/ledger-orders/<id>.json`, answered by `<id>.answer`.
public struct OperatorOrders: Sendable {
    let folder: String

    public init(_ data: DataFolder) { folder = data.broker + "/ledger-orders" }

    // MARK: The command's side

    /// Gives an order to the broker that runs on this folder, and waits for its last word.
    ///
    /// - Parameters:
    ///   - patience: how long no word may come at all.
    ///   - progress: called with each new word while it goes on.
    /// - Throws: `BrokerError` when no word came.
    public func give(
        _ order: OperatorOrder, patience: Duration = .seconds(30), progress: (String) -> Void = { _ in }
    ) throws -> OperatorAnswer {
        try makeFolder(folder)
        let id = UUID().uuidString
        let (question, answer) = ("\(folder)/\(id).json", "\(folder)/\(id).answer")
        defer {
            unlink(question)
            unlink(answer)
        }
        try writeFile(question, [UInt8](try JSONEncoder().encode(order)), mode: 0o600)
        var last = OperatorAnswer(.working, "")
        var end = ContinuousClock.now + patience
        while ContinuousClock.now < end {
            poll(nil, 0, 20)
            guard let bytes = FileManager.default.contents(atPath: answer),
                let said = try? JSONDecoder().decode(OperatorAnswer.self, from: bytes), said != last
            else { continue }
            guard said.state == .working else { return said }
            last = said
            end = .now + patience
            progress(said.text)
        }
        throw BrokerError(
            "the broker gave no answer within \(patience.components.seconds) s\(last.text.isEmpty ? "" : " (its last word: \(last.text))"). Is it running? See `pejling plugin list`"
        )
    }

    // MARK: The broker's side

    /// Bytes of an order: a path and some names.
    private static let longest = 16 * 1024

    /// Orders that wait, oldest name first; files that are none are removed.
    func waiting() -> [(id: String, order: OperatorOrder)] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
        return names.filter { $0.hasSuffix(".json") }.sorted().compactMap { name in
            let path = "\(folder)/\(name)"
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            guard status.st_size <= Self.longest, let bytes = FileManager.default.contents(atPath: path),
                let order = try? JSONDecoder().decode(OperatorOrder.self, from: bytes)
            else {
                unlink(path)
                return nil
            }
            return (String(name.dropLast(5)), order)
        }
    }

    func answer(_ id: String, _ answer: OperatorAnswer) {
        if answer.state != .working { unlink("\(folder)/\(id).json") }
        // On a full disk nobody is told; whoever asked says so after its patience.
        guard let bytes = try? JSONEncoder().encode(answer) else { return }
        try? writeFile("\(folder)/\(id).answer", [UInt8](bytes), mode: 0o600)
    }
}
