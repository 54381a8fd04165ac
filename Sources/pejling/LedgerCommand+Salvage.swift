import ArgumentParser
import Broker
import Foundation
import Ledger

extension LedgerCommand {
    struct Salvage: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a whole ledger from what can be read of a damaged file, and from copies for the rest.",
            discussion: """
                For a file that `ledger mend` cannot help: a page of it is lost, and the broker does not start. No backup is needed: what \
                cannot be read comes from the coordinator's copy of the feed in the data folder, those of policies and nodes, and what \
                --from names. The damaged file is only read. Stop Pejling first.

                  pejling ledger salvage --out /backup/salvaged
                  pejling ledger restore --from /backup/salvaged        puts it in place; the damaged file is kept

                The new ledger verifies in whole, signatures included, and goes as far as the broker had said, or it is not made.

                Exit codes: 0 it is made; 1 it is not, said why; nothing was changed then.
                """)

        @OptionGroup var folders: Folders
        @Option(help: "The folder to make; it must not be there yet.") var out: String
        @Option(help: "As of `ledger mend`: a backup, a replica.sqlite of a coordinator elsewhere. May be repeated.")
        var from: [String] = []

        func run() throws {
            try orFail {
                let data = try folders.ownData()
                try refuseNoLedger(data)
                let outcome = try LedgerDoor.salvage(data, to: out, copies: try namedCopies(from)) { done in
                    if isWatched { standardError("\(done) records") }
                }
                if data.isSynthetic { standardOutput(exampleBanner) }
                standardOutput(
                    """
                    \(out): a ledger of \(outcome.ledger.records) records, \(outcome.fromCopies) of them from copies; it verifies
                    root \(outcome.ledger.root.hex)
                    next: pejling ledger restore --from \(out)
                    """)
            }
        }
    }
}
