import ArgumentParser
import Broker
import Foundation
import Ledger
import Wire

struct LedgerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "The ledger itself.",
        subcommands: [
            Verify.self, Export.self, Import.self, BackUp.self, Restore.self, Mend.self, Salvage.self, AdmitLog.self,
        ])

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Checks every record: chain, body, root, signature. Names the first that does not hold.",
            discussion: """
                pejling ledger verify --format json      it may run beside the broker

                Exit codes: 0 all of it holds; 1 it does not, or cannot be read: the first thing is named; 64 the command line is wrong; \
                74 it could not be written.
                """)

        @OptionGroup var folders: Folders
        @Option(help: "text or json.") var format: Format = .text

        enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

        func run() throws {
            try orFail {
                let data = try folders.existingData()
                try Ledger.Restore.refuseUnfinished(data.broker)
                let keyPath = data.broker + "/sign.key"
                guard let seed = FileManager.default.contents(atPath: keyPath),
                    let key = SigningKey(seed: [UInt8](seed))
                else {
                    throw StoreError(
                        .damaged,
                        "\(keyPath) is not there or is no key: the broker's own signatures cannot be checked. Restore it from a backup"
                    )
                }
                // Before the ledger, which a running broker only moves ahead of it.
                let standing = BrokerState.read(data)?.state.standing
                let result = try LedgerVerifier.verify(
                    folder: data.broker, brokerKey: key.publicKey, from: standing
                ) { done, total in
                    if isWatched { standardError("\(done) of \(total) records") }
                }
                if format == .json {
                    let fields: [String: any Encodable] = [
                        "records": result.records, "publishers": result.publishers, "signatures": result.signatures,
                        "checkpoints": result.checkpoints, "last_checkpoint": result.lastCheckpoint,
                        "root": result.root.hex, "fault": result.fault, "redacted": result.redacted,
                        "awaiting_order": result.awaitingOrder.map(\.description),
                        "awaiting_signature": result.awaitingSignature.map(\.description),
                        "synthetic": data.isSynthetic,
                    ]
                    let encoder = JSONEncoder()
                    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
                    let parts = try fields.sorted { $0.key < $1.key }.map { key, value in
                        "\"\(key)\":" + String(decoding: try encoder.encode(value), as: UTF8.self)
                    }
                    standardOutput("{" + parts.joined(separator: ",") + "}")
                } else if result.fault == nil {
                    if data.isSynthetic { standardOutput(exampleBanner) }
                    standardOutput(
                        "\(result.records) records of \(result.publishers) publishers hold: chains, bodies, roots, \(result.checkpoints) checkpoints and \(result.signatures) signatures\nroot \(result.root.hex)"
                    )
                    if result.redacted > 0 { standardOutput("\(result.redacted) of them without a body, by order") }
                    for name in result.awaitingOrder {
                        standardOutput("\(name) came without its body: its publisher has yet to send the order")
                    }
                    for name in result.awaitingSignature {
                        standardOutput(
                            "\(name) is covered by no signature since the ledger was made anew: its publisher signs it when it connects"
                        )
                    }
                }
                if let fault = result.fault {
                    throw Failure(
                        description:
                            "\(fault). \(result.records) records before it hold. Keep the folder as it is: a start of Pejling mends what copies here have; `pejling ledger mend --help`, `pejling ledger salvage --help` and `pejling ledger restore --help` say what else helps"
                    )
                }
            }
        }
    }
}
