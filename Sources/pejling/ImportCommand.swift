import ArgumentParser
import EntrySheets
import Foundation
import PluginKit
import PolicyModel
import Reports
import Spreadsheets
import Wire

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Takes in a spreadsheet that was filled in; without --apply it only says what would change.",
        discussion: """
            pejling import bif.xlsx --node BIF                        what would change, and what is wrong
            pejling import bif.xlsx --node BIF --apply                the same, and saves it: all or nothing
            pejling import bif.xlsx --node BIF --apply --hand-in      and hands it in

            States become drafts unless they are handed in; a figure counts as handed in. The rules are those of the commands: each \
            row goes through the node's own executable. A cell that was not touched changes nothing, whatever was said elsewhere \
            meanwhile. Columns are found by their titles. Exit code 1: something is wrong, and nothing is saved.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @Argument(help: "An .xlsx, or a .csv with semicolons, commas or tabs.") var file: String
    @Option(help: "The forvaltning that answers: BIF, ØKF or OKF …") var node: String
    @Option(help: "Your pseudonym, kept with the record; your name stays with your forvaltning.") var person: String?
    @Flag(help: "Save it.") var apply = false
    @Flag(help: "Hand in the follow-ups of the file that have something new.") var handIn = false
    @Option(help: "The largest file that is read, in MB.") var maxSize = 20
    @Option(help: "text or json.") var format: TemplateCommand.Answer = .text
    @Option(help: "The language of states in the list: da or en.") var lang: Lang = .da

    func validate() throws {
        guard (1...500).contains(maxSize) else { throw ValidationError("--max-size goes from 1 to 500") }
    }

    func run() async throws {
        try await orFail {
            let door = try NodeDoor(folders, plugins, node: node)
            var limits = ReadLimits()
            limits.fileBytes = maxSize << 20
            let book = try await SpreadsheetReader(limits: limits).read(file)
            var plan = SheetImport(
                book, into: try door.asked(at: try door.data.clock.now()), person: person, asDraft: !handIn)
            var results: [EntryResult] = []
            let lines = plan.lines(handingIn: handIn, person: person)
            if !lines.isEmpty {
                // What is wrong with the sheet is no reason not to hear what the node would say of the rest.
                let isTried = !apply || !plan.problems.isEmpty
                do { results = try await door.enter(lines, dryRun: isTried) } catch let failure as Failure {
                    guard !failure.refusals.isEmpty else { throw failure }
                    for refusal in failure.refusals { plan.refused(line: refusal.line ?? 0, refusal.refused) }
                }
            }
            let report = ImportReport(
                file: file, node: door.forvaltning.code, plan: plan, results: results,
                isApplied: apply && plan.problems.isEmpty, handsIn: handIn)
            switch format {
            case .json: standardOutput(try report.json())
            case .text: report.show(in: lang.language, key: door.forvaltning.key)
            }
            guard plan.problems.isEmpty else {
                throw Failure(
                    description:
                        "\(plan.problems.count == 1 ? "1 thing is" : "\(plan.problems.count) things are") wrong in \(file); nothing is saved"
                )
            }
        }
    }
}

/// What an import came to, for people and programs.
private struct ImportReport {
    let file: String
    let node: String
    let plan: SheetImport
    let results: [EntryResult]
    let isApplied: Bool
    let handsIn: Bool

    /// More of them are in the JSON only.
    private static let shown = 200

    func show(in language: Language, key: String) {
        for change in plan.changes.prefix(Self.shown) {
            standardOutput("\(change.place)  \(change.about) (\(change.followUp))")
            for field in change.fields {
                standardOutput(
                    "    \(field.title): \(words(field.from, field, language)) → \(words(field.to, field, language))")
            }
        }
        if plan.changes.count > Self.shown {
            standardOutput("… and \(plan.changes.count - Self.shown) rows more (--format json has all)")
        }
        for note in plan.notes + results.compactMap(\.note) { standardOutput("note: \(note)") }
        for problem in plan.problems.prefix(Self.shown) { standardError("\(problem)") }
        if plan.problems.count > Self.shown { standardError("… and \(plan.problems.count - Self.shown) more") }
        let count = "\(plan.rows) rows read, \(plan.changes.count) change, \(plan.unchanged) say what stands already"
        guard plan.problems.isEmpty else { return standardOutput("\(file): \(count)") }
        let handed = results.filter { $0.kind == RecordKind.handin.rawValue }.map { String($0.id.prefix { $0 != "|" }) }
        let drafts = plan.changes.contains { $0.kind == .status } && !handsIn
        if isApplied {
            standardOutput(
                "\(file): \(count); saved\(handed.isEmpty ? "" : ", handed in: \(handed.joined(separator: ", "))")")
            if drafts {
                for id in plan.answered { standardOutput("hand it in with: pejling hand-in \(id) --node \(key)") }
            }
        } else {
            standardOutput(
                "\(file): \(count); checked, nothing wrong, nothing saved\(results.isEmpty ? "" : ": add --apply to save it")"
            )
        }
    }

    private func words(_ answer: String?, _ field: SheetImport.FieldChange, _ language: Language) -> String {
        guard let answer else { return "–" }
        if field.field == "delivery", let state = StatusReport.Delivery(rawValue: answer) {
            return state.name(in: language)
        }
        let line = answer.replacing("\n", with: " ⏎ ")
        return line.count > 100 ? "“\(line.prefix(99))…”" : "“\(line)”"
    }

    func json() throws -> String {
        let output = Output(
            file: file, node: node, rows: plan.rows, unchanged: plan.unchanged, applied: isApplied,
            changes: plan.changes.map {
                Output.Change(
                    followUp: $0.followUp, kind: $0.kind, about: $0.about, sheet: $0.place.sheet, row: $0.place.row,
                    contested: $0.isContested, fields: $0.fields)
            },
            problems: plan.problems.map {
                Output.Problem(
                    rule: $0.rule, sheet: $0.place?.sheet, row: $0.place?.row,
                    column: $0.place?.column.map(columnLetters), title: $0.title, message: $0.message)
            }, notes: plan.notes, results: results)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(output), as: UTF8.self)
    }

    private struct Output: Encodable {
        struct Change: Encodable {
            let followUp: String, kind: Obligation.Kind, about: String, sheet: String?, row: Int, contested: Bool
            let fields: [SheetImport.FieldChange]

            enum CodingKeys: String, CodingKey {
                case kind, about, sheet, row, contested, fields
                case followUp = "follow_up"
            }
        }

        struct Problem: Encodable {
            let rule: String, sheet: String?, row: Int?, column: String?, title: String?, message: String
        }

        let file: String, node: String, rows: Int, unchanged: Int, applied: Bool
        let changes: [Change], problems: [Problem], notes: [String], results: [EntryResult]
    }
}
