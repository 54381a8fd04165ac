import CZeroMQ
import Glibc

/// A libzmq call that failed: which, on what, and why.
public struct ZeroMQError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The C function, under the name people search for (`zmq_bind`).
    public let call: String
    /// The endpoint or option concerned, if there is one.
    public let subject: String?
    /// `zmq_errno()`, read right after the call.
    public let errno: CInt

    /// Reads `zmq_errno()` of the calling thread: make it right after the failing call.
    static func last(_ call: String, _ subject: String? = nil) -> ZeroMQError {
        ZeroMQError(call: call, subject: subject, errno: zmq_errno())
    }

    public var description: String {
        let reason = String(cString: zmq_strerror(errno))
        return "\(call)\(subject.map { " \($0)" } ?? ""): \(reason) (errno \(errno))"
    }

    public var isAddressInUse: Bool { errno == EADDRINUSE }
}
