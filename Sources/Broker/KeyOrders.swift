import Foundation
import Glibc
import Ledger
import PolicyModel
import Wire

/// An operator's word on keys, on its way from `pejling keys` to the ledger.
///
/// While a broker runs it is a file in `broker/orders`, a folder that only its owner may enter: `<id>.order` holds the enrolment to
/// be (no secret is in it); the broker claims it by renaming it to `<id>.taken`, looks twice a second at least, and answers with
/// `<id>.answer`, one line: empty when it is done, else why not. While none runs, the command writes the record itself, under the
/// broker's lock.
public struct KeyOrders: Sendable {
    /// How long a running broker is waited for. It looks twice a second.
    public static let patience: Duration = .seconds(10)
    private static let longest = 16 * 1024

    let folder: String

    public init(_ data: DataFolder) { folder = data.broker + "/orders" }

    // MARK: The broker's side

    /// An order that was claimed.
    struct Taken {
        let id: String
        /// Nil when it cannot be read.
        let word: Enrolment?
    }

    /// At the broker's start: what a run before left. An order that was claimed and not answered was carried out or not: the ledger
    /// says which.
    func tidy() throws {
        try makeFolder(folder)
        for name in names() where !name.hasSuffix(".order") { unlink("\(folder)/\(name)") }
    }

    /// Claims what is waiting, at most 32 at once.
    func take() -> [Taken] {
        names().filter { $0.hasSuffix(".order") }.prefix(32).compactMap { name in
            let id = String(name.dropLast(".order".count))
            let path = "\(folder)/\(id).taken"
            // Gone: whoever gave it has taken it back.
            guard rename("\(folder)/\(name)", path) == 0 else { return nil }
            var status = stat()
            guard stat(path, &status) == 0, status.st_size <= Self.longest,
                let bytes = FileManager.default.contents(atPath: path)
            else { return Taken(id: id, word: nil) }
            return Taken(id: id, word: try? JSONDecoder().decode(Enrolment.self, from: bytes))
        }
    }

    /// Says what came of it: nil when it is done.
    func answer(_ taken: Taken, _ problem: String?) {
        // On a full disk nobody can be told: the command then says that it has heard nothing.
        try? writeFile("\(folder)/\(taken.id).answer", Array((problem ?? "").utf8), mode: 0o600)
        unlink("\(folder)/\(taken.id).taken")
    }

    private func names() -> [String] { ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() }

    // MARK: The command's side

    /// Has the word carried out, by the broker that runs or here.
    ///
    /// - Throws: `BrokerError` when it cannot stand, or when the broker does not answer; `StoreError`.
    public static func give(_ word: Enrolment, in data: DataFolder) async throws {
        if FolderLock.holder(of: data.broker) == nil {
            do { return try carryOut(word, in: data) } catch let error as StoreError where error.code == .held {
                // One has just started.
            }
        }
        try await KeyOrders(data).send(word)
    }

    /// Writes the record, with no broker running.
    private static func carryOut(_ word: Enrolment, in data: DataFolder) throws {
        let lock = try FolderLock(data.broker, what: "broker")
        defer { withExtendedLifetime(lock) {} }
        try Broker.refuseLostLedger(data)
        let keys = try BrokerKeys(folder: data.broker)
        let ledger = try LedgerStore(folder: data.broker, synthetic: data.isSynthetic, key: keys.signing)
        let check = try ledger.verify(brokerKey: keys.signing.publicKey)
        if let fault = check.fault { throw BrokerError("\(fault). Nothing was changed") }
        var ring = KeyRing()
        for known in try ledger.keyHistory() { ring.take(known.enrolment) }
        if let objection = ring.objection(to: word, brokerKey: keys.curve.publicKey.z85) {
            throw BrokerError(objection)
        }
        guard !ring.holds(word) else { return }
        try ledger.commit(at: data.clock.now()) { try $0.own(word) }
    }

    private func send(_ word: Enrolment) async throws {
        let id = UUID().uuidString
        let (order, answer) = ("\(folder)/\(id).order", "\(folder)/\(id).answer")
        try makeFolder(folder)
        try writeFile(order, try encodeBody(word), mode: 0o600)
        var end = ContinuousClock.now + Self.patience
        var isClaimed = false
        while true {
            if let bytes = FileManager.default.contents(atPath: answer) {
                unlink(answer)
                let problem = String(decoding: bytes, as: UTF8.self)
                guard problem.isEmpty else { throw BrokerError(problem) }
                return
            }
            if ContinuousClock.now > end {
                if isClaimed {
                    throw BrokerError(
                        "the broker took the order and has not answered: look with `pejling keys list` whether it is done"
                    )
                }
                guard unlink(order) != 0 else {
                    throw BrokerError(
                        "the broker did not take the order within \(Self.patience.components.seconds) s, and nothing is changed. Is it running (`pejling plugin list`), and is its disk full?"
                    )
                }
                isClaimed = true
                end = ContinuousClock.now + Self.patience
            }
            try await Task.sleep(for: .milliseconds(50))
        }
    }
}
