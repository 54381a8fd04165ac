import ArgumentParser
import Foundation
import Ledger
import Wire

struct ClockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clock",
        abstract: "Shows what time it is for records; sets it, for example data.",
        discussion: """
            pejling clock --data var-demo                          the time, and whose clock it is
            pejling clock 2020-02-01T09:00:00Z --data var-demo     from now on all that is said has this time

            Only example data (`pejling up --synthetic`, `pejling demo`) has a clock that can be set. It stands still until it is \
            set again, and never goes back. A day means its first second. Real data goes by the system's clock.
            """)

    @OptionGroup var folders: Folders
    @Argument(help: "A day (2020-02-01) or a time in UTC (2020-02-01T09:00:00Z). Default: show the clock.")
    var time: String?
    @Option(help: "text or json.") var format: Format = .text

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    private struct Answer: Encodable {
        /// What it is now, for records.
        let time: String
        let synthetic: Bool
        /// Whether it was set: it then stands still.
        let set: Bool
    }

    func run() throws {
        try orFail {
            let data = try time == nil ? folders.existingData() : folders.ownData()
            if let time { try data.setClock(to: parsedTime(time, "TIME")) }
            let answer = Answer(
                time: Timestamp.seconds(try data.clock.now()), synthetic: data.isSynthetic,
                set: try data.clock.set != nil)
            switch format {
            case .json:
                let encoder = JSONEncoder()
                encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
                standardOutput(String(decoding: try encoder.encode(answer), as: UTF8.self))
            case .text:
                let whose =
                    !data.isSynthetic
                    ? "the system's clock: \(data.path) holds real data"
                    : answer.set
                        ? "the clock of \(data.path), example (synthetic) data; it stands still until it is set"
                        : "the system's clock: that of \(data.path), example (synthetic) data, is not set"
                standardOutput("\(answer.time)  \(whose)")
            }
        }
    }
}

/// A day or a time in UTC, as an option or argument gives it.
func parsedTime(_ text: String, _ option: String) throws -> Date {
    guard let time = Timestamp.date(text.count == 10 ? text + "T00:00:00Z" : text) else {
        throw Failure(description: "\(option) “\(text)” is no time such as 2020-02-01 or 2020-02-01T09:00:00Z")
    }
    return time
}
