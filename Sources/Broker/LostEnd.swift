import Foundation
import Ledger
import Wire

/// What consumers were given of the ledger and it does not hold: its end was lost, or it was restored from an older copy. Kept in
/// `broker/lost-end.json`, since each consumer says it once, until a person has looked and deletes that file.
public struct LostEnd: Codable, Sendable, Hashable {
    /// Who said that it had it, and how far. It is their word: the ledger has nothing to hold it against.
    public var positions: [String: Int64] = [:]
    /// When that was last heard (ISO 8601, UTC).
    public var said = ""

    /// Somebody came with it.
    mutating func add(_ publisher: String, upTo position: Int64) {
        positions[publisher] = max(positions[publisher] ?? 0, position)
    }

    static func path(in data: DataFolder) -> String { data.broker + "/lost-end.json" }

    /// What is kept; nil: nothing is. A file that cannot be read says at least that there was something.
    public static func kept(in data: DataFolder) -> LostEnd? {
        guard FileManager.default.fileExists(atPath: path(in: data)) else { return nil }
        let bytes = FileManager.default.contents(atPath: path(in: data)) ?? Data()
        return (try? JSONDecoder().decode(LostEnd.self, from: bytes)) ?? LostEnd()
    }

    func write(_ data: DataFolder) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        try writeFile(Self.path(in: data), [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")], mode: 0o600)
    }

    /// What was missed is there again: nobody has to say anything.
    static func settle(_ data: DataFolder, upTo position: Int64) throws {
        guard let lost = kept(in: data), let last = lost.positions.values.max(), last <= position else { return }
        unlink(path(in: data))
        try syncFolder(data.broker)
    }

    /// What it means, and the way out.
    public func text(in data: DataFolder) -> String {
        let all = Dictionary(grouping: positions.keys.sorted()) { positions[$0] ?? 0 }.sorted { $0.key < $1.key }
        let who = all.map { "\($0.value.joined(separator: ", ")) had records of the ledger up to position \($0.key)" }
        let when = said.isEmpty ? "" : " (last said \(said))"
        return
            "\(who.isEmpty ? "consumers had records of the ledger" : who.joined(separator: "; ")) that it does not hold: its end was lost, or it was restored from an older copy\(when). What publishers had said they hand in again; what the broker alone had said since then (keys enrolled or revoked, logs admitted) is to be said again: hold `pejling keys list` against what was done (where nothing was handed in since, and a copy that was elsewhere has it, `pejling ledger mend --from COPY` puts it back). When that is done, delete \(Self.path(in: data))"
    }
}
