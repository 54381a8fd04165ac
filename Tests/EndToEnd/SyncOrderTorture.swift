import Foundation
import Testing
import TortureKit

private let strace = ["/usr/bin/strace", "/bin/strace"].first { FileManager.default.isExecutableFile(atPath: $0) }

@Suite("What the kernel saw of the broker", .serialized, .oneAtATime)
struct SyncOrderTorture {
    @Test(
        "no ack leaves before the sync that covers it, in the order of the system calls",
        .enabled(if: strace != nil, "skipped: strace is not there; `make test` installs it"))
    func order() throws {
        let started = ContinuousClock.now
        // Batches of at most three records, each with an ack of its own.
        let leastAcks = Torture.count(quick: 100, torture: 10_000, long: 100_000)
        let wanted = Int64(leastAcks * 3)
        let stand = try LoadStand()
        defer { stand.stop() }
        let trace = stand.town.folder + "/trace"
        // Each sync is held up by 5 ms: what does not wait for it is on its way before.
        try stand.startBroker([
            try #require(strace), "-f", "-y", "-s", "0", "-e", "trace=fdatasync,fsync,sendto,recvfrom,pwrite64",
            "-e", "signal=none", "-e", "inject=fdatasync,fsync:delay_enter=5000", "-o", trace,
        ])
        try stand.greet()
        let publisher = stand.publishers[0]
        // One batch on the way at a time: each thing the broker sends after the welcome answers the batch before it.
        publisher.start(.init(window: 1, lines: 3, end: wanted), seed: 1)
        try eventually("\(wanted) records are acknowledged", Double(wanted) / 20 + 30) {
            publisher.acked >= wanted || !publisher.faults.isEmpty
        }
        publisher.stop()
        #expect(publisher.faults.isEmpty)
        let acks = publisher.waits.count
        stand.stop()
        let seen = try Order(trace: try String(contentsOfFile: trace, encoding: .utf8))
        #expect(seen.early == [], "sent before the sync of what it acknowledges")
        #expect(seen.answers >= acks, "every ack was seen to leave: \(seen.answers) answers for \(acks) acks")
        #expect(seen.syncs >= acks && acks >= leastAcks)
        Torture.report(
            "no ack before the sync that covers it (strace)",
            "\(acks) acks of \(publisher.acked) records, \(seen.syncs) syncs of the ledger: \(seen.early.count) sent before its sync",
            since: started)
    }

    /// What a trace says of the order in which batches came in, the ledger was written and synced, and the client was answered.
    struct Order {
        var answers = 0
        var syncs = 0
        /// Lines of the trace in which an answer was sent while the batch before it was not synced.
        var early: [String] = []

        /// Bytes from which on what comes in is a batch and what goes out an ack; ZeroMQ's own heartbeats have about 40.
        private static let batchBytes = 400
        private static let ackBytes = 100

        /// - Parameter trace: of `strace -f -y`. A call of one thread may stand in two lines, begun and resumed: a sync counts when it has
        ///   returned, a sending when it begins.
        init(trace: String) throws {
            /// Threads in the middle of a sync of the ledger, and of taking in from the client.
            var syncing: Set<Substring> = []
            var taking: Set<Substring> = []
            /// The hello is as long as a batch; what the start writes is no record.
            var hasWelcome = false
            var hasBatch = false
            var isSynced = true
            for line in trace.split(separator: "\n") {
                guard let thread = line.split(separator: " ").first else { continue }
                let call = line.drop { $0 != " " }.drop { $0 == " " }
                let isLedger = call.contains("/ledger.sqlite-wal>")
                let isClient = call.contains("<UNIX-STREAM:") || call.contains("<socket:[")
                let isUnfinished = call.hasSuffix("<unfinished ...>")
                let result = call.split(separator: " ").last.flatMap { Int($0) } ?? 0
                func taken() {
                    guard result >= Self.batchBytes, hasWelcome else { return }
                    hasBatch = true
                    isSynced = false
                }
                func synced() {
                    if hasBatch { syncs += 1 }
                    isSynced = true
                }
                if isLedger, call.hasPrefix("pwrite64(") {
                    isSynced = false
                } else if isLedger, call.hasPrefix("fdatasync(") || call.hasPrefix("fsync(") {
                    if isUnfinished { syncing.insert(thread) } else { synced() }
                } else if call.hasPrefix("<... fdatasync resumed>") || call.hasPrefix("<... fsync resumed>") {
                    if syncing.remove(thread) != nil { synced() }
                } else if isClient, call.hasPrefix("recvfrom(") {
                    if isUnfinished { taking.insert(thread) } else { taken() }
                } else if call.hasPrefix("<... recvfrom resumed>") {
                    if taking.remove(thread) != nil { taken() }
                } else if isClient, call.hasPrefix("sendto("), let bytes = Self.length(call), bytes >= Self.ackBytes {
                    // The handshake's own messages have up to 170 bytes; the welcome is the first longer one.
                    if bytes > 200 { hasWelcome = true }
                    guard hasBatch else { continue }
                    answers += 1
                    // An answer to each batch, a sync for each: else it went before its own, and behind that of the batch before.
                    if !isSynced || syncs < answers { early.append(String(line)) }
                }
            }
        }

        /// The third argument of `sendto(descriptor, ""..., length, flags…`.
        private static func length(_ call: Substring) -> Int? {
            call.split(separator: ", ").dropFirst(2).first.flatMap { Int($0) }
        }
    }
}
