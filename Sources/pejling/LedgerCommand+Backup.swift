import ArgumentParser
import Broker
import Catalogue
import Foundation
import Ledger

extension LedgerCommand {
    struct BackUp: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "backup",
            abstract:
                "Copies the data folder while all runs: ledger, logs, private stores, keys; and verifies the copy.",
            discussion: """
                `pejling ledger restore` puts it back (Docs/operator-guide.md, “Backup and restore”). It holds the keys: keep it as you \
                keep them.

                  pejling ledger backup --out /backup/pejling-2026-11-25
                  pejling ledger backup --node SOF --out /backup/sof      a node on its own machine

                Exit codes: 0 done, and the copy verifies; 1 no copy was made, said why.
                """)

        @OptionGroup var folders: Folders
        @Option(help: "The folder to make; it must not be there yet.") var out: String
        @Option(help: "Only this node's folder: BIF, ØKF or OKF.") var node: String?

        func run() throws {
            try orFail {
                let data = try folders.existingData()
                func progress(_ part: String) { if isWatched { standardError("copying \(part)") } }
                let contents: Backup.Contents
                if let node {
                    let city = try ConfigurationFolder(folders.config).city()
                    let forvaltning = try forvaltning(node, in: city, "--node")
                    contents = try Backup.part("nodes/\(forvaltning.key)", of: data, to: out, progress: progress)
                } else {
                    contents = try Backup.all(of: data, to: out, progress: progress)
                    try verify()
                }
                if data.isSynthetic { standardOutput(exampleBanner) }
                standardOutput(
                    "\(out): \(contents.databases) files of data (\(contents.bytes / 1024) KiB) and \(contents.keys) keys\(node == nil ? "; the ledger in it verifies" : "")"
                )
            }
        }

        private func verify() throws {
            let copy = try DataFolder(existing: out)
            let key = try BrokerKeys(folder: copy.broker).signing.publicKey
            let result = try LedgerVerifier.verify(folder: copy.broker, brokerKey: key) { done, total in
                if isWatched { standardError("verifying the copy: \(done) of \(total) records") }
            }
            guard let fault = result.fault else { return }
            throw Failure(
                description:
                    "the copy does not verify, for the ledger it was made from does not: \(fault). Keep it, and see `pejling ledger verify`"
            )
        }
    }
}
