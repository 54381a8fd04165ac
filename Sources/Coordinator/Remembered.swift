import Synchronization

/// Answers that a state has given, by what was asked: a report asks some of them eight times.
///
/// Copies of a state share it, so whoever changes what an answer rests on begins a new one.
final class Remembered<Answer: Sendable>: Sendable {
    private let answers = Mutex<[String: Answer]>([:])

    /// The answer to `question`, worked out where it was not asked before.
    func answer(_ question: String, _ workOut: () -> Answer) -> Answer {
        if let known = answers.withLock({ $0[question] }) { return known }
        let answer = workOut()
        answers.withLock { $0[question] = answer }
        return answer
    }
}
