import ArgumentParser
import Broker
import Catalogue
import Foundation
import Ledger
import PluginKit

extension LedgerCommand {
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Writes records to a file, as lines: the ledger's, or a node's own to hand over where there is no network.",
            discussion: """
                Each line is a record as its publisher made it: envelope, tab, body; behind a second tab the signature where it \
                ends a signed batch. So anybody can verify it (Docs/protocol.md, “Files of lines”). A node's file can be imported; \
                the ledger's is for reading: no ledger is made from it, and what is to be put back one day is `pejling ledger backup`.

                  pejling ledger export --out ledger.lines             every record, beside a running broker
                  pejling ledger export --node BIF --out bif.lines     what the node has to say, signed by its key
                  cut -f1 bif.lines | head -1 | tr -d '\\n' | sha256sum    the hash of the first record

                Exit codes: 0 done; 1 nothing was written, said why.
                """)

        @OptionGroup var folders: Folders
        @Option(help: "The file to write; it must not be there yet.") var out: String
        @Option(help: "The node whose log is written: BIF, ØKF or OKF. Without it: the ledger.") var node: String?
        @Option(help: "With --node: only records after this seq.") var after: Int64 = 0

        func validate() throws {
            guard after >= 0, node != nil || after == 0 else {
                throw ValidationError("--after \(after): a seq from 0 on, together with --node")
            }
        }

        func run() throws {
            try orFail {
                // A node's log is opened to be written: what it was told meanwhile is carried out.
                let data = try node == nil ? folders.existingData() : folders.ownData()
                let writer = try LineWriter(out)
                if let node {
                    try export(node, data, writer)
                } else {
                    let count = try LedgerExport.write(folder: data.broker, to: writer) { done, total in
                        if isWatched { standardError("\(done) of \(total) records") }
                    }
                    try writer.finish()
                    standardOutput(
                        "\(out): \(count) records of the ledger, for reading and checking. To put it back one day: pejling ledger backup"
                    )
                }
                if data.isSynthetic { standardOutput(exampleBanner) }
            }
        }

        private func export(_ node: String, _ data: DataFolder, _ writer: LineWriter) throws {
            let city = try ConfigurationFolder(folders.config).city()
            let forvaltning = try forvaltning(node, in: city, "--node")
            let folder = data.plugin(forvaltning.key, isNode: true)
            let log = try PublisherLog(
                folder: folder, publisher: forvaltning.code, synthetic: data.isSynthetic, create: false)
            guard FileManager.default.fileExists(atPath: folder + "/keys/sign.key") else {
                throw StoreError(.missing, "\(folder)/keys holds no signing key. Restore it from a backup")
            }
            let key = try PluginKeys(folder: folder).signing
            let (count, first) = try log.export(after: after, key: key, to: writer) { done in
                if isWatched { standardError("\(done) records") }
            }
            guard count > 0 else {
                let end = try log.head().seq
                throw Failure(
                    description: end == 0
                        ? "\(forvaltning.code) has nothing to hand over: its log is empty"
                        : "\(forvaltning.code) has nothing after \(after): the last record of its log is \(end)"
                )
            }
            try writer.finish()
            standardOutput(
                "\(out): \(count) records of \(forvaltning.code), \(first) to \(first + count - 1). At the broker's machine: pejling ledger import \(out)"
            )
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes in a file of lines that a node handed over.",
            discussion: """
                By the rules that hold for what comes over the network: the publisher's enrolled key, its chain, its kinds. The \
                same record by both ways counts once. A batch is taken whole or not at all; the first that does not hold ends \
                it, with file:line, and those before it stay. With or without a running broker, to which the content is handed: \
                only this command needs to be able to read the file.

                It is for what `pejling ledger export --node` wrote. Of the export of a whole ledger only that is taken which \
                enrolled publishers signed and whose logs go on here; what the broker itself said never is. A ledger is put \
                back by `pejling ledger restore`, damaged records by `pejling ledger mend`.

                  pejling ledger import bif.lines

                Exit codes: 0 all of it is in the ledger; 1 not all, said where and why.
                """)

        @OptionGroup var folders: Folders
        @Argument(help: "A file that `pejling ledger export --node` wrote.") var file: String

        func run() async throws {
            try await orFail {
                let data = try folders.existingData()
                let city = try ConfigurationFolder(folders.config).city()
                if let size = try? FileManager.default.attributesOfItem(atPath: file)[.size] as? Int, size == 0 {
                    throw Failure(
                        description:
                            "\(file):1: it is empty. Was it copied to the end? `pejling ledger export --node` says how many records it wrote"
                    )
                }
                try await carryOut(.handOver(file: file), handing: file, on: data) { ledger in
                    try ledger.takeOver(file: file, city: city, clock: data.clock) { percent in
                        if isWatched { standardError("\(percent) %") }
                    }
                }
            }
        }
    }
}
