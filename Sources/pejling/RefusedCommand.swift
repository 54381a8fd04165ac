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

            A refused record counts nowhere. It stays in the log, and `pejling stat` marks it until it was shown here once: what is \
            shown counts as looked at. Say it anew, corrected. With or without a broker, on a node's own machine too.
            """)

    @OptionGroup var folders: Folders
    @Flag(help: "Also those that were looked at.") var all = false

    func run() throws {
        try orFail {
            let data = try folders.ownData()
            if data.isSynthetic { standardOutput(exampleBanner) }
            var isEmpty = true
            for folder in data.logFolders {
                let log = try PublisherLog(
                    folder: folder, publisher: try LogStanding(folder: folder).publisher, synthetic: data.isSynthetic,
                    create: false)
                let letters = try log.deadLetters(lookedAtToo: all)
                for letter in letters {
                    let what = [letter.kind, letter.id].compactMap { $0 }.joined(separator: " ")
                    standardOutput(
                        "\(letter.name)\(what.isEmpty ? "" : ", \(what)"): \(letter.text.isEmpty ? "redacted" : letter.text.replacing("\n", with: " / ")) [\(letter.rule)]"
                    )
                }
                isEmpty = isEmpty && letters.isEmpty
                try log.lookedAt(letters)
            }
            if isEmpty { standardOutput(all ? "nothing was refused" : "nothing was refused that nobody has looked at") }
        }
    }
}
