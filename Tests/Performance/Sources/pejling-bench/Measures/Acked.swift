import Foundation
import Ledger

/// One way of publishing: how many, over what, with how much in flight.
struct Setting: Hashable {
    let nodes: Int
    let transport: Transport
    /// Batches in flight; 1 means one record and then its ack.
    let isFull: Bool

    static let window = 8

    static let all = [7, 1].flatMap { nodes in
        Transport.allCases.flatMap { transport in
            [true, false].map { Setting(nodes: nodes, transport: transport, isFull: $0) }
        }
    }

    var text: String {
        "\(nodes == 1 ? "1 node" : "\(nodes) nodes"), \(transport.rawValue), \(isFull ? "full window" : "one record in flight")"
    }
    var window: Int { isFull ? Self.window : 1 }

    /// What each publisher sends in this setting.
    func batches(of supplies: [Supply], quick: Bool, share: Double) -> [[PreparedBatch]] {
        let singles = max(100, Int(Double(quick ? 500 : nodes == 1 ? 2_000 : 1_000) * share))
        guard isFull else { return supplies.map { Array($0.singles.prefix(singles)) } }
        let count = nodes == 1 ? supplies[0].batches.count : supplies.map(\.batches.count).min() ?? 0
        return supplies.map { Array($0.batches.prefix(count)) }
    }
}

/// Who takes the records.
enum Taker: String, CaseIterable {
    case opaque = "Pejling, opaque kind"
    case checked = "Pejling, body checked"
    case reference = "the loop in C"
    case redis = "Redis Streams"
}

/// Acked records per second and each batch's wait: signed batches of 100 lines of 600 bytes, CURVE, chain and hashes checked,
/// one commit with a sync before the acks.
struct AckedMeasure: Measure {
    let name = "acked"
    let title = "acked records/s and waits"
    let isShort = true

    func run(_ bench: Bench, _ results: inout Results) async throws {
        for setting in Setting.all where !bench.quick || (setting.nodes == 7 && setting.isFull) {
            for taker in Taker.allCases {
                if taker == .redis, Redis.executable == nil {
                    results.missing("Redis Streams", Redis.absence)
                    continue
                }
                let result = try one(taker, setting, bench)
                let key = Self.key(setting, taker)
                results.add(key, .perSecond, result.rate, floor: floor(taker, setting))
                if let cpu = result.cpu { results.add(key + ", CPU", .microseconds, cpu) }
                results.add(key + ", p50", .milliseconds, percentile(50, of: result.waits))
                results.add(key + ", p99", .milliseconds, percentile(99, of: result.waits))
                bench.step("\(key): \(Unit.perSecond.text(result.rate)) records/s")
            }
            // Of one round: both had the same machine.
            for taker in [Taker.opaque, .checked] {
                for peer in [Taker.reference, .redis] {
                    guard let own = results[Self.key(setting, taker)]?.values.last,
                        let other = results[Self.key(setting, peer)]?.values.last
                    else { continue }
                    let isTheFloor = taker == .opaque && peer == .reference && setting.nodes == 7 && setting.isFull
                    results.add(
                        Self.ratio(setting, taker, of: peer), .percent, 100 * own / other,
                        floor: isTheFloor ? .atLeast(50) : nil)
                }
            }
        }
    }

    static func key(_ setting: Setting, _ taker: Taker) -> String { "\(setting.text): \(taker.rawValue)" }
    static func ratio(_ setting: Setting, _ taker: Taker, of peer: Taker) -> String {
        "\(setting.text): \(taker.rawValue), of \(peer.rawValue)"
    }

    private func floor(_ taker: Taker, _ setting: Setting) -> Floor? {
        guard setting.nodes == 7, setting.isFull else { return nil }
        return switch taker {
        case .opaque: .atLeast(100_000)
        case .checked: .atLeast(60_000)
        case .reference, .redis: nil
        }
    }

    private func one(_ taker: Taker, _ setting: Setting, _ bench: Bench) throws -> LoadResult {
        let supplies = Array(try bench.supplies(taker == .checked ? .status : .opaque).prefix(setting.nodes))
        let batches = setting.batches(of: supplies, quick: bench.quick, share: bench.share)
        let folder = try bench.newFolder()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        if taker == .redis {
            let redis = try Redis(folder)
            defer { redis.stop() }
            return try redis.run(batches, window: setting.window, setting.transport)
        }
        let server: Server
        if taker == .reference {
            server = try Server.reference(folder, bench, supplies)
        } else {
            _ = try makeData(folder, admitting: supplies.map(\.enrolment))
            server = try Server.broker(folder, bench, listen: "tcp://127.0.0.1:*")
        }
        defer { server.child.end() }
        do {
            let before = ProcessFacts(server.child.pid)?.cpu
            var result = try Load.run(
                supplies, batches: batches, window: setting.window, to: server, setting.transport)
            if let before, let after = ProcessFacts(server.child.pid)?.cpu {
                result.cpu = (after - before) * 1e6 / Double(result.records)
            }
            return result
        } catch { throw Failure("\(setting.text), \(taker.rawValue): \(error) \(server.child.said)") }
    }
}
