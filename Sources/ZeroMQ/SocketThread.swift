import Glibc

/// A thread of our own: all sockets of a process live on it, since libzmq calls that wait may not run on Swift's
/// cooperative pool (it has as many threads as cores) and a socket may not change threads.
public final class SocketThread: Sendable {
    private let exit = ExitSignal()

    /// Starts `body` on a thread of its own.
    public init(_ body: @escaping @Sendable () -> Void) {
        let box = Unmanaged.passRetained(Start(body: body, exit: exit))
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        pthread_attr_setdetachstate(&attributes, CInt(PTHREAD_CREATE_DETACHED))
        var thread = pthread_t()
        let result = pthread_create(
            &thread, &attributes,
            { raw in
                guard let raw else { return nil }
                let start = Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
                start.body()
                start.exit.signal()
                return nil
            }, box.toOpaque())
        pthread_attr_destroy(&attributes)
        precondition(result == 0, "no thread could be started: errno \(result)")
    }

    /// Waits until `body` has returned.
    public func join() { exit.wait() }

    private final class Start: Sendable {
        let body: @Sendable () -> Void
        let exit: ExitSignal
        init(body: @escaping @Sendable () -> Void, exit: ExitSignal) {
            self.body = body
            self.exit = exit
        }
    }
}

/// A POSIX semaphore that stays signalled once it is: any number of waiters pass.
final class ExitSignal: Sendable {
    private nonisolated(unsafe) let raw = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

    init() { sem_init(raw, 0, 0) }

    deinit {
        sem_destroy(raw)
        raw.deallocate()
    }

    func signal() { sem_post(raw) }

    func wait() {
        while sem_wait(raw) != 0, errno == EINTR {}
        sem_post(raw)
    }
}
