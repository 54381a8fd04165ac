import Wire
import ZeroMQ

/// Who is connected, and who takes more than its share of connections or memory. Pure: time, and what the system counts, come in.
///
/// libzmq hands over whole messages only, and keeps without a bound what has come of one that does not end. So what a peer has sent is
/// held against what has come out of it.
struct Connections {
    /// A connection on which nothing has come that is whole is closed after this; the handshake has 3 s.
    static let patience: Duration = .seconds(10)
    /// Such connections of one address (or process), and of all: the oldest goes.
    static let mostSilentOfOne = 1024
    static let mostSilent = 2048
    /// Connections of one key: the oldest goes. One is in use; another may hang in a network that went away.
    static let mostOfOneKey = 8
    /// Bytes that have come on a connection and out of it as no message: more than all windows hold (8 MiB), and what TCP buffers.
    static let mostHeld: Int64 = 32 << 20
    /// The same of all connections.
    static let mostHeldOfAll: Int64 = 256 << 20
    /// What a message is longer on the wire, per frame (ZMTP and CURVE), and what heartbeats take, a second.
    static let frameOverhead: Int64 = 64
    static let heartbeats: Int64 = 256

    struct Connection {
        let peer: FarEnd
        let accepted: Duration
        /// Whose key it came with; nil until a message has come.
        var publisher: String?
        var delivered: Int64 = 0
        /// Sent, and not come out.
        var held: Int64 = 0
        fileprivate var sent: Int64?
        fileprivate var counted: Int64 = 0
        fileprivate var looked: Duration

        /// In words; a process has no address.
        var who: String {
            let place =
                switch peer {
                case .remote(let address, _): address
                case .local(let pid): "process \(pid) of this machine"
                }
            return publisher.map { "\($0) at \(place)" } ?? place
        }

        fileprivate var place: FarEnd {
            switch peer {
            case .remote(let address, _): .remote(address: address, port: 0)
            case .local: peer
            }
        }
    }

    /// A connection to be closed, and why.
    struct Closing {
        let descriptor: CInt
        let connection: Connection
        let cause: String
    }

    private(set) var open: [CInt: Connection] = [:]
    /// By place: connections on which nothing whole has come yet.
    private var silent: [FarEnd: Int] = [:]

    mutating func accepted(_ descriptor: CInt, _ peer: FarEnd, now: Duration) -> [Closing] {
        gone(descriptor)
        let new = Connection(peer: peer, accepted: now, looked: now)
        open[descriptor] = new
        silent[new.place, default: 0] += 1
        var place: FarEnd?
        if silent[new.place] ?? 0 > Self.mostSilentOfOne { place = new.place }
        if place == nil, silent.values.reduce(0, +) > Self.mostSilent {
            place = silent.max { $0.value < $1.value }?.key
        }
        guard let place else { return [] }
        let all = open.filter { $0.value.publisher == nil && $0.value.place == place }
        return close([all.min { $0.value.accepted < $1.value.accepted }], "too many connections that say nothing")
    }

    mutating func gone(_ descriptor: CInt) {
        guard let old = open.removeValue(forKey: descriptor), old.publisher == nil else { return }
        spoke(old.place)
    }

    /// One less of those that have said nothing.
    private mutating func spoke(_ place: FarEnd) {
        let rest = (silent[place] ?? 1) - 1
        silent[place] = rest > 0 ? rest : nil
    }

    /// A whole message came: `bytes` in `frames` frames.
    mutating func heard(_ descriptor: CInt, from publisher: String, bytes: Int, frames: Int) -> [Closing] {
        guard var connection = open[descriptor] else { return [] }
        connection.delivered += Int64(bytes) + Int64(frames) * Self.frameOverhead
        let isNew = connection.publisher != publisher
        if connection.publisher == nil { spoke(connection.place) }
        connection.publisher = publisher
        open[descriptor] = connection
        guard isNew else { return [] }
        let own = open.filter { $0.value.publisher == publisher && $0.value.place == connection.place }
        guard own.count > Self.mostOfOneKey else { return [] }
        return close([own.min { $0.value.accepted < $1.value.accepted }], "too many connections with one key")
    }

    /// What is to be closed for what it holds or for its silence.
    ///
    /// - Parameter sent: bytes that a connection has brought so far, as the system counts them.
    mutating func look(now: Duration, isShort: Bool = false, sent: (CInt, FarEnd) -> Int64?) -> [Closing] {
        for (descriptor, connection) in open {
            guard let total = sent(descriptor, connection.peer) else { continue }
            let came = total - (connection.sent ?? (connection.isLocal ? total : 0))
            let out = connection.delivered - connection.counted
            let rest = Int64((now - connection.looked) / .seconds(1) * Double(Self.heartbeats))
            open[descriptor]?.held = max(0, connection.held + came - out - rest)
            open[descriptor]?.sent = total
            open[descriptor]?.counted = connection.delivered
            open[descriptor]?.looked = now
        }
        var closing = close(
            open.filter { $0.value.publisher == nil && now - $0.value.accepted > Self.patience }.map { $0 },
            "it said nothing for \(Self.patience.components.seconds) s")
        // What a local process writes goes into its own files too: that alone accuses nobody.
        let counted = open.filter { !$0.value.isLocal }
        let unfinished = "unfinished messages beyond their bound"
        closing += close(counted.filter { $0.value.held > Self.mostHeld }.map { $0 }, unfinished)
        var sum = counted.values.reduce(0) { $0 + $1.held }
        for one in counted.sorted(by: { $0.value.held > $1.value.held }) where sum > Self.mostHeldOfAll {
            closing += close([one], unfinished)
            sum -= one.value.held
        }
        if isShort, closing.isEmpty, let worst = open.max(by: { $0.value.held < $1.value.held }),
            worst.value.held > 1 << 20
        {
            closing += close([worst], "the broker's memory is at its bound, and this has most in it")
        }
        return closing
    }

    private mutating func close(_ which: [(key: CInt, value: Connection)?], _ cause: String) -> [Closing] {
        which.compactMap { one in
            guard let one, open[one.key] != nil else { return nil }
            gone(one.key)
            return Closing(descriptor: one.key, connection: one.value, cause: cause)
        }
    }
}

extension Connections.Connection {
    var isLocal: Bool { if case .local = peer { true } else { false } }
}
