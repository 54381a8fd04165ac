import Foundation
import Ledger
import LogLines
import Logging
import PolicyModel
import Wire
import ZeroMQ

/// One plugin as a process: its keys, its log, its durable copy of what it follows, its connection.
///
/// Used by nodes, policy plugins and the coordinator alike. It ends when it is asked to (SIGTERM, SIGINT), when its lifeline
/// ends, with exit code 78 and a sentence when a person must mend something, or, under a host, with 75 when its disk is full at its start, or fails.
public struct PluginProcess {
    public var publisher: String
    public var role: Role
    /// Name and version, for the broker's log.
    public var program: String
    /// What it follows.
    public var follows: FeedFilter
    /// What it has to say at its start, given the start order and its log; and warnings.
    public var opening: (StartOrder, PublisherLog.Snapshot) throws -> (drafts: [PublisherLog.Draft], warnings: [String])
    /// Makes what answers the lines that are delivered; nil for a plugin that only keeps them.
    public var digest: ((StartOrder) throws -> any FeedDigest)?

    public init(
        publisher: String, role: Role, program: String, follows: FeedFilter,
        opening:
            @escaping (StartOrder, PublisherLog.Snapshot) throws -> (drafts: [PublisherLog.Draft], warnings: [String]),
        digest: ((StartOrder) throws -> any FeedDigest)? = nil
    ) {
        self.publisher = publisher
        self.role = role
        self.program = program
        self.follows = follows
        self.opening = opening
        self.digest = digest
    }

    /// Runs under a host: the start order comes on standard input. Returns the exit code.
    public func runHosted() -> Int32 {
        do {
            let stop = try StopSignal()
            guard let line = readStandardInputLine(limit: 64 * 1024) else { return ExitCode.done }
            let order: StartOrder
            do { order = try JSONDecoder().decode(StartOrder.self, from: Data(line)) } catch {
                serviceLog().critical(
                    "the start order on standard input is not one: \(error). A plugin is started by the broker (`pejling up`)"
                )
                return ExitCode.configuration
            }
            return run(order, stop: stop, lifeline: 0)
        } catch {
            serviceLog().giveUp(error)
            return 1
        }
    }

    /// Runs with `order` until told to stop. Returns the exit code.
    public func run(_ order: StartOrder, stop: StopSignal, lifeline: CInt?) -> Int32 {
        var isAnnounced = lifeline == nil
        var (pause, attempt) = (1, 1)
        let said = serviceLog(broker: order.endpoint)
        // A hosted plugin's state is the host's to show.
        let shown = lifeline == nil ? LinkStateFile(folder: order.data, endpoint: order.endpoint, said: said) : nil
        while true {
            do {
                try session(order, said, stop: stop, lifeline: lifeline, shown: shown, isAnnounced: &isAnnounced)
                shown?.left(.ended, nil)
                return ExitCode.done
            } catch is Link.BeginAgain {
                continue
            } catch {
                let code = Self.exitCode(of: error)
                // Under a host it is started again; by itself it waits here, so that no service manager gives it up.
                guard code == ExitCode.storage, lifeline == nil else {
                    said.giveUp(error)
                    shown?.left(.ended, "\(error)")
                    return code
                }
                said.error("\(error). Tried again in \(pause) s", metadata: .about(attempt: attempt))
                attempt += 1
                shown?.left(.waiting, "\(error)")
                if Self.isStopped(stop, within: pause) {
                    shown?.left(.ended, nil)
                    return ExitCode.done
                }
                pause = min(pause * 2, 60)
            }
        }
    }

    private static func isStopped(_ stop: StopSignal, within seconds: Int) -> Bool {
        var poller = Poller()
        let index = poller.watch(stop)
        return (try? poller.wait(milliseconds: seconds * 1000).contains(index)) ?? true
    }

    /// Whether it may pass by itself.
    static func exitCode(of error: any Error) -> Int32 {
        switch error {
        case let error as StoreError:
            switch error.code {
            // A disk that is full or does not do what it is asked, a folder that another process holds or that is not there: it may
            // be better in a minute.
            case .full, .held, .failed, .missing: ExitCode.storage
            // What lies there must be looked at.
            case .damaged, .foreign, .newerVersion, .exposed: ExitCode.configuration
            }
        case is ZeroMQError: 1
        default: ExitCode.configuration
        }
    }

