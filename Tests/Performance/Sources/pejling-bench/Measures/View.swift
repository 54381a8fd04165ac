import Foundation
import Ledger
import PolicyModel
import Synchronization
import Wire
import ZeroMQ

/// From an officer's entry to the copy that views are made from, in a whole town at work: append to the node's own log (on its
/// disk), the running node sends it, the broker commits, the coordinator keeps it. Seven nodes enter 1,000 statuses a second in all,
/// each a commit of its own; a reader opens the coordinator's copy as `pejling view` does and looks every 2 ms.
struct ViewMeasure: Measure {
    let name = "view"
    let title = "entered → visible in a view"
    let isShort = true

    static let perSecond = 1_000

    func run(_ bench: Bench, _ results: inout Results) async throws {
        let town = try Town(bench, synthetic: true)
        defer { town.stop() }
        let nodes = bench.city.forvaltninger
        let each = Self.perSecond * (bench.quick ? 3 : 6) / nodes.count
        let pause = Int64(1_000_000_000 * nodes.count / Self.perSecond)
        let entered = Entered()
        let start = monotonic() + 50_000_000
        let writers = nodes.enumerated().map { place, forvaltning in
            SocketThread { [data = town.data] in
                // In step they would all come at once; an officer does not know of the others.
                let first = start + pause * Int64(place) / Int64(nodes.count)
                do { try Self.enter(each, forvaltning, data, from: first, pause: pause, into: entered) } catch {
                    entered.failed(error)
                }
            }
        }
        let waits: [Int64]
        do { waits = try Self.watch(each * nodes.count, town.data, entered) } catch {
            throw Failure("\(error) \(town.child.said)")
        }
        for writer in writers { writer.join() }
        let name = "\(title), \(nodes.count) nodes at \(Unit.perSecond.text(Double(Self.perSecond))) records/s in all"
        results.add(name + ", p50", .milliseconds, percentile(50, of: waits))
        results.add(name + ", p99", .milliseconds, percentile(99, of: waits), floor: .atMost(50))
    }

    /// Appends to the node's log as `pejling status` does, one record each `pause` nanoseconds.
    private static func enter(
        _ count: Int, _ forvaltning: Forvaltning, _ data: DataFolder, from first: Int64, pause: Int64,
        into entered: Entered
    ) throws {
        let log = try PublisherLog(
            folder: data.plugin(forvaltning.key, isNode: true), publisher: forvaltning.code, synthetic: true,
            create: false)
        for number in 0..<count {
            let due = first + pause * Int64(number)
            while case let left = due - monotonic(), left > 0 { usleep(UInt32(left / 1_000) + 1) }
            // From when it was due: whoever had to wait for the record before waited for it too.
            let lines = try log.append(at: Date()) { _ in [try Content.status.draft(number, of: forvaltning)] }
            for line in lines { entered.note(line.name, due) }
        }
    }

    private static func watch(_ count: Int, _ data: DataFolder, _ entered: Entered) throws -> [Int64] {
        let copy = try Replica(folder: data.coordinator, create: false, readOnly: true)
        var position = try copy.position()
        var seen: [RecordName: Int64] = [:]
        try eventually("all \(count) records are visible", 60) {
            try copy.forEach(after: position) { delivered in
                position = delivered.position
                if delivered.line.envelope.id.hasPrefix("bench/") { seen[delivered.line.name] = monotonic() }
            }
            if let failure = entered.failure { throw failure }
            return seen.count >= count
        }
        return try seen.map { name, time in
            guard let due = entered.time(of: name) else { throw Failure("\(name) was never entered") }
            return time - due
        }
    }
}

/// When each record was due to be entered.
private final class Entered: Sendable {
    private let state = Mutex<(times: [RecordName: Int64], failure: (any Error)?)>(([:], nil))

    var failure: (any Error)? { state.withLock { $0.failure } }
    func note(_ name: RecordName, _ time: Int64) { state.withLock { $0.times[name] = time } }
    func time(of name: RecordName) -> Int64? { state.withLock { $0.times[name] } }
    func failed(_ error: any Error) { state.withLock { $0.failure = error } }
}
