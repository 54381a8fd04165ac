import Foundation
import Glibc
import Testing

/// Spreadsheets through the real executables: out, filled in by another program, in, and handed in.
@Suite("Spreadsheets", .serialized, .oneAtATime)
struct SheetTests {
    /// Edits a workbook with openpyxl, as another program would: `edit` sees `book`, and `cell(sheet, about, title)`.
    private func edit(_ town: Town, _ file: String, _ edit: String) throws {
        let script = """
            import openpyxl, sys
            book = openpyxl.load_workbook("\(file)")
            def cell(sheet, about, title, follow_up="lgbti/2019"):
                rows = list(book[sheet].iter_rows())
                header = next(row for row in rows if any(c.value == "Id" for c in row))
                at = {c.value: i for i, c in enumerate(header)}
                row = next(r for r in rows if r[at["Id"]].value == about and r[at["Opfølgning"]].value == follow_up)
                return row[at[title]]
            \(edit)
            book.save("\(file)")
            """
        let result = try town.run("/usr/bin/python3", ["-I", "-c", script])
        try #require(result.code == 0, "\(result.errors)")
    }

    struct Report: Decodable {
        struct Field: Decodable, Equatable { let field: String, from: String?, to: String? }
        struct Change: Decodable { let follow_up: String, about: String, sheet: String?, row: Int, fields: [Field] }
        struct Problem: Decodable {
            let rule: String, sheet: String?, row: Int?, column: String?, title: String?, message: String
        }
        let rows: Int, unchanged: Int, applied: Bool
        let changes: [Change], problems: [Problem], notes: [String]
    }

    private func report(_ town: Town, _ arguments: String...) throws -> (report: Report, code: Int32) {
        let result = try town.pejling(["import"] + arguments + ["--node", "BIF", "--format", "json"])
        return (try JSONDecoder().decode(Report.self, from: Data(result.output.utf8)), result.code)
    }

    /// How many things BIF owes for a follow-up are in each state: `draft 2, missing 4`.
    private func states(_ town: Town, _ followUp: String = "lgbti/2019") throws -> String {
        struct List: Decodable {
            struct Entry: Decodable {
                struct Item: Decodable { let state: String }
                let items: [Item]
            }
            let entries: [Entry]
        }
        let result = try town.pejling("due", "--node", "BIF", "--follow-up", followUp, "--format", "json", "--all")
        let list = try JSONDecoder().decode(List.self, from: Data(result.output.utf8))
        let states = Dictionary(grouping: list.entries.flatMap(\.items), by: \.state)
        return states.map { "\($0.key) \($0.value.count)" }.sorted().joined(separator: ", ")
    }

    static let tryg = "lgbti/bif/tryg-indkvartering"

    @Test("a template is filled in by another program, checked, saved as drafts, and handed in with no broker")
    func wholeWay() throws {
        let town = try Town.made()
        let made = try town.pejling("template", "--node", "BIF", "--follow-up", "lgbti/2019", "--out", "bif.xlsx")
        #expect(made.code == 0)
        #expect(made.output.contains("bif.xlsx: 6 rows for lgbti/2019"))
        // What may be filled in is not written over by a slip.
        let again = try town.pejling("template", "--node", "BIF", "--out", "bif.xlsx")
        #expect(again.code == 1)
        #expect(again.errors.contains("is there already, and may be filled in"))

        let untouched = try report(town, "bif.xlsx", "--apply", "--hand-in")
        #expect(untouched.code == 0)
        #expect(untouched.report.changes.isEmpty)
        #expect(untouched.report.unchanged == 6)

        try edit(
            town, "bif.xlsx",
            """
            cell("Status", "\(Self.tryg)", "Stade").value = "I gang efter planen"
            cell("Status", "\(Self.tryg)", "Hvad er gjort").value = "'=1+1 boliger"
            cell("Status", "lgbti/bif/oplysningskampagne", "Stade").value = "Forsinket"
            """)
        // The node's own rule, at the row and the column that mends it.
        let refused = try report(town, "bif.xlsx", "--apply")
        #expect(refused.code == 1)
        #expect(refused.report.applied == false)
        #expect(refused.report.problems.map(\.rule) == ["node"])
        #expect(refused.report.problems[0].title == "Hvorfor nyt stade")
        #expect(refused.report.problems[0].sheet == "Status")
        #expect(
            refused.report.problems[0].message.contains(
                "goes from completed to delayed: say why in “Hvorfor nyt stade”"))
        #expect(try states(town) == "missing 6")

