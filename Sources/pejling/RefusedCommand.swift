import ArgumentParser
import Foundation
import Ledger
import PolicyModel

struct RefusedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refused",
        abstract: "Which records the broker refused for their content, and why; out of the logs on this machine.",
        discussion: """
            pejling refused            those that nobody has looked at
            pejling refused --all      all, since ever
            pejling refused --format json

            A refused record counts nowhere. It stays in the log, and `pejling stat` marks it until it was shown here once: what is \
            shown counts as looked at. Say it anew, corrected. With or without a broker, on a node's own machine too.

            Exit code: 0; 1 where a log cannot be read (the others are shown); 64 for wrong arguments.
            """)

    @OptionGroup var folders: Folders
    @Flag(help: "Also those that were looked at.") var all = false
    @Option(help: "text or json.") var format: Format = .text

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    private struct Shown: Encodable {
        let publisher: String
        let log: String
        let seq: Int64
        let kind: String?
        let id: String?
        let rule: String
        let text: String
        /// Example data, never real.
        let synthetic: Bool
    }

    func run() throws {
        try orFail {
            let data = try folders.ownData()
            if data.isSynthetic, format == .text { standardOutput(exampleBanner) }
            var shown: [Shown] = []
            var faults: [String] = []
            // Looked at is what was written out, and not what a reader that is gone did not take.
            var looked: [(log: PublisherLog, letters: [DeadLetter])] = []
            for folder in data.logFolders {
                do {
                    let next = try open(folder, synthetic: data.isSynthetic)
                    looked.append(next)
                    shown += show(next.letters, synthetic: data.isSynthetic)
                } catch let error as StoreError {
                    // One that is damaged hides none of the others'.
                    faults.append("\(error)")
                }
            }
            if format == .json {
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
                standardOutput(String(decoding: try encoder.encode(shown), as: UTF8.self))
            } else if shown.isEmpty, faults.isEmpty {
                standardOutput(all ? "nothing was refused" : "nothing was refused that nobody has looked at")
            }
            for (log, letters) in looked { try log.lookedAt(letters) }
            if !faults.isEmpty { throw Failure(description: faults.joined(separator: "\n")) }
        }
    }

    private func open(_ folder: String, synthetic: Bool) throws -> (log: PublisherLog, letters: [DeadLetter]) {
        let log = try PublisherLog(
            folder: folder, publisher: try LogStanding(folder: folder).publisher, synthetic: synthetic, create: false)
        return (log, try log.deadLetters(lookedAtToo: all))
    }

    private func show(_ letters: [DeadLetter], synthetic: Bool) -> [Shown] {
        for letter in letters where format == .text {
            let what = [letter.kind, letter.id].compactMap { $0 }.joined(separator: " ")
            let text = letter.text.isEmpty ? "redacted" : letter.text.replacing("\n", with: " / ")
            standardOutput("\(letter.name)\(what.isEmpty ? "" : ", \(what)"): \(text) [\(letter.rule)]")
        }
        return letters.map {
            Shown(
                publisher: $0.name.publisher, log: $0.name.log, seq: $0.name.seq, kind: $0.kind, id: $0.id,
                rule: $0.rule, text: $0.text, synthetic: synthetic)
        }
    }
}
