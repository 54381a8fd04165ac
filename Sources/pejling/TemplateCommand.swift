import ArgumentParser
import EntrySheets
import Foundation
import Ledger
import PluginKit
import PolicyModel
import Spreadsheets
import Wire

struct TemplateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "template",
        abstract: "Writes a spreadsheet to fill in: a row for each thing that is due.",
        discussion: """
            pejling template --node BIF --out bif.xlsx                            all that is due
            pejling template --node BIF --follow-up lgbti/2019 --out lgbti.csv    one follow-up

            Last time's answers are shown, what is said already is filled in, and only what is to be filled in can be written in. An \
            .xlsx has a sheet for states, one for figures and one that explains; a .csv is one table that Danish Excel opens. \
            `pejling import` reads it back. No network is needed.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @Option(help: "The forvaltning that answers: BIF, ØKF or OKF …") var node: String
    @Option(help: "The follow-up, such as lgbti/2019. May be repeated. Default: all that lack an answer.")
    var followUp: [String] = []
    @Option(help: "The file to write, .xlsx or .csv.") var out: String
    @Option(help: "da or en.") var lang: Lang = .da
    @Flag(help: "Write over a file that is there; what was filled in there is gone.") var replace = false
    @Option(help: "text or json.") var format: Answer = .text

    enum Answer: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() throws {
        try orFail {
            let kind = (out as NSString).pathExtension.lowercased()
            guard kind == "xlsx" || kind == "csv" else {
                throw Failure(description: "--out “\(out)” ends in neither .xlsx nor .csv")
            }
            guard replace || !FileManager.default.fileExists(atPath: out) else {
                throw Failure(
                    description: "\(out) is there already, and may be filled in: name another file, or add --replace")
            }
            let door = try NodeDoor(folders, plugins, node: node)
            let now = try door.data.clock.now()
            var list = try door.asked(at: now)
            list.followUps = try chosen(list, door)
            let template = Template(list, lang.language)
            let bytes =
                kind == "xlsx"
                ? try template.workbook(created: Int(now.timeIntervalSince1970)).xlsx()
                : danishCSV(template.table(), above: template.aboveCSV)
            try writeFile(out, bytes, mode: 0o644)
            say(template, list)
        }
    }

    private func chosen(_ list: AskedList, _ door: NodeDoor) throws -> [AskedFollowUp] {
        guard !followUp.isEmpty else {
            let due = list.followUps.filter(\.isDue)
            guard !due.isEmpty else {
                throw Failure(
                    description:
                        "nothing lacks an answer of \(door.forvaltning.code)\(list.followUps.isEmpty ? " (it has followed no definitions yet: run `pejling up` once)" : ": name a --follow-up to correct one, such as \(list.followUps.last?.id ?? "")")"
                )
            }
            return due
        }
        return try followUp.map { id in
            guard let found = list.followUps.first(where: { $0.id == id }) else {
                let nearest = nearestIDs(to: id, among: list.followUps.map(\.id), count: 1).first
                throw Failure(
                    description:
                        "\(door.forvaltning.code) owes nothing for “\(id)”\(nearest.map { "; did you mean \($0)?" } ?? "")"
                )
            }
            return found
        }
    }

    private func say(_ template: Template, _ list: AskedList) {
        let closed = list.followUps.filter { !$0.entry.takesAnswers }.map(\.id)
        if format == .json {
            struct Written: Encodable {
                let file: String, node: String, followUps: [String], rows: Int, closed: [String]

                enum CodingKeys: String, CodingKey {
                    case file, node, rows, closed
                    case followUps = "follow_ups"
                }
            }
            let written = Written(
                file: out, node: list.forvaltning.code, followUps: list.followUps.map(\.id), rows: template.count,
                closed: closed)
            if let line = try? encodeBody(written) { standardOutput(String(decoding: line, as: UTF8.self)) }
            return
        }
        standardOutput("\(out): \(template.count) rows for \(list.followUps.map(\.id).joined(separator: ", "))")
        for id in closed { standardOutput("note: \(id) takes no answers now") }
        standardOutput("when it is filled in: pejling import \(out) --node \(list.forvaltning.key)")
    }
}

extension NodeDoor {
    /// All that the forvaltning is asked for, by what its node knows.
    func asked(at now: Date) throws -> AskedList {
        guard let today = Day(Timestamp.seconds(now)) else { throw Failure(description: "the clock shows no day") }
        return AskedList(try desk(), isSynthetic: data.isSynthetic, on: today, position: try position())
    }
}
