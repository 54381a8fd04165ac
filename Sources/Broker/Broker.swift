import Catalogue
import Foundation
import Glibc
import Ledger
import LogLines
import Logging
import PolicyModel
import Wire
import ZeroMQ

/// The broker of one data folder: ledger, ingest, feed and plugin host.
public final class Broker: Sendable {
    public struct Options: Sendable {
        public var data: DataFolder
        /// The configuration folder.
        public var config: String
        /// TCP endpoints to listen on besides the local socket.
        public var listen: [String]
        public var installations: [Installation]
        /// Manifests that could not be used: shown beside the plugins.
        public var broken: [ManifestError]
        /// From one reading of the whole ledger in the background to the next.
        public var verifyInterval: Duration
        /// Called on the loop's own thread while it turns, once a second: who does not hear it for long may take it that the broker
        /// hangs. It must not wait.
        public var pulse: @Sendable () -> Void
        /// Called while it starts, each time that it came on with reading its ledger. It must not wait.
        public var starting: @Sendable () -> Void

        public init(
            data: DataFolder, config: String, listen: [String] = [], installations: [Installation] = [],
            broken: [ManifestError] = [], verifyInterval: Duration = .seconds(24 * 3600),
            pulse: @escaping @Sendable () -> Void = {}, starting: @escaping @Sendable () -> Void = {}
        ) {
            self.data = data
            self.config = config
            self.listen = listen
            self.installations = installations
            self.broken = broken
            self.verifyInterval = verifyInterval
            self.pulse = pulse
            self.starting = starting
        }
    }

    private let loop: BrokerLoop
    private let host: PluginHost
    private let lock: FolderLock
    private let options: Options
    private let base: BrokerState
    private let writer: StateWriter
    private let begun: Date

    /// Starts it: locks the folder, verifies the ledger, binds, starts the plugins.
    ///
    /// - Throws: `StoreError`, `CatalogueError`, `ZeroMQError` or `BrokerError`, each naming the thing and the way out.
    public static func start(_ options: Options, log: Logger) async throws -> Broker {
        guard curveIsAvailable() else {
            throw BrokerError("this libzmq has no CURVE: install Debian's libzmq5, built with libsodium")
        }
        raiseDescriptorLimit()
        // A plugin that ends before it has read its start order breaks one.
        surviveFailedWrites()
        let city = try ConfigurationFolder(options.config).city()
        let lock = try hold(options.data)
        let before = BrokerState.read(options.data)?.state
        do { return try await start(options, city, lock, after: before, log: log) } catch {
            // For who looks at a broker that is not there. Nothing else of what the last one said is touched.
            if var state = before {
                state.startFailure = "\(error)"
                try? state.write(options.data)
            }
            throw error
        }
    }

    /// - Parameter before: how the broker stood that ran here last.
    private static func start(
        _ options: Options, _ city: City, _ lock: FolderLock, after before: BrokerState?, log: Logger
    ) async throws -> Broker {
        try LedgerDoor.refuseLost(options.data)
        let keys = try BrokerKeys(folder: options.data.broker)
        let socket = try localEndpoint(options.data)
        let loop = try BrokerLoop()
        let data = options.data
        let signing = keys.signing
        try OperatorOrders(data).tidy()
        let endpoints = try await wrap {
            try await loop.start(
                { try LedgerDoor.open(data, key: signing, log: log, beat: options.starting) },
                endpoints: [socket] + options.listen,
                keys: keys.curve, city: city, data: data, verifyInterval: options.verifyInterval, pulse: options.pulse,
                log: log)
        }
        // What the ledger was verified with.
        trimMemory()
        try makeFolder(data.broker + "/log")
        let config = absolute(options.config)
        let brokerKey = keys.curve.publicKey.z85
        let host = PluginHost(
            options.installations, loop: loop, logFolder: data.broker + "/log",
            brokerFolder: URL(fileURLWithPath: data.broker).resolvingSymlinksInPath().path,
            log: log
        ) { installation, incarnation in
            let manifest = installation.manifest
            let name = city.forvaltninger.first { $0.code == manifest.publisher }?.key ?? manifest.publisher
            let folder =
                manifest.role == .coordinator ? data.coordinator : data.plugin(name, isNode: manifest.role == .node)
            return StartOrder(
                endpoint: socket, brokerKey: brokerKey, data: absolute(folder), config: config,
                incarnation: incarnation, synthetic: data.isSynthetic, clock: data.clock.path.map(absolute))
        }
        let begun = Date()
        var base = BrokerState(
            pid: getpid(), started: Timestamp.seconds(begun), endpoints: endpoints, key: brokerKey,
            signKey: keys.signing.publicKey.hex, synthetic: data.isSynthetic, position: 0, root: "", plugins: [],
            broken: options.broken.map(\.description), pendingKeys: [:])
        // Said on for an hour, whatever else happens to it in that hour.
        base.failureBefore =
            before?.failure.map { .init(text: $0, restarted: uptime()) } ?? before?.failureBefore
        let isUnsaid = before?.hasEnded == false && before?.failure == nil
        (base.hasEnded, base.startedAgain) = (false, isUnsaid ? uptime() : before?.startedAgain)
        let broker = Broker(loop: loop, host: host, lock: lock, options: options, base: base, begun: begun, log: log)
        await host.start()
        broker.writer.start { await broker.state() }
        return broker
    }

