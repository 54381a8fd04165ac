import CZeroMQ
import Glibc

/// One libzmq socket. Not `Sendable`: sockets are not thread safe (zmq(7), Thread safety), so a socket is made, used and
/// closed on one thread.
public struct Socket: ~Copyable {
    public enum Kind: Sendable {
        case router, dealer, rep, pair

        var raw: CInt {
            switch self {
            case .router: ZMQ_ROUTER
            case .dealer: ZMQ_DEALER
            case .rep: ZMQ_REP
            case .pair: ZMQ_PAIR
            }
        }
    }

    let handle: UnsafeMutableRawPointer
    private let context: Context  // outlives the socket, or zmq_ctx_term(3) blocks

    /// LINGER is 0 from the start.
    public init(_ context: Context, kind: Kind) throws(ZeroMQError) {
        guard let handle = zmq_socket(context.raw, kind.raw) else { throw .last("zmq_socket") }
        var linger: CInt = 0
        guard zmq_setsockopt(handle, ZMQ_LINGER, &linger, MemoryLayout<CInt>.size) == 0 else {
            let error = ZeroMQError.last("zmq_setsockopt", "ZMQ_LINGER")
            zmq_close(handle)
            throw error
        }
        self.handle = handle
        self.context = context
    }

    deinit { zmq_close(handle) }  // exactly once, as zmq_close(3) asks

    // MARK: Options

    public borrowing func set(_ option: CInt, _ value: CInt, _ name: String) throws(ZeroMQError) {
        var value = value
        guard zmq_setsockopt(handle, option, &value, MemoryLayout<CInt>.size) == 0 else {
            throw .last("zmq_setsockopt", name)
        }
    }

    public borrowing func set(_ option: CInt, _ value: Int64, _ name: String) throws(ZeroMQError) {
        var value = value
        guard zmq_setsockopt(handle, option, &value, MemoryLayout<Int64>.size) == 0 else {
            throw .last("zmq_setsockopt", name)
        }
    }

    public borrowing func set(_ option: CInt, _ value: String, _ name: String) throws(ZeroMQError) {
        guard zmq_setsockopt(handle, option, value, value.utf8.count) == 0 else { throw .last("zmq_setsockopt", name) }
    }

    public borrowing func int(_ option: CInt, _ name: String) throws(ZeroMQError) -> CInt {
        var value: CInt = 0
        var size = MemoryLayout<CInt>.size
        guard zmq_getsockopt(handle, option, &value, &size) == 0 else { throw .last("zmq_getsockopt", name) }
        return value
    }

    /// After how long libzmq connects again, at first; drawn for each socket, and doubled up to 5 s.
    public static let reconnectMilliseconds: ClosedRange<CInt> = 100...1000

    /// What every socket of ours has: bounded queues (a message is a batch, at most 8 are in flight), heartbeats for dead
    /// peers, short handshakes, and a size a frame may not pass.
    public borrowing func setLimits(maxMessageBytes: Int64, local: Bool) throws(ZeroMQError) {
        try set(ZMQ_SNDHWM, 64 as CInt, "ZMQ_SNDHWM")
        try set(ZMQ_RCVHWM, 64 as CInt, "ZMQ_RCVHWM")
        try set(ZMQ_MAXMSGSIZE, maxMessageBytes, "ZMQ_MAXMSGSIZE")
        try set(ZMQ_HANDSHAKE_IVL, 3000 as CInt, "ZMQ_HANDSHAKE_IVL")
        // For peers that are gone without a word. On one machine there are none, the system closes what a process held; and who
        // hangs is found by the pings of the work loop, here and there.
        if !local {
            try set(ZMQ_HEARTBEAT_IVL, 5000 as CInt, "ZMQ_HEARTBEAT_IVL")
            try set(ZMQ_HEARTBEAT_TIMEOUT, 15000 as CInt, "ZMQ_HEARTBEAT_TIMEOUT")
        }
        // A thousand that lost the same broker do not knock at the same moments: libzmq adds chance of no more than this.
        try set(ZMQ_RECONNECT_IVL, CInt.random(in: Self.reconnectMilliseconds), "ZMQ_RECONNECT_IVL")
        try set(ZMQ_RECONNECT_IVL_MAX, 5000 as CInt, "ZMQ_RECONNECT_IVL_MAX")
        // A connect into a network that drops everything is given up and tried again: what heals is used within seconds.
        try set(ZMQ_CONNECT_TIMEOUT, 3000 as CInt, "ZMQ_CONNECT_TIMEOUT")
        try set(ZMQ_BACKLOG, 1024 as CInt, "ZMQ_BACKLOG")
    }