        try edit(
            town, "bif.xlsx", "cell('Status', 'lgbti/bif/oplysningskampagne', 'Hvorfor nyt stade').value = 'Ny runde'")
        let dry = try report(town, "bif.xlsx")
        #expect(dry.code == 0)
        #expect(dry.report.applied == false)
        #expect(
            dry.report.changes.first { $0.about == Self.tryg }?.fields == [
                .init(field: "delivery", from: nil, to: "on_track"),
                .init(field: "done", from: nil, to: "=1+1 boliger"),
            ])
        let people = try town.pejling("import", "bif.xlsx", "--node", "BIF")
        #expect(people.output.contains("    Stade: – → I gang efter planen"))
        #expect(
            people.output.contains(
                "6 rows read, 2 change, 4 say what stands already; checked, nothing wrong, nothing saved"))
        #expect(try states(town) == "missing 6")

        let saved = try report(town, "bif.xlsx", "--apply")
        #expect(saved.code == 0)
        #expect(saved.report.applied)
        #expect(try states(town) == "draft 2, missing 4")
        // The same file again, and a fresh template: nothing is new.
        #expect(try report(town, "bif.xlsx", "--apply").report.changes.isEmpty)
        try town.pejling("template", "--node", "BIF", "--follow-up", "lgbti/2019", "--out", "ny.csv", "--lang", "en")
        let fresh = try report(town, "ny.csv")
        #expect(fresh.report.problems.isEmpty)
        #expect(fresh.report.unchanged == 6)

        let handedIn = try town.pejling(
            "import", "bif.xlsx", "--node", "BIF", "--apply", "--hand-in", "--person", "p17")
        #expect(handedIn.output.contains("handed in: lgbti/2019"), "\(handedIn.output)\(handedIn.errors)")
        #expect(try states(town) == "handed_in 2, missing 4")
        try town.pejling("up", "--once")
        #expect(try town.verify().records > 450)
        let shown = try town.pejling("show", Self.tryg)
        #expect(shown.output.contains("=1+1 boliger"))
    }

    @Test("figures are handed in by an import, and what is too small is hidden and said")
    func figures() throws {
        let town = try Town.made()
        let follow = "integration/2019"
        try town.pejling("template", "--node", "BIF", "--follow-up", follow, "--out", "bif.xlsx")
        try edit(
            town, "bif.xlsx",
            """
            def figure(name, title): return cell("Tal", "integration/" + name, title, "\(follow)")
            figure("beskaeftigelsesfrekvens", "Tal").value = 0.573
            figure("beskaeftigelsesfrekvens", "Tal").number_format = "0.0%"
            figure("beskaeftigelsesfrekvens", "Nævner").value = 41000
            figure("paabegyndte-igu-forloeb", "Tal").value = 3
            """)
        let result = try town.pejling("import", "bif.xlsx", "--node", "BIF", "--apply")
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains("note: "))
        #expect(try states(town, follow).contains("handed_in 2"))
        // The hidden figure comes back as hidden, and stays.
        try town.pejling("template", "--node", "BIF", "--follow-up", follow, "--out", "ny.xlsx")
        let again = try report(town, "ny.xlsx", "--apply")
        #expect(again.report.changes.isEmpty)
        #expect(again.report.problems.isEmpty)
    }

    @Test("a full disk at the node: nothing is saved, and it goes on when there is space")
    func fullDisk() throws {
        let town = try Town.made()
        let node = town.folder + "/var/nodes/BIF"
        let aside = town.folder + "/aside"
        try FileManager.default.moveItem(atPath: node, toPath: aside)
        try FileManager.default.createDirectory(atPath: node, withIntermediateDirectories: false)
        guard mount("tmpfs", node, "tmpfs", 0, "size=4m") == 0 else { return }  // Needs root.
        defer { umount2(node, CInt(MNT_DETACH)) }
        for name in try FileManager.default.contentsOfDirectory(atPath: aside) {
            try FileManager.default.copyItem(atPath: "\(aside)/\(name)", toPath: "\(node)/\(name)")
        }
        try town.pejling("template", "--node", "BIF", "--follow-up", "integration/2019", "--out", "bif.xlsx")
        // A draft with long texts for the private store, and a figure for the log.
        try edit(
            town, "bif.xlsx",
            """
            for row in book["Status"].iter_rows(min_row=4):
                row[7].value, row[8].value, row[9].value = "Forsinket", "x" * 30000, "y" * 30000
            cell("Tal", "integration/paabegyndte-igu-forloeb", "Tal", "integration/2019").value = 30
            """)
        let before = try states(town, "integration/2019")
        let ballast = node + "/ballast"
        // With no room; with room for the small record and not for the drafts.
        for room in [0, 64, 128, 192] {
            let descriptor = open(ballast, O_WRONLY | O_CREAT | O_APPEND, 0o600)
            let block = [UInt8](repeating: 0, count: 4096)
            while write(descriptor, block, block.count) > 0 {}
            close(descriptor)
            #expect(truncate(ballast, off_t(try size(ballast) - room * 1024)) == 0)
            let result = try town.pejling("import", "bif.xlsx", "--node", "BIF", "--apply")
            #expect(result.code == 1, "with room for \(room) KiB")
            #expect(result.errors.contains("no space left on the disk"), "\(result.errors)")
            unlink(ballast)
            #expect(try states(town, "integration/2019") == before, "with room for \(room) KiB")
        }
        let result = try town.pejling("import", "bif.xlsx", "--node", "BIF", "--apply")
        #expect(result.code == 0, "\(result.errors)")
        let after = try states(town, "integration/2019")
        #expect(after.contains("draft 4") && after.contains("handed_in 1"), "\(after)")
    }

    private func size(_ path: String) throws -> Int {
        (try FileManager.default.attributesOfItem(atPath: path)[.size] as? NSNumber)?.intValue ?? 0
    }

    static let soffice = ["/usr/bin/soffice", "/usr/local/bin/soffice"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    @Test(
        "a template goes through LibreOffice as workbook and as CSV, and nothing changes but what was changed",
        .disabled(if: soffice == nil, "LibreOffice is not installed (apt-get install libreoffice-calc-nogui)"))
    func libreOffice() throws {
        let town = try Town.made()
        let soffice = try #require(Self.soffice)
        func convert(_ file: String, _ filter: String, from: String? = nil) throws {
            let result = try town.run(
                soffice,
                [
                    "-env:UserInstallation=file://\(town.folder)/office", "--headless", "--convert-to", filter,
                    "--outdir",
                    "out", file,
                ] + (from.map { ["--infilter=\($0)"] } ?? []), bound: 240)
            #expect(result.code == 0, "\(result.errors)")
        }
        // Something to be kept: texts that look like formulas, lines, a decimal.
        try town.pejling(
            "status", Self.tryg, "--node", "BIF", "--follow-up", "lgbti/2019", "--delivery", "on_track", "--done",
            "=1+1 “boliger”;\n- to linjer, 'citat'", "--deviation", "2019-09")
        try town.pejling("template", "--node", "BIF", "--out", "bif.xlsx")
        try convert("bif.xlsx", "xlsx")
        let workbook = try report(town, "out/bif.xlsx")
        #expect(workbook.report.problems.isEmpty, "\(workbook.report.problems)")
        #expect(workbook.report.changes.isEmpty)
        #expect(workbook.report.rows == workbook.report.unchanged && workbook.report.rows > 50)

        // Each sheet a CSV file: comma, semicolon.
        for (separator, name) in [("44", "komma"), ("59", "semikolon")] {
            try FileManager.default.copyItem(atPath: town.folder + "/bif.xlsx", toPath: "\(town.folder)/\(name).xlsx")
            try convert(
                "\(name).xlsx",
                "csv:Text - txt - csv (StarCalc):\(separator),34,76,1,,0,false,true,false,false,false,-1")
            for sheet in ["Status", "Tal"] {
                let csv = try report(town, "out/\(name)-\(sheet).csv")
                #expect(csv.report.problems.isEmpty, "\(csv.report.problems)")
                #expect(csv.report.changes.isEmpty)
                #expect(csv.report.rows > 10)
            }
        }

        try edit(town, "bif.xlsx", "cell('Status', '\(Self.tryg)', 'Hvad er gjort').value = 'Fem boliger'")
        try convert("bif.xlsx", "xlsx")
        let changed = try report(town, "out/bif.xlsx")
        #expect(changed.report.problems.isEmpty)
        #expect(changed.report.changes.map(\.about) == [Self.tryg])
        #expect(changed.report.changes.first?.fields.map(\.to) == ["Fem boliger"])
        // Our CSV, opened and saved by LibreOffice with its own defaults.
        try town.pejling("template", "--node", "BIF", "--out", "dansk.csv")
        try convert("dansk.csv", "csv:Text - txt - csv (StarCalc):59,34,76,1", from: "CSV:59,34,76,1")
        let danish = try report(town, "out/dansk.csv")
        #expect(danish.report.problems.isEmpty, "\(danish.report.problems)")
        #expect(danish.report.changes.isEmpty)
    }
}
