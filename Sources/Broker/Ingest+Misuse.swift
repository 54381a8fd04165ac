import Ledger
import PolicyModel
import Wire

// What a key was used for that it may not do: another's name, a kind that is not its own, a signature that is not good. Each such
// message is refused; the first of its sort leaves an audit record with the key; and with the fifth in ten minutes the key is
// quarantined until an operator's word, so that neither ledger nor log grows with what a stranger sends.

extension Ingest {
    /// The rules of the protocol that nobody breaks who has the publisher's program and its own keys.
    static let misuses: Set<String> = [
        "signature", "kind.foreign", "hello.publisher", "envelope.publisher",
    ]
    static let mostMisuses = 5
    static let misusePeriod: Duration = .seconds(600)

    /// What a key was seen to do within `misusePeriod`.
    struct Misuse: Sendable {
        var times: [Duration] = []
        var rules: [String: Duration] = [:]
    }

    /// What follows from answers that refuse something: audit records, and with the last of them the end of the session.
    mutating func judge(
        _ orders: [Order], peer: Peer, _ enrolment: Enrolment, log: String?, incarnation: String?, now: Duration
    ) -> [Order] {
        let refused = orders.compactMap { order in
            if case .send(_, let header) = order, header.type == .nack || header.type == .reject {
                header.rule
            } else {
                nil
            }
        }
        guard let rule = refused.first(where: Self.misuses.contains) else { return orders }
        let publisher = enrolment.publisher
        var seen = misused[enrolment.curveKey] ?? Misuse()
        seen.times = seen.times.filter { now - $0 < Self.misusePeriod } + [now]
        seen.rules = seen.rules.filter { now - $0.value < Self.misusePeriod }
        let isNews = seen.rules[rule] == nil
        seen.rules[rule] = seen.rules[rule] ?? now
        misused[enrolment.curveKey] = seen
        let known = log.flatMap { $0.utf8.count == 32 && hexBytes($0) != nil ? $0 : nil } ?? heads[publisher]?.log
        let head = heads[publisher].flatMap { $0.log == known ? $0.head : nil } ?? .empty
        let end = Audit.End(log: known ?? String(repeating: "0", count: 32), seq: head.seq, hash: head.hash.hex)
        func audit(_ event: Audit.Event) -> Order {
            .keep(Audit(event, of: publisher, log: end, curveKey: enrolment.curveKey, rule: rule))
        }
        guard seen.times.count >= Self.mostMisuses else { return orders + (isNews ? [audit(.misuse)] : []) }
        misused[enrolment.curveKey] = nil
        quarantines[publisher] = Quarantine(
            curveKey: enrolment.curveKey, log: end.log, seq: end.seq, rule: rule, incarnation: incarnation,
            lastAsked: now)
        for (other, session) in sessions where session.publisher == publisher { gone(other) }
        return orders + [audit(.quarantined), rejectQuarantined(peer, publisher)]
    }
}
