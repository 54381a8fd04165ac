import Foundation
import Ledger
import PolicyModel
import Testing
import Wire

/// Example years through the real processes.
@Suite("Example years, as a user runs them", .serialized, .oneAtATime)
struct DemoTests {
    private static let marks = ["EKSEMPELDATA – ikke virkelige oplysninger", "EXAMPLE DATA – not real information"]

    @Test("a year is played, verified, and played again alike; every file it writes says that it is an example")
    func year() throws {
        let town = try Town()
        let first = try demo(town, "one")
        #expect(first.contains("example data (synthetic), seed 4"))
        #expect(first.contains("Hvem har indberettet, pr. 1. februar 2021"))
        let lines = try records(town, "one")
        #expect(lines.count > 650)
        #expect(lines.allSatisfy { $0.line.envelope.synthetic })
        // By the clock, not by the day of the test.
        #expect(lines.allSatisfy { $0.received.hasPrefix("2020-") || $0.received.hasPrefix("2021-0") })
        for line in lines { #expect(abs(seconds(line.line.envelope.at) - seconds(line.received)) < 1) }
        let kinds = Set(lines.map(\.line.envelope.kind))
        #expect(
            kinds.isSuperset(of: [
                "status", "reading", "handin", "approval", "acceptance", "funding", "milestone", "decision", "link",
            ]))
        let verified = try town.pejling("ledger", "verify", "--data", "one")
        #expect(verified.code == 0, "\(verified.errors)")
        #expect(verified.output.contains("EXAMPLE DATA"))
        try walk(town, "one-pages")

        _ = try demo(town, "two")
        let (one, two) = (try said(lines), try said(records(town, "two")))
        #expect(one.count > 500)
        let difference = two.difference(from: one)
        #expect(difference.isEmpty, "\(difference.prefix(3))")
        // The pages too, but for what hangs on logs' ids and on the order in which all began.
        for file in ["2020/matrix.txt", "2020/progress.csv", "2020/funding.csv"] {
            #expect(try town.read("one-pages/" + file) == town.read("two-pages/" + file), "\(file)")
        }

        let again = try town.pejling("demo", "--data", "one", "--out", "one-pages")
        #expect(again.code == 1)
        #expect(again.errors.contains("one holds example data already"), "\(again.errors)")
        try everyView(town, "one")
    }

    private func demo(_ town: Town, _ name: String) throws -> String {
        let result = try town.pejling(
            ["demo", "--data", name, "--out", "\(name)-pages", "--from", "2020", "--until", "2020"], bound: 400)
        try #require(result.code == 0, "\(result.errors)")
        return result.output
    }

    private func records(_ town: Town, _ name: String) throws -> [DeliveredLine] {
        var lines: [DeliveredLine] = []
        try Replica(folder: "\(town.folder)/\(name)/coordinator", create: false, readOnly: true).forEach {
            lines.append($0)
        }
        return lines
    }

    private func seconds(_ text: String) -> Double {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        return (try? Date(text, strategy: style).timeIntervalSince1970) ?? 0
    }

    /// What was said, without what is drawn at random with a ledger (logs' ids, keys, hashes) and what depends on who was faster when
    /// all began at once: positions, and judgements that were superseded at the same time.
    private func said(_ lines: [DeliveredLine]) throws -> [String] {
        var newest: [String: Int] = [:]
        var texts: [String] = []
        for line in lines {
            let envelope = line.line.envelope
            // A checkpoint comes each 1,000 records or each minute of the machine's own time, however long the years take.
            guard ![.assessed, .enrolment, .checkpoint].contains(line.line.kind) else { continue }
            let text =
                "\(line.received) \(envelope.publisher) \(envelope.at) \(envelope.kind) \(envelope.id) \(envelope.by) \(String(decoding: line.line.body, as: UTF8.self))"
                .replacing(/[0-9a-f]{32}/, with: "log")
            if line.line.kind == .assessment {
                let key = "\(envelope.at) \(envelope.id)"
                if let place = newest[key] {
                    texts[place] = text
                    continue
                }
                newest[key] = texts.count
            }
            texts.append(text)
        }
        return texts.sorted()
    }

    /// Each file below a folder says what it is, in its own way.
    private func walk(_ town: Town, _ folder: String) throws {
        let root = town.folder + "/" + folder
        let files = try #require(FileManager.default.enumerator(atPath: root)).compactMap { $0 as? String }
            .filter { !$0.split(separator: "/").last!.allSatisfy { $0 != "." } }
        var seen: [String: Int] = [:]
        for file in files {
            let text = try town.read("\(folder)/\(file)")
            let kind = (file as NSString).pathExtension
            seen[kind, default: 0] += 1
            try expectMarked(text, kind, file)
        }
        #expect(
            seen["html", default: 0] >= 13 && seen["md", default: 0] >= 12 && seen["csv", default: 0] >= 31, "\(seen)")
        #expect(seen["json", default: 0] >= 26 && seen["ics"] == 2 && seen["txt", default: 0] >= 14, "\(seen)")
        // The index leads to all of them, and to nothing that is not there.
        let index = try town.read(folder + "/index.html")
        let links = index.matches(of: /href="([^#"][^"]*)"/).map { String($0.1) }
        #expect(links.count > 40)
        for link in links { #expect(FileManager.default.fileExists(atPath: "\(root)/\(link)"), "\(link)") }
        for file in files where file.hasSuffix(".html") && file != "index.html" {
            #expect(links.contains(file), "\(file) is not in the index")
        }
    }

