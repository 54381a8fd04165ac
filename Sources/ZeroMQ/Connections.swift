import CZeroMQ
import Glibc

/// What the connections of a listener do, and what the system knows of each: libzmq says which descriptor it has for one, and
/// nothing of a message that is not whole yet.
public struct ConnectionEvent: Sendable, Hashable {
    public let descriptor: CInt
    /// True: a peer was accepted, and has said nothing yet. False: it is gone.
    public let isAccepted: Bool
}

extension Socket {
    /// A socket that says who comes and goes at this listener (zmq_socket_monitor(3)); ask it with `connectionEvent`. Call it before
    /// `bind`, and `endMonitor` before either is closed.
    public borrowing func monitorConnections(_ context: Context, name: String) throws(ZeroMQError) -> Socket {
        try monitored(ZMQ_EVENT_ACCEPTED | ZMQ_EVENT_DISCONNECTED, context, name: name)
    }

    /// Of a monitor: the next event; nil when there is none.
    public borrowing func connectionEvent() throws(ZeroMQError) -> ConnectionEvent? {
        while let message = try receive() {
            guard let event = message.frames.first, event.count == 6 else { continue }
            let (kind, value) = event.withUnsafeBytes {
                (
                    $0.loadUnaligned(as: UInt16.self),
                    CInt(truncatingIfNeeded: $0.loadUnaligned(fromByteOffset: 2, as: UInt32.self))
                )
            }
            return ConnectionEvent(descriptor: value, isAccepted: CInt(kind) == ZMQ_EVENT_ACCEPTED)
        }
        return nil
    }
}

/// What the system knows of a connection that libzmq has. The descriptor is libzmq's: it may be gone, or another's, at any
/// moment, so each answer is only as good as the check beside it.
public enum FarEnd: Sendable, Hashable {
    /// An address and a port, as text.
    case remote(address: String, port: UInt16)
    /// A process of this machine.
    case local(pid: pid_t)

    /// Who is at the other end; nil when the descriptor is no connection (any more).
    public static func of(_ descriptor: CInt) -> FarEnd? {
        var storage = sockaddr_storage()
        var size = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let isThere = withUnsafeMutablePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { getpeername(descriptor, $0, &size) == 0 }
        }
        guard isThere else { return nil }
        if storage.ss_family == sa_family_t(AF_UNIX) {
            // struct ucred: process, user, group.
            var credentials: [pid_t] = [0, 0, 0]
            var length = socklen_t(credentials.count * MemoryLayout<pid_t>.size)
            guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &length) == 0 else { return nil }
            return .local(pid: credentials[0])
        }
        var host = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        var service = [CChar](repeating: 0, count: 32)
        let result = withUnsafePointer(to: &storage) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                getnameinfo(
                    $0, size, &host, socklen_t(host.count), &service, socklen_t(service.count),
                    CInt(NI_NUMERICHOST | NI_NUMERICSERV))
            }
        }
        guard result == 0 else { return nil }
        func text(_ chars: [CChar]) -> String {
            String(decoding: chars.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        }
        return .remote(address: text(host), port: UInt16(text(service)) ?? 0)
    }

    /// Bytes that have come in on the connection so far, as TCP counts them; of a local process, bytes it has written
    /// anywhere. Nil when the system does not say.
    public func bytesSent(_ descriptor: CInt) -> Int64? {
        switch self {
        case .local(let pid): return Self.written(by: pid)
        case .remote:
            // tcpi_bytes_received of struct tcp_info (linux/tcp.h), which glibc's own header ends before.
            var info = [UInt8](repeating: 0, count: 256)
            var size = socklen_t(info.count)
            guard getsockopt(descriptor, CInt(IPPROTO_TCP), TCP_INFO, &info, &size) == 0, size >= 136 else {
                return nil
            }
            return info.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: 128, as: Int64.self) }
        }
    }

    private static func written(by pid: pid_t) -> Int64? {
        guard let file = fopen("/proc/\(pid)/io", "re") else { return nil }
        defer { fclose(file) }
        var buffer = [CChar](repeating: 0, count: 512)
        let count = fread(&buffer, 1, buffer.count, file)
        let text = String(decoding: buffer.prefix(count).map(UInt8.init(bitPattern:)), as: UTF8.self)
        let line = text.split(separator: "\n").first { $0.hasPrefix("wchar: ") }
        return line.flatMap { Int64($0.dropFirst(7)) }
    }

    /// Ends the connection, if it is this peer's still: libzmq sees it end, drops what was not whole, and closes its descriptor.
    ///
    /// - Returns: whether it was there.
    public func hangUp(_ descriptor: CInt) -> Bool {
        Self.of(descriptor) == self && shutdown(descriptor, CInt(SHUT_RDWR)) == 0
    }
}

/// Gives back to the system what the allocator holds and does not use.
public func trimMemory() { malloc_trim(0) }
