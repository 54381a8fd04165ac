import ArgumentParser
import Broker
import Foundation
import Ledger

extension LedgerCommand {
    struct Salvage: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a whole ledger from what can be read of a damaged file, and from copies for the rest.",
            discussion: """
                A start of Pejling does it by itself, in place, where what is made is proved to be all that there was. This is for where it \
                says that it cannot, or to look first. No backup is needed: what cannot be read comes from the coordinator's copy of the \
                feed in the data folder, those of policies and nodes, damaged ledgers that were kept there, and what --from names. The \
                damaged file is only read. Stop Pejling first.

                  pejling ledger salvage --out /backup/salvaged
                  pejling ledger restore --from /backup/salvaged        puts it in place; the damaged file is kept

                The new ledger verifies in whole, signatures included, and goes as far as the broker had said (`broker/state.json`), and as far as \
                anything can be read, or it is not made.

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
                if !outcome.isToStanding {
                    standardError(
                        "\(data.broker)/state.json does not say how far the ledger went: that this is all of it was held against the damaged file alone"
                    )
                }
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