    private func session(
        _ order: StartOrder, _ said: Logger, stop: StopSignal, lifeline: CInt?, shown: LinkStateFile?,
        isAnnounced: inout Bool
    ) throws {
        guard order.synthetic || order.clock == nil else {
            throw Link.Failure(
                description:
                    "the start order gives real data a clock (\(order.clock ?? "")): real data goes by the system's clock only"
            )
        }
        let clock = RecordClock(path: order.clock)
        try makeFolder(order.data)
        let lock = try waitForLock(order.data)
        defer { withExtendedLifetime(lock) {} }
        let keys = try PluginKeys(folder: order.data)
        if !isAnnounced { try announce(keys) }
        isAnnounced = true
        let log = try PublisherLog(folder: order.data, publisher: publisher, synthetic: order.synthetic, create: true)
        var said = said
        said[metadataKey: "log"] = "\(log.log)"
        let digest = try digest?(order)
        let replica = try digest == nil ? Replica(folder: order.data, create: true) : Replica(in: log)
        try replica.hold(synthetic: order.synthetic)
        // One of the two may be ahead: a run ended in between, or one was restored from a backup. The coordinator's copy is of all
        // there is, and nobody else gives orders on its log.
        if role != .coordinator {
            try log.carryOut(ordersIn: try replica.orders())
            try replica.carryOut(ordersIn: try log.orders())
        }
        if let digest { try replica.forEach { try digest.take($0) } }
        // Before anything was followed there is nothing to answer: the first delivery comes soon.
        let answering = try replica.position() > 0 ? digest : nil
        let open = { [said] in
            var warnings: [String] = []
            _ = try log.append(at: clock.now()) { snapshot in
                let opening = try self.opening(order, snapshot)
                warnings = opening.warnings
                return try opening.drafts + (answering?.drafts(snapshot) ?? [])
            }
            for warning in warnings { said.warning("\(warning)") }
        }
        // A log that holds something may be a restored backup: it is completed from the ledger before anything is appended.
        let isNew = try log.head().seq == 0
        if isNew { try open() }
        let context = try Context()
        let link = try Link(
            context: context, order: order, keys: keys, program: program, said: said, log: log, replica: replica,
            follows: follows,
            digest: digest, keepsAtOnce: role == .coordinator, opening: isNew ? nil : open)
        // The link's socket is closed when `run` returns; only then may the context end.
        defer { context.terminate() }
        try link.run(stop: stop, lifeline: lifeline, shown: shown)
    }

    /// The process before this one may take up to 2 s to see that its broker is gone.
    private func waitForLock(_ folder: String) throws -> FolderLock {
        let deadline = ContinuousClock.now + .seconds(5)
        while true {
            do { return try FolderLock(folder, what: "process of \(publisher)") } catch let error as StoreError
                where error.code == .held && ContinuousClock.now < deadline
            {
                poll(nil, 0, 50)
            }
        }
    }

    private func announce(_ keys: PluginKeys) throws {
        let announcement = KeyAnnouncement(
            publisher: publisher, curveKey: keys.curve.publicKey.z85, signKey: keys.signing.publicKey.hex)
        try FileHandle.standardOutput.write(contentsOf: Data(try encodeBody(announcement) + [UInt8(ascii: "\n")]))
    }
}

/// One line from standard input, byte by byte so that nothing behind it is taken; nil at end of file.
func readStandardInputLine(limit: Int) -> [UInt8]? {
    var line: [UInt8] = []
    var byte: UInt8 = 0
    while line.count < limit {
        let count = read(0, &byte, 1)
        if count < 0, errno == EINTR { continue }
        if count <= 0 { return nil }
        if byte == UInt8(ascii: "\n") { return line }
        line.append(byte)
    }
    return nil
}

extension RecordBody {
    /// This body as a record to be.
    public func record(by author: Author) throws -> PublisherLog.Draft { try PublisherLog.Draft(self, by: author) }
}
