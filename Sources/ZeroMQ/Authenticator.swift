import CZeroMQ

/// Answers libzmq's question "may this key connect?" (ZAP, zeromq.org RFC 27).
///
/// Bound before anything listens, on the thread that owns the sockets. What it cannot parse it refuses. The `User-Id` of
/// an admitted connection is its public key in Z85: whoever reads a message asks again what that key may do.
public struct Authenticator: ~Copyable {
    public static let endpoint = "inproc://zeromq.zap.01"

    public enum Verdict: Sendable {
        case admit
        /// Status 300: the client tries again later, so a key enrolled meanwhile gets in without a restart.
        case unknown
        /// Status 400: final for that client's socket.
        case revoked
    }

    /// What was asked and answered.
    public struct Attempt: Sendable {
        public let key: CurvePublicKey?
        public let address: String
        public let verdict: Verdict
    }

    let socket: Socket
    private let domain: String

    public init(_ context: Context, domain: String) throws(ZeroMQError) {
        let socket = try Socket(context, kind: .rep)
        try socket.bind(Self.endpoint)
        self.socket = socket
        self.domain = domain
    }

    public borrowing func watch(in poller: inout Poller) -> Int { poller.watch(socket) }

    /// Answers all that is waiting.
    public borrowing func answer(_ verdict: (CurvePublicKey) -> Verdict) throws(ZeroMQError) -> [Attempt] {
        var attempts: [Attempt] = []
        while attempts.count < 256, let message = try socket.receive(maxFrames: 8) {
            let attempt = judge(message, verdict)
            attempts.append(attempt)
            let requestID = message.frames.count > 1 ? message.frames[1] : []
            let (status, text): (String, String) =
                switch attempt.verdict {
                case .admit: ("200", "OK")
                case .unknown: ("300", "key not enrolled")
                case .revoked: ("400", "key refused")
                }
            let user = attempt.verdict == .admit ? attempt.key?.z85 ?? "" : ""
            _ = try socket.send(["1.0".bytes, requestID, status.bytes, text.bytes, user.bytes, []])
        }
        return attempts
    }

    /// Frames: version, request id, domain, address, identity, mechanism, credentials.
    private borrowing func judge(_ message: ReceivedMessage, _ verdict: (CurvePublicKey) -> Verdict) -> Attempt {
        let frames = message.frames
        let address = frames.count > 3 ? String(decoding: frames[3], as: UTF8.self) : ""
        guard frames.count == 7, frames[0] == "1.0".bytes, frames[2] == domain.bytes, frames[5] == "CURVE".bytes,
            let key = frames[6].withUnsafeBytes({ CurvePublicKey(bytes: $0) })
        else { return Attempt(key: nil, address: address, verdict: .revoked) }
        return Attempt(key: key, address: address, verdict: verdict(key))
    }
}

extension String {
    var bytes: [UInt8] { Array(utf8) }
}
