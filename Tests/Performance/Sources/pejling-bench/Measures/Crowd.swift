import Foundation
import PolicyModel
import Wire
import ZeroMQ

/// A thousand nodes on one broker, over TCP: what each costs it in memory, and how soon all are back after it was killed.
struct CrowdMeasure: Measure {
    let name = "crowd"
    let title = "1,000 nodes on one broker"
    let isShort = false

    static let count = 1_000

    func run(_ bench: Bench, _ results: inout Results) async throws {
        let members = try (1...Self.count).map { try Member(number: $0) }
        let folder = try bench.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        _ = try makeData(folder, admitting: members.map(\.enrolment))
        let endpoint = "tcp://127.0.0.1:\(try freePort())"
        let server = try Server.broker(folder, bench, listen: endpoint)
        let before = ProcessFacts(server.child.pid)?.proportionalKiB ?? 0
        let crowd = try Crowd(members, endpoint, server.key)
        defer { crowd.leave() }
        let start = monotonic()
        let joined: Double
        let each: Double
        do {
            defer { server.child.kill() }
            joined = try crowd.untilAllAreIn(since: start, bound: 60)
            try crowd.stay(seconds: 2)
            each = ((ProcessFacts(server.child.pid)?.proportionalKiB ?? 0) - before) / Double(Self.count)
        }
        crowd.awaitNewWelcomes()
        let restart = monotonic()
        let again = try Server.broker(folder, bench, listen: endpoint)
        defer { again.child.end() }
        let back = try crowd.untilAllAreIn(since: restart, bound: 60)
        results.add("1,000 nodes, tcp: all welcomed after the first connects", .seconds, joined)
        results.add("1,000 nodes, tcp: the broker's memory for each", .kibibytes, each, floor: .atMost(200))
        results.add(
            "1,000 nodes, tcp: all back after the broker was killed and started again", .seconds, back,
            floor: .atMost(15))
    }
}

private struct Member {
    let publisher: String
    let curve: CurveKeyPair
    let signing = SigningKey()
    let log: String

    init(number: Int) throws {
        publisher = "N\(number)"
        curve = try CurveKeyPair.generate()
        let digits = String(number)
        log = String(repeating: "0", count: 32 - digits.count) + digits
    }

    var enrolment: Enrolment {
        Enrolment(
            publisher: publisher, role: .node, curveKey: curve.publicKey.z85, signKey: signing.publicKey.hex,
            admittedBy: "bench")
    }
}

/// Connections that behave as PluginKit's link: hello, a ping each second, and after a reject or 5 s of silence a fresh socket
/// behind a pause of 100 ms doubling to 5 s, times 0.5 to 1.5. They have no logs and say nothing else.
private final class Crowd {
    private final class Link {
        let member: Member
        var socket: Box?
        var token: String?
        /// Welcomed since it was last asked.
        var isIn = false
        var retryAt: Int64 = 0
        var backOff = 0.1
        var heard: Int64 = 0
        var pinged: Int64 = 0
        init(_ member: Member) { self.member = member }
    }
    final class Box {
        let socket: Socket
        init(_ socket: consuming Socket) { self.socket = socket }
    }

    private let context: Context
    private let links: [Link]
    private let endpoint: String
    private let key: CurvePublicKey

    init(_ members: [Member], _ endpoint: String, _ key: CurvePublicKey) throws {
        context = try Context()
        links = members.map { Link($0) }
        (self.endpoint, self.key) = (endpoint, key)
    }

    /// Seconds from `start` until each has its welcome.
    func untilAllAreIn(since start: Int64, bound: Double) throws -> Double {
        while links.contains(where: { !$0.isIn }) {
            guard Double(monotonic() - start) / 1e9 < bound else {
                throw Failure("\(links.count { !$0.isIn }) of \(links.count) nodes are not in after \(bound) s")
            }
            try turn()
        }
        return Double(monotonic() - start) / 1e9
    }

    func stay(seconds: Double) throws {
        let end = monotonic() + Int64(seconds * 1e9)
        while monotonic() < end { try turn() }
    }

    /// The broker was killed: what counts now is the welcome of the new one. The links themselves do not know yet.
    func awaitNewWelcomes() { for link in links { link.isIn = false } }

    func leave() {
        for link in links { link.socket = nil }
        context.terminate()
    }

    private func turn() throws {
        usleep(5_000)
        for link in links {
            let now = monotonic()
            guard let box = link.socket else {
                if now >= link.retryAt { try open(link, now) }
                continue
            }
            while let message = try box.socket.receive() { try take(Header.parse(message.frames[0]), link, now) }
            guard link.socket != nil else { continue }
            if now - link.heard > 5_000_000_000 {
                lose(link, now)
            } else if let token = link.token, now - link.pinged >= 1_000_000_000 {
                link.pinged = now
                var ping = Header(.ping, token: token)
                ping.state = "ready"
                ping.unsent = 0
                _ = try box.socket.send([try ping.encoded(), []])
            }
        }
    }

    private func take(_ header: Header, _ link: Link, _ now: Int64) throws {
        link.heard = now
        switch header.type {
        case .welcome:
            link.token = header.token
            link.isIn = true
            link.backOff = 0.1
        case .reject:
            guard header.final != true else { throw Failure("\(header.text ?? "?") [\(header.rule ?? "")]") }
            lose(link, now)
        default: break
        }
    }

    private func lose(_ link: Link, _ now: Int64) {
        link.socket = nil
        link.token = nil
        link.retryAt = now + Int64(link.backOff * Double.random(in: 0.5...1.5) * 1e9)
        link.backOff = min(link.backOff * 2, 5)
    }

    private func open(_ link: Link, _ now: Int64) throws {
        let socket = try Socket(context, kind: .dealer)
        try socket.setLimits(maxMessageBytes: 8 << 20, local: false)
        try socket.useCurve(link.member.curve, server: key)
        try socket.connect(endpoint)
        var hello = Header(.hello)
        hello.versions = [1, 1]
        hello.publisher = link.member.publisher
        hello.log = link.member.log
        hello.seq = 0
        hello.hash = .zero
        _ = try socket.send([try hello.encoded(), []])
        link.socket = Box(socket)
        link.heard = now
    }
}
