import CZeroMQ

/// The libzmq context of a process: one per process is enough (and avoids a race when libsodium closes its random source).
///
/// `Sendable`: a context is thread safe (zmq(7), Thread safety); its sockets are not.
/// Order at the end: close the sockets, then `terminate()`. It is never done in `deinit`, since `zmq_ctx_term` waits for
/// every socket.
public final class Context: Sendable {
    nonisolated(unsafe) let raw: UnsafeMutableRawPointer

    /// - Parameter maxSockets: how many sockets may be open at once; also bounds accepted connections' bookkeeping.
    public init(maxSockets: Int32 = 4096) throws(ZeroMQError) {
        guard let raw = zmq_ctx_new() else { throw .last("zmq_ctx_new") }
        self.raw = raw
        guard zmq_ctx_set(raw, ZMQ_MAX_SOCKETS, maxSockets) == 0 else { throw .last("zmq_ctx_set", "ZMQ_MAX_SOCKETS") }
        // LINGER 0 for every socket to come: an undeliverable message never holds the end up.
        guard zmq_ctx_set(raw, ZMQ_BLOCKY, 0) == 0 else { throw .last("zmq_ctx_set", "ZMQ_BLOCKY") }
    }

    /// Frees the context. All its sockets must be closed, or this waits for them.
    public func terminate() {
        while zmq_ctx_term(raw) != 0, zmq_errno() == EINTR {}
    }
}

/// Whether this libzmq was built with CURVE. Pejling does not run without.
public func curveIsAvailable() -> Bool { zmq_has("curve") == 1 }

/// The version of the libzmq in use, such as `4.3.4`.
public func zeroMQVersion() -> String {
    var (major, minor, patch): (CInt, CInt, CInt) = (0, 0, 0)
    zmq_version(&major, &minor, &patch)
    return "\(major).\(minor).\(patch)"
}