    private func expectMarked(_ text: String, _ kind: String, _ name: String) throws {
        func count(_ mark: String) -> Int { text.components(separatedBy: mark).count - 1 }
        let marks = Self.marks.map(count).reduce(0, +)
        switch kind {
        // Title, bar, watermark, foot.
        case "html": #expect(marks >= 4, "\(name)")
        case "md": #expect(marks >= 1 && text.contains("> **E"), "\(name)")
        case "txt": #expect(marks >= 1, "\(name)")
        case "json":
            let json = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
            #expect(json?["synthetic"] as? Bool == true, "\(name)")
        case "csv":
            let lines = text.components(separatedBy: "\r\n").filter { !$0.isEmpty }
            #expect(lines.first?.hasSuffix(",synthetic") == true, "\(name): \(lines.first ?? "")")
            // A cell may hold a line's end: each record still ends in the mark.
            #expect(lines.dropFirst().last.map { $0.hasSuffix(",true") } ?? true, "\(name)")
        case "ics":
            let unfolded = text.replacing("\r\n ", with: "")
            let summaries = unfolded.matches(of: /SUMMARY[^:]*:([^\r]*)/).map { String($0.1) }
            #expect(!summaries.isEmpty && summaries.allSatisfy { $0.hasPrefix("[E") }, "\(name)")
            #expect(unfolded.matches(of: /X-WR-CALNAME:[^\r]*(EKSEMPELDATA|EXAMPLE DATA)/).count == 1, "\(name)")
        default: Issue.record("\(name): how does a .\(kind) say that it is an example?")
        }
    }

    /// Every view and report of the command line, in each language and format.
    private func everyView(_ town: Town, _ data: String) throws {
        func run(_ arguments: [String]) throws -> String {
            let result = try town.pejling(arguments + ["--data", data])
            #expect(result.code == 0, "\(arguments): \(result.errors)")
            return result.output
        }
        let help = try town.pejling("view", "--help").output
        let views = help.split(separator: "\n").drop { !$0.hasPrefix("SUBCOMMANDS") }.dropFirst()
            .compactMap { $0.wholeMatch(of: /\ \ ([a-z]+)\ .*/).map { String($0.1) } }
        #expect(views.count >= 9, "\(help)")
        for view in views {
            for (format, kind) in [("table", "txt"), ("json", "json"), ("csv", "csv")] {
                for language in format == "table" ? ["da", "en"] : ["da"] {
                    let text = try run(["view", view, "--format", format, "--lang", language])
                    try expectMarked(text, kind, "view \(view) --format \(format) --lang \(language)")
                }
            }
        }
        try expectMarked(try run(["due"]), "txt", "due")
        try expectMarked(try run(["due", "--node", "BIF"]), "txt", "due --node BIF")
        try expectMarked(try run(["show", "lgbti/2020"]), "txt", "show")
        try expectMarked(try run(["show", "BIF", "--format", "json"]), "json", "show --format json")
        #expect(try run(["plugin", "list"]).contains("EXAMPLE DATA"))
        _ = try run(["report", "all", "--lang", "en", "--out", "english"])
        for file in try FileManager.default.contentsOfDirectory(atPath: town.folder + "/english") {
            try expectMarked(try town.read("english/\(file)"), (file as NSString).pathExtension, file)
        }
        for file in ["bif.csv", "bif.xlsx"] {
            _ = try run(["template", "--node", "BIF", "--follow-up", "lgbti/2020", "--out", file])
        }
        #expect(try town.read("bif.csv").contains("EKSEMPELDATA"))
        // Brought back unchanged it changes nothing, with its mark on top.
        let back = try town.pejling("import", "bif.csv", "--node", "BIF", "--data", data)
        #expect(back.code == 0, "\(back.output) \(back.errors)")
        try #require(try town.pejling("up", "--once").code == 0)
        let across = try town.pejling("import", "bif.xlsx", "--node", "BIF")
        #expect(across.code == 1)
        #expect((across.errors + across.output).contains("they never meet"), "\(across.output) \(across.errors)")
        let acrossCSV = try town.pejling("import", "bif.csv", "--node", "BIF")
        #expect(acrossCSV.code == 1, "\(acrossCSV.output)")
    }
}
