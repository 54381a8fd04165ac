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
                keep them. On a machine of a node it copies what is there.

                  pejling ledger backup --out /backup/pejling-2026-11-25
                  pejling ledger backup --node SOF --out /backup/sof      one node only

                Exit codes: 0 all is copied, and the copy verifies. 1 not all: each file that is missing or damaged is named, and the \
                text says whether the copy is in its place (the ledger in it verifies; it is a backup of all else) or was not made: \
                then what could be copied is in OUT.incomplete, and is no backup. Keep the copies before it in both cases.
                """)

        @OptionGroup var folders: Folders
        @Option(help: "The folder to make; it must not be there yet, nor lie in the data folder.") var out: String
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
                    // Before the ledger, which a running broker only moves ahead of it.
                    let standing = BrokerState.read(data)?.state.standing
                    contents = try Backup.all(of: data, to: out, from: standing, progress: progress) { done, total in
                        if isWatched { standardError("verifying the copy: \(done) of \(total) records") }
                    }
                }
                try say(contents, of: data)
            }
        }

        private func say(_ contents: Backup.Contents, of data: DataFolder) throws {
            if data.isSynthetic { standardOutput(exampleBanner) }
            for leftover in contents.leftovers {
                standardError(
                    leftover.isRemoved
                        ? "removed \(leftover.path), which an interrupted backup had left"
                        : "\(leftover.path) was left by an interrupted backup, and holds keys: remove it")
            }
            let verified =
                contents.ledger == nil ? "\(node == nil ? "; no ledger lies here" : "")" : "; the ledger in it verifies"
            standardOutput(
                "\(out): \(contents.databases) files of data (\(contents.bytes / 1024) KiB) and \(contents.keys) keys\(verified)"
            )
            guard !contents.faults.isEmpty else { return }
            throw Failure(
                description:
                    "\(out) is not whole, and says so in incomplete.txt:\n"
                    + contents.faults.map { "  \($0)\n" }.joined()
                    + "Keep the backups before it: they may have these files. Docs/operator-guide.md says what to do about a damaged one"
            )
        }
    }
}
