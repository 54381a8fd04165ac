import ArgumentParser
import Broker
import Catalogue
import Foundation
import Ledger

extension LedgerCommand {
    struct Restore: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts a backup copy in place: verifies it first, and keeps what was there.",
            discussion: """
                For what `pejling ledger backup` made. The ledger and the broker's keys come from the copy; so does the folder of each \
                plugin that is not there at all. Folders that are there stay: they are newer, and hand in again what the copy does \
                not hold. What was in the place of the ledger is moved into `broker/replaced-<time>`, never deleted. Stop Pejling first.

                  pejling ledger restore --from /backup/pejling-2026-11-25
                  pejling ledger restore --node SOF --from /backup/sof      a node on its own machine

                Exit codes: 0 done; 1 nothing was changed, said why. When it was interrupted, run it again.
                """)

        @OptionGroup var folders: Folders
        @Option(help: "The copy: a folder that `pejling ledger backup` made. It is only read.") var from: String
        @Option(help: "Only this node's folder: BIF, ØKF or OKF.") var node: String?

        func run() throws {
            try orFail {
                let copy: DataFolder
                do { copy = try DataFolder(existing: from) } catch let error as StoreError where error.code == .missing
                {
                    throw StoreError(
                        .missing,
                        "\(from) is no copy of a data folder (there is no pejling.json in it): name the folder that `pejling ledger backup` or `pejling ledger salvage` made with --from"
                    )
                }
                try DataFolder.refuseRootInAnothers(folders.data)
                let data = try DataFolder(creating: folders.data, synthetic: copy.isSynthetic)
                if let node {
                    try restore(node, copy, data)
                } else {
                    try restoreAll(copy, data)
                }
            }
        }

        private func restore(_ node: String, _ copy: DataFolder, _ data: DataFolder) throws {
            let forvaltning = try forvaltning(node, in: try ConfigurationFolder(folders.config).city(), "--node")
            let part = "nodes/\(forvaltning.key)"
            let (records, aside, faults) = try Ledger.Restore.part(part, from: copy, to: data, at: data.clock.now())
            if data.isSynthetic { standardOutput(exampleBanner) }
            standardOutput("\(data.path)/\(part): the log of \(forvaltning.code) with \(records) records is in place")
            if let aside { standardOutput("what was there is kept in \(aside)") }
            warn(faults)
            standardOutput(
                "next: start it before anything is entered: it fetches from the ledger what it said since. Drafts of that time are only in what was there"
            )
        }

        private func warn(_ faults: [String]) {
            guard !faults.isEmpty else { return }
            standardOutput("the copy is not whole (look for an older one, or in what was there):")
            for fault in faults { standardOutput("  \(fault)") }
        }

        private func restoreAll(_ copy: DataFolder, _ data: DataFolder) throws {
            let before = BrokerState.read(data)?.state.position
            let outcome = try Ledger.Restore.all(from: copy, to: data, at: data.clock.now()) { part in
                if isWatched { standardError("copying \(part)") }
            } verifying: { done, total in
                if isWatched { standardError("verifying the copy: \(done) of \(total) records") }
            }
            let ledger = outcome.ledger
            if data.isSynthetic { standardOutput(exampleBanner) }
            standardOutput(
                "\(data.broker): a ledger of \(ledger.records) records of \(ledger.publishers) publishers is in place, and verifies; the last was received \(ledger.received)\nroot \(ledger.root.hex)"
            )
            if let aside = outcome.aside {
                let held = before.map { $0 > 0 ? " (it held \($0) records)" : "" } ?? ""
                standardOutput("what was there\(held) is kept in \(aside)")
            }
            if !outcome.missing.isEmpty {
                standardOutput("not there, and so from the copy too: \(outcome.missing.joined(separator: ", "))")
            }
            warn(outcome.faults)
            standardOutput(
                """
                next: `pejling up`. What copies of the feed here were given after position \(ledger.records) it puts back first, as it was, \
                what the broker itself said among it. What none of them has, publishers hand in again, and copies of another history \
                are kept aside and read again.
                What only the broker had said, and no copy has, is gone: look at `pejling keys list` for keys enrolled \
                or revoked since, and at `pejling plugin list` for logs that wait.
                """)
        }
    }
}