    private init(
        loop: BrokerLoop, host: PluginHost, lock: FolderLock, options: Options, base: BrokerState,
        begun: Date, log: Logger
    ) {
        self.loop = loop
        self.host = host
        self.lock = lock
        self.options = options
        self.base = base
        self.begun = begun
        writer = StateWriter(data: options.data, log: log)
    }

    public func state() async -> BrokerState {
        var state = base
        let snapshot = loop.snapshot
        state.position = snapshot.position
        state.root = snapshot.root
        state.received = snapshot.received.isEmpty ? nil : snapshot.received
        state.clockBehindSince = snapshot.clockBehindSince
        state.pendingKeys = snapshot.pending.mapValues(\.count)
        state.pending = snapshot.pending.values.sorted { $0.key < $1.key }
        state.waitingLogs = snapshot.waiting.sorted { $0.key < $1.key }.map { publisher, log in
            BrokerState.WaitingLog(
                publisher: publisher, log: log.log, seq: log.seq, isQuarantined: log.isQuarantined, rule: log.rule)
        }
        state.plugins = await host.plugins(snapshot)
        state.traffic = snapshot.traffic
        state.dropped = snapshot.dropped
        state.droppedLast = snapshot.droppedLast
        state.refusedStarts = snapshot.refusedStarts
        state.strays = snapshot.strays
        state.offences = snapshot.offences
        state.damage = snapshot.damage
        state.damageKept = snapshot.damageKept
        state.mended = snapshot.mended
        state.remade = snapshot.remade
        state.mendedUnread = snapshot.isMendedUnread
        state.checkpointed = snapshot.checkpointed.position
        state.checkpointedAt = snapshot.checkpointed.received.isEmpty ? nil : snapshot.checkpointed.received
        state.lastHeard = snapshot.heard.mapValues { heard in
            let step = BrokerState.lastHeardSeconds
            return Timestamp.seconds(begun + Double(heard.components.seconds / step * step))
        }
        state.readAgain = snapshot.readAgain
        state.failure = snapshot.failure
        state.lastTurn = snapshot.turned
        state.remote = remotes(snapshot, hosted: Set(state.plugins.map(\.publisher)))
        return state
    }

    /// Who speaks with a key of its own and is not started here.
    private func remotes(_ snapshot: BrokerLoop.Snapshot, hosted: Set<String>) -> [BrokerState.Plugin] {
        snapshot.keys.values.filter { $0.revoked == nil && !hosted.contains($0.publisher) }.map { enrolment in
            let publisher = enrolment.publisher
            var plugin = BrokerState.Plugin(
                name: publisher, publisher: publisher, role: enrolment.role.rawValue, condition: .away)
            let heard = snapshot.heard[publisher]
            if let session = snapshot.sessions[publisher], session.silence <= PluginHost.remoteSilenceLimit {
                plugin.condition = .running
                plugin.heard = session.state == "ready" && session.unsent == 0
                plugin.unsent = session.unsent
                plugin.cause = session.trouble
                plugin.position = session.stored
                plugin.stalledSince = session.stalledSince
            } else if let heard {
                plugin.condition = .stale
                plugin.cause = Timestamp.seconds(begun + Double(heard.components.seconds))
            }
            return plugin
        }.sorted { $0.publisher < $1.publisher }
    }

    /// Admits a key: from now on it speaks for its publisher, and the one before does not. Kept in the ledger.
    public func enrol(_ enrolment: Enrolment) { loop.post(.enrol(enrolment)) }

