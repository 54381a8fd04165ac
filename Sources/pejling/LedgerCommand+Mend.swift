import ArgumentParser
import Broker
import Foundation
import Ledger
import Logging

extension LedgerCommand {
    struct Mend: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Puts damaged records back from a copy, and verifies the whole ledger.",
            discussion: """
                Each start of the broker does it by itself, from the copies of the feed in the data folder and from the publishers' logs. \
                This is for what only another copy has: the folder of a backup or its broker/ledger.sqlite; the replica.sqlite of a \
                coordinator elsewhere. Stop Pejling first.

                A lost end: what COPY has beyond the end of the ledger here is put back with --yes, where it goes on from the last record \
                here: nothing proves it but COPY. Do it before Pejling is started: what is written first takes these places.

                Damage beside lines, a page that is lost: the ledger is made anew in its place, of what can be read and of the copies, where \
                that is proved to be all that the broker had said.

                Only the line whose hash the ledger holds is put back, wherever it comes from. The damaged ledger is copied to \
                `broker/damaged-<time>` before anything is written. COPY is only read; a file of it that cannot be read is named and \
                passed over. Where several copies hold a part each, name them all, or one after the other: what is found is put back, \
                and the positions of what is left are said.

                  pejling ledger mend --from /backup/pejling-2026-11-25
                  pejling ledger mend --from /backup/older --from replica-of-the-coordinator.sqlite

                Exit codes: 0 the whole ledger verifies, mended or not damaged at all; 1 it does not, and what was done is said.
                """)

        @OptionGroup var folders: Folders
        @Option(
            help:
                "A backup's folder, its broker/ledger.sqlite, a replica.sqlite, or a policy's log.sqlite. May be repeated."
        )
        var from: [String]
        @Flag(
            help:
                "Believe what COPY has beyond the end of the ledger, which nothing here proves; the broker's own words among it are said before."
        )
        var yes = false

        func run() throws {
            try orFail {
                let data = try folders.ownData()
                try refuseNoLedger(data)
                let copies = try namedCopies(from)
                let (count, remade, left, head, remarks) = try LedgerDoor.write(
                    data, copies: copies, trusts: yes, log: commandLog
                ) { ledger, _ in
                    (
                        ledger.mendedCount, ledger.remaking != nil, ledger.damaged, ledger.head,
                        copies.compactMap { remark($0, ledger) }
                    )
                }
                remarks.forEach { standardError($0) }
                if data.isSynthetic { standardOutput(exampleBanner) }
                let mended = remade ? "the ledger was made anew" : "\(count) damaged records were put back"
                if let first = left.first {
                    throw Failure(
                        description:
                            "\(mended), and \(left.count) are in no copy (\(left.places)): \(first.text) (\(first.name)). Start Pejling: their publishers are asked for them"
                    )
                }
                standardOutput(
                    "\(count == 0 && !remade ? "nothing is damaged" : mended): all \(head.position) records verify\nroot \(head.root.hex)"
                )
            }
        }

        /// Why a copy has records that the ledger has not, and that were not put back; nil: it has none such.
        private func remark(_ copy: LedgerCopy, _ ledger: LedgerStore) -> String? {
            if let position = copy.parting(from: ledger) {
                return
                    "\(copy.path) is of another history of the ledger: at position \(position) it has another record than stands here. What it has from where they part cannot be put back: it can be read there (`sqlite3 -readonly`), and what the broker alone had said is to be said again (`pejling keys list`)"
            }
            let (last, head) = (copy.records(beyond: ledger.head).last, ledger.head.position)
            return last > head
                ? "\(copy.path) has records up to position \(last), and lacks \(head + 1): what it has behind that cannot be put back without it"
                : nil
        }
    }
}

/// What `--from` names; what of it cannot be read is said, and passed over.
func namedCopies(_ paths: [String]) throws -> [LedgerCopy] {
    try paths.flatMap { path in
        try LedgerCopy.named(path) { standardError("passed over: \($0.message)") }
    }
}

/// A command that works on the ledger makes none.
func refuseNoLedger(_ data: DataFolder) throws {
    guard FileManager.default.fileExists(atPath: data.broker + "/ledger.sqlite") else {
        throw StoreError(
            .missing,
            "\(data.broker) holds no ledger: it lies where the broker runs. On that machine `pejling up` makes it; on a node's own machine there is none"
        )
    }
}

/// What a command says of damage that it meets: in plain lines on standard error.
let commandLog: Logger = {
    struct Plain: LogHandler {
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .warning

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) { standardError("\(event.message)") }
    }
    return Logger(label: "pejling") { _ in Plain() }
}()
