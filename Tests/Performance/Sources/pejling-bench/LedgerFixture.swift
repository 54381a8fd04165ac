import Broker
import Foundation
import Ledger
import PolicyModel
import Wire
import ZeroMQ

/// A data folder with a ledger of many records of all forvaltninger, signed as they would be; and one who may follow it.
final class LedgerFixture {
    let folder: String
    let data: DataFolder
    let follower = "bench"
    let followerCurve: CurveKeyPair
    let signing: SigningKey
    /// With the broker's own enrolments.
    let records: Int64

    init(records: Int, city: City, folder: String) throws {
        followerCurve = try CurveKeyPair.generate()
        let key = SigningKey()
        var enrolments = try city.forvaltninger.map {
            Enrolment(
                publisher: $0.code, role: .node, curveKey: try CurveKeyPair.generate().publicKey.z85,
                signKey: key.publicKey.hex, admittedBy: "bench")
        }
        enrolments.append(
            Enrolment(
                publisher: follower, role: .coordinator, curveKey: followerCurve.publicKey.z85,
                signKey: key.publicKey.hex, admittedBy: "bench"))
        data = try makeData(folder, admitting: enrolments)
        signing = try BrokerKeys(folder: data.broker).signing
        let ledger = try LedgerStore(folder: data.broker, synthetic: true, key: signing)
        var chains = [ChainHead](repeating: .empty, count: city.forvaltninger.count)
        let perBatch = Supply.linesPerBatch
        var made = 0
        while made < records {
            try ledger.commit(at: Date()) { transaction in
                for (place, forvaltning) in city.forvaltninger.enumerated() where made < records {
                    let log = String(repeating: "0", count: 31) + String(place)
                    for _ in 0..<min(perBatch, records - made) {
                        let draft = try Content.opaque.draft(made, of: forvaltning)
                        let line = try chains[place].next(
                            publisher: forvaltning.code, log: log, at: Timestamp.seconds(Date()), by: draft.by,
                            kind: draft.kind, id: draft.id, policy: nil, body: draft.body, synthetic: true)
                        try transaction.append(line)
                        chains[place].advance(over: line)
                        made += 1
                    }
                    let statement = BatchStatement(
                        publisher: forvaltning.code, log: log, seq: chains[place].seq, hash: chains[place].hash)
                    try transaction.keep(
                        signature: try key.sign(statement), keyID: String(key.publicKey.hex.prefix(16)), for: statement)
                }
            }
        }
        self.folder = folder
        self.records = ledger.head.position
    }
}
