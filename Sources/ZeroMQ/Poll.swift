import CZeroMQ
import Glibc

/// Waits for sockets and a doorbell. Used on the thread that owns the sockets.
public struct Poller {
    private var items: [zmq_pollitem_t] = []

    public init() {}

    /// Watches `socket` for incoming messages; the index says which it is in `wait`'s answer.
    public mutating func watch(_ socket: borrowing Socket) -> Int {
        items.append(zmq_pollitem_t(socket: socket.handle, fd: 0, events: Int16(ZMQ_POLLIN), revents: 0))
        return items.count - 1
    }

    public mutating func watch(_ doorbell: Doorbell) -> Int { watch(descriptor: doorbell.descriptor) }

    /// Watches a descriptor that is readable when there is something to do.
    public mutating func watch(descriptor: CInt) -> Int {
        items.append(zmq_pollitem_t(socket: nil, fd: descriptor, events: Int16(ZMQ_POLLIN), revents: 0))
        return items.count - 1
    }

    /// The indices that are ready; empty after `milliseconds` (0: only look; negative: no bound).
    public mutating func wait(milliseconds: Int) throws(ZeroMQError) -> [Int] {
        let ready = zmq_poll(&items, CInt(items.count), milliseconds)
        if ready < 0 {
            let error = ZeroMQError.last("zmq_poll")
            if error.errno == EINTR { return [] }
            throw error
        }
        guard ready > 0 else { return [] }
        return items.indices.filter { items[$0].revents != 0 }
    }
}

/// Wakes a thread that waits in `Poller.wait`: an eventfd. Ringing is allowed from any thread.
public final class Doorbell: Sendable {
    let descriptor: CInt

    public init() throws(ZeroMQError) {
        descriptor = eventfd(0, CInt(EFD_NONBLOCK) | CInt(EFD_CLOEXEC))
        guard descriptor >= 0 else { throw ZeroMQError(call: "eventfd", subject: nil, errno: errno) }
    }

    deinit { close(descriptor) }

    public func ring() { eventfd_write(descriptor, 1) }

    /// Makes it silent until the next ring.
    public func clear() {
        var count: eventfd_t = 0
        eventfd_read(descriptor, &count)
    }
}

/// SIGTERM and SIGINT as something to poll for, instead of handlers that interrupt whatever runs.
public final class StopSignal: Sendable {
    let descriptor: CInt

    /// Blocks both signals in this thread and those it starts later: make it first thing in `main`.
    public init() throws(ZeroMQError) {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGTERM)
        sigaddset(&set, SIGINT)
        pthread_sigmask(SIG_BLOCK, &set, nil)
        descriptor = signalfd(-1, &set, CInt(SFD_NONBLOCK) | CInt(SFD_CLOEXEC))
        guard descriptor >= 0 else { throw ZeroMQError(call: "signalfd", subject: nil, errno: errno) }
    }

    deinit { close(descriptor) }
}

extension Poller {
    public mutating func watch(_ signal: StopSignal) -> Int { watch(descriptor: signal.descriptor) }
}
