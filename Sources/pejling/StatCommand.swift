import ArgumentParser
import Foundation
import Glibc
import Ledger

struct StatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stat",
        abstract: "How it stands: broker, ledger, disk, each publisher, and what needs a person.",
        discussion: """
            pejling stat
            pejling stat --check                       exit code 1 when something needs a person: for a timer that mails
            pejling stat --format prometheus           the same as metrics
            pejling stat --serve 127.0.0.1:9464        metrics at http://127.0.0.1:9464/metrics, until Ctrl-C

            HEARD says when the publisher last gave a sign of life, DURABLE the last record of its log that is on the broker's disk,
            UNSENT what is not, LAG how far behind the ledger its own copy is; STORED, REFUSED, AGAIN (batches that came twice), GAPS
            and NACKS count since the broker's start. It is looked at from outside, so it answers when the broker does not run; a broker
            that has not said for 30 s that it is at work is said to be silent, and its publishers are unknown.

            A line with ! needs a person: while it lasts, or for an hour after what is over by itself. A line with - says what was amiss
            within the last hour and mended itself; it is no business of --check. So a timer asks at least each half an hour \
            (pejling-check.timer: each quarter).

            On a machine without a broker, of `pejling node run` or `pejling coordinator`, it says of what runs there: connected or not, the
            records that wait, the room for them.

            Exit code: 0; 1 with --check when something needs a person, or where no broker has run; 64 for wrong arguments.
            """)

    @OptionGroup var folders: Folders
    @Option(help: "table, json or prometheus.") var format: Format = .table
    @Flag(help: "Exit code 1 when something needs a person.") var check = false
    @Option(help: "Where to answer with metrics on: 127.0.0.1:9464.") var serve: String?

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, prometheus }

    func run() throws {
        try orFail {
            let data = try folders.existingData()
            if let serve {
                let server = try MetricsServer(serve)
                standardError("metrics at http://\(server.address)/metrics; Ctrl-C ends it")
                try server.run { try folders.standing(data).metrics() }
            }
            let standing = try folders.standing(data)
            switch format {
            case .table: standardOutput(standing.text())
            case .json: standardOutput(try standing.json())
            case .prometheus: standardOutput(standing.metrics(), terminator: "")
            }
            if check, standing.needsPerson { throw ExitCode(1) }
        }
    }
}

/// Answers `GET /metrics` on a loopback address, one after the other: a scraper comes a few times a minute. A process of its own, so
/// that nobody's HTTP reaches the broker, and so that it answers when the broker does not.
struct MetricsServer {
    private let listener: CInt
    /// Where it listens, with the port chosen.
    let address: String

    /// The longest request that is read, and how long one is waited for.
    private static let longest = 8 * 1024
    private static let patience = timeval(tv_sec: 2, tv_usec: 0)

    /// - Parameter place: `127.0.0.1:9464`; port 0 chooses one.
    init(_ place: String) throws {
        let parts = place.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "127.0.0.1" || parts[0] == "localhost", let port = UInt16(parts[1]) else {
            throw Failure(
                description:
                    "--serve takes 127.0.0.1:PORT, not “\(place)”: metrics are for this machine. A collector elsewhere asks through a proxy with its own authentication"
            )
        }
        listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        var yes: CInt = 1
        setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        var name = sockaddr_in()
        name.sin_family = sa_family_t(AF_INET)
        name.sin_port = port.bigEndian
        name.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let descriptor = listener
        let isBound = withUnsafeMutablePointer(to: &name) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 16) == 0
                    && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else {
            throw Failure(description: "cannot listen on \(place): \(String(cString: strerror(errno)))")
        }
        address = "127.0.0.1:\(UInt16(bigEndian: name.sin_port))"
    }

    /// Serves until the process ends.
    func run(_ metrics: () throws -> String) throws -> Never {
        signal(SIGPIPE, SIG_IGN)
        while true {
            let client = accept(listener, nil, nil)
            guard client >= 0 else {
                // Out of descriptors or the like: not faster than it can heal.
                if errno != EINTR { poll(nil, 0, 100) }
                continue
            }
            var patience = Self.patience
            for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
                setsockopt(client, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
            }
            let request = read(client)
            if request.hasPrefix("GET /metrics ") || request.hasPrefix("GET / ") {
                do { answer(client, "200 OK", try metrics()) } catch {
                    answer(client, "503 Service Unavailable", "\(error)\n")
                }
            } else if !request.isEmpty {
                answer(client, "404 Not Found", "metrics are at /metrics\n")
            }
            close(client)
        }
    }

    /// The request's head; empty when none came in time or it is too long.
    private func read(_ client: CInt) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1024)
        let end = ContinuousClock.now + .seconds(2)
        while bytes.count < Self.longest, ContinuousClock.now < end {
            let count = recv(client, &buffer, buffer.count, 0)
            guard count > 0 else { return "" }
            bytes += buffer[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            if text.contains("\r\n\r\n") || text.contains("\n\n") { return text }
        }
        return ""
    }

    private func answer(_ client: CInt, _ status: String, _ body: String) {
        let bytes = Array(
            ("HTTP/1.1 \(status)\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n" + body).utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                send(client, $0.baseAddress, $0.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return }
            sent += count
        }
    }
}