    /// Returns when it has stopped by itself, at most half a second later, or when the task is cancelled.
    public func waitForFailure() async {
        while failure == nil, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(500)) }
    }

    /// Why it stopped by itself (a commit that failed, a damaged ledger); nil while it runs.
    public var failure: String? { loop.snapshot.failure }

    /// Tells the broker that runs on a folder that another was to be started there, and was refused: its operator may not know of that one.
    public static func noteRefusedStart(on data: DataFolder) {
        // Where that cannot be left (no broker was ever here, a full disk), whoever was refused says it all the same.
        try? OperatorOrders(data).leave(.refusedStart(pid: getpid(), seconds: uptime()))
    }

    private static func hold(_ data: DataFolder) throws -> FolderLock {
        do { return try FolderLock(data.broker, what: "broker") } catch let error as StoreError
            where error.code == .held
        {
            noteRefusedStart(on: data)
            throw error
        }
    }

    /// Ends plugins, then sockets, then the ledger; returns when nothing of it is left.
    public func stop() async {
        await host.stop()
        // First the loop, which shows at its end where the ledger is: the next start holds the ledger to it.
        await loop.stop()
        var last = await state()
        last.hasEnded = true
        await writer.stop(final: last)
        // Not only when the last task that knows this broker has ended: under load that may be seconds later.
        lock.release()
    }

    /// Where plugins of this machine connect.
    static func localEndpoint(_ data: DataFolder) throws -> String {
        let path = absolute(data.broker + "/socket")
        guard path.utf8.count <= Socket.longestPath else {
            throw BrokerError(
                "the socket path \(path) is \(path.utf8.count) bytes, and the system takes at most \(Socket.longestPath): choose a shorter --data folder"
            )
        }
        var status = stat()
        if lstat(path, &status) == 0 {
            // libzmq removes whatever stands at the path, and steals a socket in use without a word.
            guard status.st_mode & S_IFMT == S_IFSOCK else {
                throw BrokerError("\(path) is in the way: it is no socket. Move it away, or name another --data folder")
            }
            guard !someoneListens(path) else {
                throw BrokerError(
                    "the socket \(path) is in use by another process. Stop it, or name another --data folder")
            }
        }
        return "ipc://" + path
    }

    private static func someoneListens(_ path: String) -> Bool {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }

    /// Says in words what libzmq says with an errno.
    private static func wrap<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let error as ZeroMQError {
            let endpoint = error.subject ?? ""
            if error.isAddressInUse {
                throw BrokerError(
                    "\(endpoint) is in use by another process. Stop it, or choose another address with --listen")
            }
            if error.call == "getifaddrs" {
                throw BrokerError(
                    "the broker cannot listen on \(endpoint): \(error), so the system does not tell its interfaces. Where sockets are restricted (systemd: RestrictAddressFamilies=), let it have AF_NETLINK too"
                )
            }
            if error.call == "zmq_bind" {
                throw BrokerError(
                    "the broker cannot listen on \(endpoint): \(error). Use --listen tcp://ADDRESS:PORT with an address of this machine"
                )
            }
            throw error
        }
    }

    /// At the descriptor limit later peers would hang silently, so the soft limit goes up to the hard one.
    private static func raiseDescriptorLimit() {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    }
}

/// The broker's own keys, made at its first start and kept in its folder (0600).
public struct BrokerKeys: Sendable {
    public let curve: CurveKeyPair
    public let signing: SigningKey

    public init(folder: String) throws {
        let curvePath = folder + "/curve.key"
        let signPath = folder + "/sign.key"
        let curve = CurveKeyPair(
            secret: String(
                decoding: try secretFile(curvePath) { Array(try CurveKeyPair.generate().secret.utf8) }, as: UTF8.self))
        guard let curve else { throw StoreError(.damaged, "\(curvePath) is no CURVE key. Restore it from a backup") }
        guard let signing = SigningKey(seed: try secretFile(signPath) { SigningKey().seed }) else {
            throw StoreError(.damaged, "\(signPath) is no Ed25519 key. Restore it from a backup")
        }
        self.curve = curve
        self.signing = signing
    }
}

/// Keeps the state file current: looks ten times a second (twice, when nothing has changed for 5 s), writes what is new.
private actor StateWriter {
    private let data: DataFolder
    private var last: BrokerState?
    private var task: Task<Void, Never>?
    private var isStopped = false
    private let log: Logger
    /// Why it could not be written when it was tried last.
    private var fault: String?

    init(data: DataFolder, log: Logger) { (self.data, self.log) = (data, log) }

    nonisolated func start(_ state: @escaping @Sendable () async -> BrokerState) {
        Task { await self.begin(state) }
    }

    private func begin(_ state: @escaping @Sendable () async -> BrokerState) {
        guard !isStopped else { return }
        task = Task {
            var quiet = 0
            while !isStopped {
                let current = await state()
                // The final state may have been written meanwhile: it is the last word.
                if isStopped { return }
                quiet = write(current) ? 0 : quiet + 1
                if quiet < 50 { try? await Task.sleep(for: .milliseconds(100)) } else { await Beat.halfSecond.next() }
            }
        }
    }

    func stop(final: BrokerState) {
        isStopped = true
        task?.cancel()
        _ = write(final)
    }

    /// Whether there was something new to write. That somebody was heard again, and that the loop turns, is written and is no news.
    private func write(_ state: BrokerState) -> Bool {
        var known = last
        if let turned = state.lastTurn, let before = known?.lastTurn, turned - before < Presence.beatSeconds {
            known?.lastTurn = turned
        }
        guard state != known else { return false }
        known?.lastHeard = state.lastHeard
        known?.lastTurn = state.lastTurn
        // A disk that fails must not stop the broker: the file is a view, written again at the next change.
        do {
            try state.write(data)
            (last, fault) = (state, nil)
        } catch {
            let text = "\(error)"
            if text != fault {
                log.warning(
                    "\(text). Until it can be, `pejling stat` cannot say how the broker stands; all else goes on",
                    metadata: .about(file: BrokerState.path(in: data)))
            }
            fault = text
        }
        return state != known
    }
}
