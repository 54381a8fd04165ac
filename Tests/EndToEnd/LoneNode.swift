import Foundation
import Ledger
import PluginKit
import PolicyModel
import Testing
import TortureKit
import Wire

/// A broker, and the real node of BIF run by itself beside it, in a data folder of its own; what is entered goes into its log by this
/// process, as it does by `pejling enter`. Other publishers' real processes are started as a host starts them.
final class LoneNode {
    let stand: LoadStand
    let data: DataFolder
    let log: PublisherLog
    /// A disk of its own for the node's data folder; nil without one.
    let ownDisk: TinyDisk?
    private let own: String

    /// - Parameters:
    ///   - others: publishers whose processes run in this stand, with their role.
    ///   - earlier: a node whose keys and log this one gets.
    ///   - mebibytes: of a disk of its own for the broker's data folder; nil: none.
    ///   - ownMebibytes: the same for the node's.
    init(
        with others: [(publisher: String, role: Role)] = [], as earlier: LoneNode? = nil, diskOf mebibytes: Int? = nil,
        ownDiskOf ownMebibytes: Int? = nil
    ) throws {
        // Keys are made before the folders are, so that the broker knows them.
        let made = "/tmp/pejling-keys-\(UInt32.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: made) }
        if let earlier {
            try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: earlier.own, toPath: made + "/BIF")
            // Its copy is of the other ledger.
            for end in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(atPath: "\(made)/BIF/replica.sqlite\(end)")
            }
        }
        stand = try LoadStand(
            admitting: ([("BIF", .node)] + others).map { publisher, role in
                let keys = try PluginKeys(folder: "\(made)/\(publisher)")
                return Enrolment(
                    publisher: publisher, role: role, curveKey: keys.curve.publicKey.z85,
                    signKey: keys.signing.publicKey.hex, admittedBy: "test")
            }, diskOf: mebibytes)
        let machine = stand.town.folder + "/at-bif"
        ownDisk = try ownMebibytes.flatMap { try TinyDisk(machine, mebibytes: $0) }
        data = try DataFolder(creating: ownDisk == nil ? machine : machine + "/data", synthetic: true)
        own = data.plugin("BIF", isNode: true)
        for (publisher, role) in [("BIF", Role.node)] + others {
            let folder = role == .node ? own : Self.folder(of: publisher, role, in: stand.data)
            try FileManager.default.createDirectory(
                atPath: (folder as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try FileManager.default.copyItem(atPath: "\(made)/\(publisher)", toPath: folder)
        }
        log = try PublisherLog(folder: own, publisher: "BIF", synthetic: true, create: true)
        try stand.startBroker()
        try stand.greet()
    }

    private static func folder(of publisher: String, _ role: Role, in data: DataFolder) -> String {
        role == .coordinator ? data.coordinator : data.plugin(publisher, isNode: role == .node)
    }

    /// Where a publisher of this stand keeps what is its own.
    func folder(of publisher: String, _ role: Role) -> String {
        role == .node ? own : Self.folder(of: publisher, role, in: stand.data)
    }

    /// - Parameter tap: stands between it and the broker.
    func start(through tap: WireTap? = nil) throws -> Running {
        try stand.town.start(
            stand.town.executables + "/pejling",
            [
                "node", "run", "BIF", "--broker", tap?.endpoint ?? stand.endpoint, "--broker-key",
                (tap?.key ?? stand.brokerKey).hex, "--data",
                data.path, "--config", stand.town.folder + "/Config", "--plugins", stand.town.folder + "/Plugins",
                "--synthetic",
            ])
    }

    /// The process of another publisher, which gets its start order as from a host.
    func start(
        _ publisher: String, _ role: Role, _ executable: String, _ arguments: [String] = [], through tap: WireTap? = nil
    ) throws -> Running {
        let order = StartOrder(
            endpoint: tap?.endpoint ?? stand.endpoint, brokerKey: (tap?.key ?? stand.brokerKey).z85,
            data: folder(of: publisher, role), config: stand.town.folder + "/Config", incarnation: "", synthetic: true)
        return try stand.town.start(
            "\(stand.town.executables)/\(executable)", arguments, saying: encodeBody(order) + [UInt8(ascii: "\n")])
    }

    /// Returns how many were entered: `count`.
    func enter(_ count: Int) throws -> Int64 {
        try enter(
            (0..<count).map { number in
                PublisherLog.Draft(
                    kind: RecordKind("x-load"), id: "load/\(number)", policy: nil, by: Author(role: "node"),
                    body: Array(#"{"text":"Der er holdt et møde"}"#.utf8))
            })
    }

    func enter(_ drafts: [PublisherLog.Draft]) throws -> Int64 {
        Int64(try log.append(at: Date()) { _ in drafts }.count)
    }
}
