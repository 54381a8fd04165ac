import Foundation

/// Redis Streams with `appendfsync always`: the same lines, one XADD each, as many in flight. No keys, no hashes, no chain, no
/// encryption; its sync covers all commands of one turn of its loop, as ours covers all batches of one.
final class Redis {
    /// Where Debian puts it; nil when it is not installed.
    static let executable = ["/usr/bin/redis-server", "/usr/local/bin/redis-server"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    static let absence = "redis-server is not installed: apt-get install redis-server"

    private let child: Child
    private let path: String
    private let port: UInt16

    init(_ folder: String) throws {
        guard let executable = Self.executable else { throw NotMeasured(description: Self.absence) }
        path = folder + "/redis"
        port = try freePort()
        child = try Child(
            executable,
            [
                "--port", "\(port)", "--bind", "127.0.0.1", "--unixsocket", path, "--dir", folder, "--save", "",
                "--appendonly", "yes", "--appendfsync", "always", "--daemonize", "no", "--logfile",
                folder + "/redis.log",
            ], folder: folder)
        try eventually("redis-server listens", 20) {
            guard child.isRunning else { throw Failure("redis-server ended") }
            guard let connection = try? Connection(path: path) else { return false }
            return try connection.ask(["PING"]).hasPrefix("+PONG")
        }
    }

    func stop() { child.kill() }

    func run(_ batches: [[PreparedBatch]], window: Int, _ transport: Transport) throws -> LoadResult {
        let (path, port) = (self.path, self.port)
        let lines = batches.joined().reduce(0) { $0 + $1.lines.count }
        let commands = batches.map {
            $0.map { batch in
                batch.lines.reduce(into: [UInt8]()) {
                    $0 += Connection.command(["XADD", "ledger", "*", "line"], batch.body[$1])
                }
            }
        }
        return try Load.together(batches.count, lines: lines) { place, gate in
            let connection = try transport == .ipc ? Connection(path: path) : Connection(port: port)
            gate.pass()
            var sentAt: [Int64] = []
            var waits: [Int64] = []
            var replies = 0
            var due = 0
            let own = batches[place]
            while waits.count < own.count {
                while sentAt.count < own.count, sentAt.count - waits.count < window {
                    sentAt.append(monotonic())
                    try connection.write(commands[place][sentAt.count - 1])
                }
                replies += try connection.readReplies()
                let now = monotonic()
                while waits.count < sentAt.count, replies >= due + own[waits.count].lines.count {
                    due += own[waits.count].lines.count
                    waits.append(now - sentAt[waits.count])
                }
            }
            return waits
        }
    }
}

/// A blocking connection that speaks RESP.
private final class Connection {
    private let descriptor: CInt
    private var buffer = [UInt8](repeating: 0, count: 256 * 1024)

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        try connect(&address, MemoryLayout<sockaddr_un>.size)
    }

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var on: CInt = 1
        setsockopt(descriptor, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
        var address = loopback(port)
        try connect(&address, MemoryLayout<sockaddr_in>.size)
    }

    deinit { close(descriptor) }

    private func connect<Address>(_ address: inout Address, _ size: Int) throws {
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(size)) }
        }
        guard result == 0 else { throw Failure("redis-server cannot be reached: errno \(errno)") }
    }

    static func command(_ words: [String], _ last: ArraySlice<UInt8>? = nil) -> [UInt8] {
        var bytes = Array("*\(words.count + (last == nil ? 0 : 1))\r\n".utf8)
        for word in words { bytes += Array("$\(word.utf8.count)\r\n\(word)\r\n".utf8) }
        if let last { bytes += Array("$\(last.count)\r\n".utf8) + last + [13, 10] }
        return bytes
    }

    func write(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            let written = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + offset }, bytes.count - offset)
            }
            guard written > 0 || errno == EINTR else { throw Failure("redis-server hung up: errno \(errno)") }
            offset += max(written, 0)
        }
    }

    private func read() throws -> ArraySlice<UInt8> {
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count > 0 { return buffer[..<count] }
            guard count < 0, errno == EINTR else { throw Failure("redis-server hung up") }
        }
    }

    func ask(_ words: [String]) throws -> String {
        try write(Self.command(words))
        return String(decoding: try read(), as: UTF8.self)
    }

    /// How many answers of XADD came: `$15`, then the id, each ended by a newline.
    private var newlines = 0
    func readReplies() throws -> Int {
        let bytes = try read()
        guard bytes.first != UInt8(ascii: "-") else {
            throw Failure("redis-server refuses: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
        }
        let before = newlines / 2
        newlines += bytes.count { $0 == 10 }
        return newlines / 2 - before
    }
}

private func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
    return address
}

/// A TCP port that nobody listens on now.
func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = loopback(0)
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) {
        $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, size) == 0 ? getsockname(descriptor, $0, &size) : -1
        }
    }
    guard result == 0 else { throw Failure("no free port: errno \(errno)") }
    return UInt16(bigEndian: address.sin_port)
}