    /// The listening side: CURVE with `keys`, and no connection without a ZAP verdict.
    ///
    /// Option 93 is `ZMQ_ZAP_ENFORCE_DOMAIN`, by number because Debian's header has it only as a draft. Without it, and a
    /// bound ZAP handler, CURVE admits every key: so its setting is read back.
    public borrowing func serveCurve(_ keys: CurveKeyPair, domain: String) throws(ZeroMQError) {
        try set(ZMQ_CURVE_SERVER, 1 as CInt, "ZMQ_CURVE_SERVER")
        try set(ZMQ_CURVE_SECRETKEY, keys.secret, "ZMQ_CURVE_SECRETKEY")
        try set(ZMQ_ZAP_DOMAIN, domain, "ZMQ_ZAP_DOMAIN")
        try set(93, 1 as CInt, "ZMQ_ZAP_ENFORCE_DOMAIN")
        guard try int(93, "ZMQ_ZAP_ENFORCE_DOMAIN") == 1 else {
            throw ZeroMQError(call: "zmq_getsockopt", subject: "ZMQ_ZAP_ENFORCE_DOMAIN", errno: EINVAL)
        }
    }

    /// The connecting side: `keys` are its own, `server` the key it expects.
    public borrowing func useCurve(_ keys: CurveKeyPair, server: CurvePublicKey) throws(ZeroMQError) {
        try set(ZMQ_CURVE_SERVERKEY, server.z85, "ZMQ_CURVE_SERVERKEY")
        try set(ZMQ_CURVE_PUBLICKEY, keys.publicKey.z85, "ZMQ_CURVE_PUBLICKEY")
        try set(ZMQ_CURVE_SECRETKEY, keys.secret, "ZMQ_CURVE_SECRETKEY")
    }

    /// Whether this socket speaks CURVE and nothing else.
    public borrowing func isCurve() throws(ZeroMQError) -> Bool {
        try int(ZMQ_MECHANISM, "ZMQ_MECHANISM") == ZMQ_CURVE
    }

    /// A socket that says when a listener turns this one's key down (zmq_socket_monitor(3)); ask it with `refusal`. Call it before
    /// `connect`, and `endMonitor` before either is closed.
    public borrowing func monitorRefusals(_ context: Context, name: String) throws(ZeroMQError) -> Socket {
        try monitored(ZMQ_EVENT_HANDSHAKE_FAILED_AUTH, context, name: name)
    }

    /// The other end of a monitor of these events. `EISCONN` once this socket has an endpoint: a listener answers within a
    /// millisecond, what happened before there was a monitor is told to nobody, and libzmq does not try a key again that was refused.
    borrowing func monitored(_ events: CInt, _ context: Context, name: String) throws(ZeroMQError) -> Socket {
        let endpoint = "inproc://\(name)"
        guard try lastEndpoint().isEmpty else {
            throw ZeroMQError(call: "zmq_socket_monitor", subject: endpoint, errno: EISCONN)
        }
        guard zmq_socket_monitor(handle, endpoint, events) == 0 else { throw .last("zmq_socket_monitor", endpoint) }
        let monitor = try Socket(context, kind: .pair)
        // Without a bound: the other end is libzmq's own thread, and would wait for us with all connections.
        try monitor.set(ZMQ_RCVHWM, 0 as CInt, "ZMQ_RCVHWM")
        try monitor.connect(endpoint)
        return monitor
    }

    public borrowing func endMonitor() { zmq_socket_monitor(handle, nil, 0) }

