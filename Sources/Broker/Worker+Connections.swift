import Foundation
import Ledger
import LogLines
import Logging
import PolicyModel
import Wire
import ZeroMQ

// What the loop does about connections: sees who comes and goes, and cuts off who takes more than its share.

extension Worker {
    /// How often it is looked at what connections hold; and when one of them holds much.
    static let lookMilliseconds = 250
    static let watchfulMilliseconds = 25
    /// From here one is watched closely.
    static let muchHeld: Int64 = 4 << 20

    /// Says who may connect, and notes who may not.
    func authenticate(_ sockets: Sockets) throws {
        let keys = ingest.keys
        let attempts = try sockets.authenticator.answer { key in
            switch keys.standing(of: key.z85) {
            case .enrolled: .admit
            case .revoked: .revoked
            case .unknown: .unknown
            }
        }
        for attempt in attempts where attempt.verdict != .admit {
            guard attempt.verdict == .unknown, let key = attempt.key?.z85 else {
                // Once each: whoever has a revoked key fills no disk with log lines.
                if let key = attempt.key?.z85, refusedKeys.insert(key).inserted {
                    log.warning(
                        "refused a connection from \(attempt.address): its key was revoked",
                        metadata: .about(key: key, address: attempt.address))
                }
                continue
            }
            if pending.note(key, from: attempt.address) {
                log.warning(
                    "refused a connection from \(attempt.address): key \(key) is not enrolled",
                    metadata: .about(key: key, address: attempt.address))
            }
        }
    }

    /// Takes what the monitor has seen, and closes what must go. Returns how many milliseconds the next turn may wait.
    func watchConnections(_ sockets: Sockets) throws -> Int {
        while let event = try sockets.monitor.connectionEvent() {
            guard event.isAccepted else {
                connections.gone(event.descriptor)
                continue
            }
            if let peer = FarEnd.of(event.descriptor) {
                hangUp(connections.accepted(event.descriptor, peer, now: now()))
            }
        }
        guard now() >= nextLook else { return isWatchful ? Self.watchfulMilliseconds : Self.pollMilliseconds }
        let isShort = ProcessTree.residentBytes([getpid()]) > mostMemory
        let closing = connections.look(now: now(), isShort: isShort) { $1.bytesSent($0) }
        hangUp(closing)
        // What was not whole is freed by libzmq's thread, a moment from now.
        if closing.isEmpty, mustTrim { trimMemory() }
        mustTrim = !closing.isEmpty
        isWatchful = mustTrim || connections.open.values.contains { $0.held > Self.muchHeld && !$0.isLocal }
        nextLook = now() + .milliseconds(isWatchful ? Self.watchfulMilliseconds : Self.lookMilliseconds)
        return isWatchful ? Self.watchfulMilliseconds : Self.pollMilliseconds
    }

    /// Notes that a whole message came, and from whom.
    func count(_ message: ReceivedMessage) {
        guard let key = message.userID, case .enrolled(let enrolment) = ingest.keys.standing(of: key) else { return }
        let bytes = message.frames.dropFirst().reduce(0) { $0 + $1.count }
        hangUp(
            connections.heard(
                message.descriptor, from: enrolment.publisher, bytes: bytes, frames: message.frames.count - 1))
    }

    /// Says in the log, and in the state, what an audit record is made of.
    func note(_ audit: Audit) {
        let who = audit.publisher
        let fields = Logger.Metadata.about(
            publisher: who, log: audit.log.log, seq: audit.log.seq, rule: audit.rule)
        switch audit.event {
        case .fork:
            log.error(
                "a fork: \(who)/\(audit.log.log)/\(audit.log.seq); its key is quarantined", metadata: fields)
        case .misuse:
            log.error(
                "the key of \(who) was used for what it may not do [\(audit.rule ?? "")]", metadata: fields)
        case .quarantined:
            log.error(
                "the key of \(who) is quarantined: used again and again for what it may not do [\(audit.rule ?? "")]",
                metadata: fields)
        case .admitted: break
        }
        guard audit.event == .misuse else { return }
        _ = offences.note(who, "its key was used for what it may not do [\(audit.rule ?? "")]")
    }

    /// What was no message of the protocol is counted with its sender.
    func noteJunk(_ answer: Header, _ descriptor: CInt) {
        guard answer.type == .reject, let rule = answer.rule,
            rule.hasPrefix("json.") || rule == "header.schema" || rule == "header.size",
            let who = connections.open[descriptor]?.who
        else { return }
        if offences.note(who, "sent what is no message of the protocol") {
            log.warning(
                "\(who) sent what is no message of the protocol: \(answer.text ?? "")",
                metadata: .about(publisher: connections.open[descriptor]?.publisher, rule: rule))
        }
    }

    private func hangUp(_ closing: [Connections.Closing]) {
        for one in closing where one.connection.peer.hangUp(one.descriptor) {
            if offences.note(one.connection.who, one.cause) {
                log.warning(
                    "closed a connection of \(one.connection.who): \(one.cause)",
                    metadata: .about(publisher: one.connection.publisher))
            }
        }
    }
}

/// Who was cut off, and why: bounded, so that whoever comes from many addresses fills no memory and no log.
struct Offences {
    static let most = 50

    private var counted: [[String]: BrokerState.Offence] = [:]

    /// What was noted, in order of who.
    var all: [BrokerState.Offence] { counted.values.sorted { ($0.who, $0.what) < ($1.who, $1.what) } }

    /// True when it is new: it is said once.
    mutating func note(
        _ who: String, _ what: String, at now: Date = Date(), seconds: Int64 = uptime()
    ) -> Bool {
        let isNew = counted[[who, what]] == nil
        if isNew, counted.count >= Self.most, let oldest = counted.min(by: { $0.value.last < $1.value.last }) {
            counted[oldest.key] = nil
        }
        counted[[who, what], default: .init(who: who, what: what, count: 0, last: "")].count += 1
        counted[[who, what]]?.last = Timestamp.seconds(now)
        counted[[who, what]]?.lastSeconds = seconds
        return isNew
    }
}
