internal import Foundation
internal import Synchronization

/// A value that is made beside what goes on meanwhile, on another core where there is one.
final class Beside<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let work: DispatchGroup

    init(_ make: @escaping @Sendable () -> Value) {
        work = DispatchGroup()
        DispatchQueue.global().async(group: work) { [self] in
            let made = make()
            value.withLock { $0 = made }
        }
    }

    /// Waits until it is there.
    func get() -> Value {
        work.wait()
        guard let made = value.withLock({ $0 }) else { preconditionFailure("it was waited for, and is not there") }
        return made
    }
}