    /// Of a monitor: the ZAP status with which the listener refused, 400 for good; nil when it has not.
    public borrowing func refusal() throws(ZeroMQError) -> Int? {
        while let message = try receive() {
            // Event and value, 16 and 32 bits in the machine's own order, then the endpoint.
            guard let event = message.frames.first, event.count == 6 else { continue }
            return Int(event.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 2, as: UInt32.self) })
        }
        return nil
    }

    // MARK: Endpoints

    /// Longest path of an `ipc://` endpoint in bytes: `sun_path` less its final zero (unix(7)).
    public static let longestPath = 107

    /// Binds, and retries for up to 100 ms while a socket just closed still holds the address (found: at most 0.5 ms).
    public borrowing func bind(_ endpoint: String) throws(ZeroMQError) {
        // libzmq takes a port modulo 65536: 99999 would listen on 34463 without a word.
        if endpoint.hasPrefix("tcp:"), let port = endpoint.split(separator: ":").last.flatMap({ Int($0) }), port > 65535
        {
            throw ZeroMQError(call: "zmq_bind", subject: endpoint, errno: EINVAL)
        }
        // libzmq 4.3.4 asks for the interfaces when it binds to tcp, and aborts the process when it is not told.
        if endpoint.hasPrefix("tcp:") {
            var interfaces: UnsafeMutablePointer<ifaddrs>?
            guard getifaddrs(&interfaces) == 0 else {
                throw ZeroMQError(call: "getifaddrs", subject: endpoint, errno: Glibc.errno)
            }
            freeifaddrs(interfaces)
        }
        for attempt in 0..<20 {
            if zmq_bind(handle, endpoint) == 0 { return }
            let error = ZeroMQError.last("zmq_bind", endpoint)
            guard error.isAddressInUse, attempt < 19 else { throw error }
            poll(nil, 0, 5)
        }
    }

    public borrowing func connect(_ endpoint: String) throws(ZeroMQError) {
        guard zmq_connect(handle, endpoint) == 0 else { throw .last("zmq_connect", endpoint) }
    }

    /// The endpoint last bound, with the port chosen where a wildcard was given.
    public borrowing func lastEndpoint() throws(ZeroMQError) -> String {
        var text = [CChar](repeating: 0, count: 512)
        var size = text.count
        guard zmq_getsockopt(handle, ZMQ_LAST_ENDPOINT, &text, &size) == 0 else {
            throw .last("zmq_getsockopt", "ZMQ_LAST_ENDPOINT")
        }
        return String(decoding: text.prefix(max(0, size - 1)).map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    // MARK: Messages

    public enum SendResult: Sendable { case sent, wouldBlock, unreachable }

    /// Sends a whole message without waiting. On `.wouldBlock` and `.unreachable` nothing of it was sent: both show at the
    /// first frame, and libzmq takes the rest of a message whose first frame it took.
    public borrowing func send(_ frames: [[UInt8]]) throws(ZeroMQError) -> SendResult {
        for (index, frame) in frames.enumerated() {
            let flags = ZMQ_DONTWAIT | (index < frames.count - 1 ? ZMQ_SNDMORE : 0)
            var sent: CInt
            repeat { sent = zmq_send(handle, frame, frame.count, flags) } while sent < 0 && zmq_errno() == EINTR
            if sent < 0 {
                let error = ZeroMQError.last("zmq_send")
                if error.errno == EAGAIN, index == 0 { return .wouldBlock }
                if error.errno == EHOSTUNREACH, index == 0 { return .unreachable }
                throw error
            }
        }
        return .sent
    }

    /// One whole message, or nil when none is waiting. Frames past `maxFrames` are read and dropped, and show as
    /// `isTruncated`.
    public borrowing func receive(maxFrames: Int = 8) throws(ZeroMQError) -> ReceivedMessage? {
        var message = ReceivedMessage()
        var more = true
        var first = true
        while more {
            let frame = try Frame()
            let size = try frame.receive(from: handle, wait: !first)
            guard let size else {
                if first { return nil }
                continue
            }
            first = false
            more = frame.hasMore
            guard message.frames.count < maxFrames else {
                message.isTruncated = true
                continue
            }
            message.frames.append(frame.bytes(size))
            // The first frame of a ROUTER message has no metadata after a poll: the last frame's is what counts.
            message.userID = frame.userID
            message.descriptor = frame.descriptor
        }
        return message
    }
}

/// A message as it came in.
public struct ReceivedMessage: Sendable {
    public var frames: [[UInt8]] = []
    /// The `User-Id` that ZAP gave the connection, taken from the last frame; nil or empty: not authenticated.
    public var userID: String?
    /// Of the connection it came on (`ConnectionEvent`), taken from the last frame; -1 when there is none.
    public var descriptor: CInt = -1
    public var isTruncated = false
}

/// A `zmq_msg_t`, which must not move between init and close: so it lives on the heap.
private final class Frame {
    private let message = UnsafeMutablePointer<zmq_msg_t>.allocate(capacity: 1)

    init() throws(ZeroMQError) {
        guard zmq_msg_init(message) == 0 else { throw .last("zmq_msg_init") }
    }

    deinit {
        zmq_msg_close(message)
        message.deallocate()
    }

    /// The size received; nil when nothing was waiting.
    func receive(from socket: UnsafeMutableRawPointer, wait: Bool) throws(ZeroMQError) -> Int? {
        // The rest of a message that has begun is there already: libzmq delivers messages whole.
        let size = zmq_msg_recv(message, socket, wait ? 0 : ZMQ_DONTWAIT)
        if size >= 0 { return Int(size) }
        let error = ZeroMQError.last("zmq_msg_recv")
        if error.errno == EAGAIN || error.errno == EINTR { return nil }
        throw error
    }

    var hasMore: Bool { zmq_msg_more(message) == 1 }

    func bytes(_ size: Int) -> [UInt8] {
        guard size > 0, let data = zmq_msg_data(message) else { return [] }
        return [UInt8](UnsafeRawBufferPointer(start: data, count: size))
    }

    var descriptor: CInt { zmq_msg_get(message, ZMQ_SRCFD) }

    var userID: String? { zmq_msg_gets(message, "User-Id").map { String(cString: $0) } }
}

/// `ZMQ_ROUTER_MANDATORY`: sending to a peer that is gone fails instead of being dropped. For modules without the C library.
public let ZMQ_ROUTER_MANDATORY_OPTION = ZMQ_ROUTER_MANDATORY
