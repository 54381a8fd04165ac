import Testing

/// Tests that wait for real processes block a thread of Swift's pool, which has one for each core: two suites of them at once
/// would leave none for the tests of other modules on a machine with two. So they take turns.
struct OneAtATime: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        await Turn.shared.take()
        do { try await function() } catch {
            await Turn.shared.give()
            throw error
        }
        await Turn.shared.give()
    }

    private actor Turn {
        static let shared = Turn()
        private var isTaken = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func take() async {
            guard isTaken else {
                isTaken = true
                return
            }
            await withCheckedContinuation { waiting.append($0) }
        }

        func give() {
            if waiting.isEmpty { isTaken = false } else { waiting.removeFirst().resume() }
        }
    }
}

extension Trait where Self == OneAtATime {
    /// This suite's tests run when no other such suite's do.
    static var oneAtATime: Self { OneAtATime() }
}
