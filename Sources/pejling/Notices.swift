import Foundation
import Glibc

/// What a process says of itself to who manages it, systemd or `pejling up`: sd_notify(3), one datagram to the socket that the environment
/// names.
struct Notices: Sendable {
    static let variable = "NOTIFY_SOCKET"
    static let ready = "READY=1"
    static let stopping = "STOPPING=1"
    static let alive = "WATCHDOG=1"
    /// It comes on with its start, and asks for five minutes more: of use until it is ready.
    static let starting = "EXTEND_TIMEOUT_USEC=300000000"

    private let descriptor: CInt
    private let place: String

    /// Nil when nobody wants to know.
    init?() {
        guard let place = ProcessInfo.processInfo.environment[Self.variable], socketAddress(place) != nil else {
            return nil
        }
        descriptor = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        self.place = place
        guard descriptor >= 0 else { return nil }
    }

    /// Never waits: what the other cannot take now is said again.
    func say(_ text: String) {
        guard let (address, length) = socketAddress(place) else { return }
        let bytes = Array(text.utf8)
        withUnsafePointer(to: address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, bytes, bytes.count, CInt(MSG_DONTWAIT), $0, length)
            }
        }
    }
}

/// Hears what a child says of itself (`Notices`).
final class NoticeBoard: Sendable {
    /// For the environment of the child.
    let place: String
    private let descriptor: CInt

    /// A socket with a name that the system chooses, of no file system (unix(7), “Autobind feature”): it is there on a full disk too.
    init() throws {
        descriptor = socket(
            AF_UNIX, CInt(SOCK_DGRAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var length = socklen_t(MemoryLayout<sa_family_t>.size)
        var yes: CInt = 1
        let descriptor = descriptor
        // Each datagram says which process sent it: anybody on this machine can send.
        let isBound = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(descriptor, $0, length) == 0 else { return false }
                length = socklen_t(MemoryLayout<sockaddr_un>.size)
                return getsockname(descriptor, $0, &length) == 0
            }
        }
        guard isBound,
            setsockopt(descriptor, SOL_SOCKET, SO_PASSCRED, &yes, socklen_t(MemoryLayout<CInt>.size)) == 0
        else {
            let code = errno
            close(descriptor)
            throw Failure(description: "no socket to hear the broker: \(String(cString: strerror(code)))")
        }
        let name = withUnsafeBytes(of: &address.sun_path) { Array($0.prefix(Int(length) - 2).dropFirst()) }
        place = "@" + String(decoding: name, as: UTF8.self)
    }

    deinit { close(descriptor) }

    enum Word { case starting, atWork }

    /// Waits for a word of this process.
    ///
    /// - Returns: what it says of itself; nil when there was no word.
    func hear(_ pid: pid_t, milliseconds: CInt) -> Word? {
        var wait = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        poll(&wait, 1, milliseconds)
        var heard: Word?
        while let (sender, text) = takeOne() {
            guard sender == pid else { continue }
            if text != Notices.starting { heard = .atWork } else if heard == nil { heard = .starting }
        }
        return heard
    }

    /// The next datagram, and its sender, 0 when that is not said; nil when there is none.
    private func takeOne() -> (pid_t, String)? {
        var text = [UInt8](repeating: 0, count: 256)
        var control = [UInt8](repeating: 0, count: 64)
        return text.withUnsafeMutableBytes { text in
            control.withUnsafeMutableBytes { control in
                var part = iovec(iov_base: text.baseAddress, iov_len: text.count)
                return withUnsafeMutablePointer(to: &part) { part in
                    var message = msghdr()
                    message.msg_iov = part
                    message.msg_iovlen = 1
                    message.msg_control = control.baseAddress
                    message.msg_controllen = control.count
                    let count = recvmsg(descriptor, &message, 0)
                    guard count >= 0 else { return nil }
                    let words = String(decoding: UnsafeRawBufferPointer(text).prefix(count), as: UTF8.self)
                    let head = MemoryLayout<cmsghdr>.size
                    guard message.msg_controllen >= head else { return (0, words) }
                    let said = UnsafeRawBufferPointer(control)
                    let what = said.loadUnaligned(as: cmsghdr.self)
                    // SCM_CREDENTIALS, a `struct ucred`: process, user, group. The header shows both to GNU sources only.
                    guard what.cmsg_level == SOL_SOCKET, what.cmsg_type == 2 else { return (0, words) }
                    return (said.loadUnaligned(fromByteOffset: head, as: pid_t.self), words)
                }
            }
        }
    }
}

/// `/path`, or `@name` for one of no file system; nil for what is neither, or too long.
private func socketAddress(_ place: String) -> (sockaddr_un, socklen_t)? {
    var bytes = Array(place.utf8)
    var address = sockaddr_un()
    guard let first = place.first, first == "/" || first == "@",
        bytes.count < MemoryLayout.size(ofValue: address.sun_path)
    else { return nil }
    if first == "@" { bytes[0] = 0 }
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
    return (address, socklen_t(MemoryLayout<sa_family_t>.size + bytes.count))
}
