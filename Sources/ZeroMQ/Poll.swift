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

/// SIGTERM and SIGINT as something to poll for: the handler only rings an eventfd, which is all a handler may do.
///
/// One per process; it stays readable once a signal has come. It works whatever threads run already, where a signalfd would
/// need the signals blocked in all of them.
public final class StopSignal: Sendable {
    let descriptor: CInt

    public init() throws(ZeroMQError) {
        let descriptor = eventfd(0, CInt(EFD_NONBLOCK) | CInt(EFD_CLOEXEC))
        guard descriptor >= 0 else { throw ZeroMQError(call: "eventfd", subject: nil, errno: errno) }
        self.descriptor = descriptor
        stopDescriptor = descriptor
        for number in [SIGTERM, SIGINT] {
            signal(number) { _ in
                let before = errno
                eventfd_write(stopDescriptor, 1)
                errno = before
            }
        }
    }
}

/// What the handler rings. Written once, before the handler can run.
private nonisolated(unsafe) var stopDescriptor: CInt = -1

extension Poller {
    public mutating func watch(_ signal: StopSignal) -> Int { watch(descriptor: signal.descriptor) }
}
