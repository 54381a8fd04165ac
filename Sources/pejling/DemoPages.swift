import Coordinator
import Foundation
import Ledger
import PolicyModel
import Reports

/// What `pejling demo` writes: for each year its reports and lists as they stood on the day it was looked back at, then how all
/// stood in the end, and an index that leads to them.
struct DemoPages {
    let out: String
    let data: String
    let seed: UInt64
    let language: Language
    private var years: [ExampleIndex.Year] = []
    private var end: [ExampleIndex.Page] = []

    /// Says that a folder holds the pages of a demo, and of which: so that another may take its place.
    private static let marker = "demo.json"

    private struct Marker: Codable {
        var synthetic: Bool
        var seed: UInt64
        var years: [Int]
        var records: Int64
        var root: String?
    }

    init(out: String, data: String, seed: UInt64, language: Language) {
        (self.out, self.data, self.seed, self.language) = (out, data, seed, language)
    }

    /// Takes an earlier demo's pages away, and marks the folder as this one's.
    ///
    /// - Throws: `Failure` for a folder that holds anything else: real reports and pages of examples never lie in one.
    func begin() throws {
        let files = FileManager.default
        let found = (try? files.contentsOfDirectory(atPath: out)) ?? []
        guard found.isEmpty || found.contains(Self.marker) else {
            throw Failure(
                description:
                    "\(out) is not empty and holds no pages of a demo: real pages and those of examples never lie in one folder. Name another with --out"
            )
        }
        if !found.isEmpty { try files.removeItem(atPath: out) }
        try mark(nil)
    }

    private func mark(_ state: LedgerState?) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        let marker = Marker(
            synthetic: true, seed: seed, years: years.map(\.year), records: state?.position ?? 0, root: state?.root)
        _ = try save([UInt8](try encoder.encode(marker)), Self.marker, out: out, synthetic: true)
    }

    /// Writes what a year came to, as it stood on the day.
    mutating func lookBack(at year: Int, on day: Day, _ state: LedgerState) throws {
        let matrix = state.matrix(on: day, followUps: Self.followUps(of: year, state))
        standardOutput("\(year)\n\n\(matrix.text(language, width: terminalWidth()))")
        years.append(
            ExampleIndex.Year(
                year: year, matrix: matrix, records: state.position,
                pages: try write(state, on: day, "\(year)", since: Day("\(year)-02-02"))))
    }

    /// By policy, the follow-up of a year that asks most forvaltninger; of those that ask as many, the yearly one. Where a policy has
    /// none that year, it is shown at the one that matters on the day.
    private static func followUps(of year: Int, _ state: LedgerState) -> [String: String] {
        var chosen: [String: String] = [:]
        for id in state.policies.identities {
            let asked = state.policy(id)?.body.followUps.filter {
                $0.due?.date.lastDay.year == year && !$0.owedBy.isEmpty && $0.condition != .open
                    && $0.condition != .notMet
            }
            func rank(_ followUp: FollowUp) -> Int {
                followUp.owedBy.count * 2 + ([.annual, .final].contains(followUp.kind) ? 1 : 0)
            }
            chosen[id] = asked?.max { rank($0) < rank($1) }?.id
        }
        return chosen
    }

    /// Writes how all stood in the end, and the index.
    mutating func finish(_ state: LedgerState, on day: Day) throws {
        end = try write(state, on: day, "end", since: nil)
        let package = DataPackage(state, on: day, all: true, program: program)
        for (name, bytes) in package.files.sorted(by: { $0.key < $1.key }) {
            _ = try save(bytes, name, out: "\(out)/end/open-data", synthetic: true)
        }
        end.append(
            ExampleIndex.Page(
                path: "end/open-data/datapackage.json",
                title: LocalizedText(da: "Åbne data (Data Package)", en: "Open data (Data Package)")))
        let last = years.last?.matrix.on ?? day.description
        let index = ExampleIndex(
            language: language, city: state.city, program: program, seed: seed, years: years, end: end,
            position: state.position, received: state.received ?? "",
            commands: [
                "pejling report all --data \(data) --as-of \(last) --on \(last)",
                "pejling due --data \(data) --as-of \(last) --on \(last)",
                "pejling view changes --data \(data) --since \(years.first?.matrix.on ?? last)",
                "pejling ledger verify --data \(data)", "pejling clock --data \(data)",
                "pejling up --synthetic --data \(data) --out \(out)/more",
            ])
        _ = try save(Array(index.html().utf8), "index.html", out: out, synthetic: true)
        try mark(state)
    }

    private func write(_ state: LedgerState, on day: Day, _ name: String, since: Day?) throws -> [ExampleIndex.Page] {
        let folder = "\(out)/\(name)"
        // What is read here is what somebody may stop at: the reports first.
        let paths = try writeAllReports(state, on: day, out: folder, language: language)
        var pages = paths.filter { $0.hasSuffix(".html") }.map { path in
            let file = (path as NSString).lastPathComponent
            let base = (file as NSString).deletingPathExtension
            return ExampleIndex.Page(
                path: "\(name)/\(file)", title: title(base, state),
                others: ["md", "json"].map { .init(format: $0, path: "\(name)/\(base).\($0)") })
        }
        func list(
            _ base: String, _ title: LocalizedText, text: String, json: String, csv: String, ics: String? = nil
        ) throws {
            var others = [("json", json), ("csv", csv)]
            if let ics { others.append(("ics", ics)) }
            for (format, content) in [("txt", text)] + others {
                _ = try save(Array(content.utf8), "\(base).\(format)", out: folder, synthetic: true)
            }
            pages.append(
                ExampleIndex.Page(
                    path: "\(name)/\(base).txt", title: title,
                    others: others.map { .init(format: $0.0, path: "\(name)/\(base).\($0.0)") }))
        }
        let width = 110
        let due = state.due(on: day)
        try list(
            "due", LocalizedText(da: "Hvad der mangler, og fra hvem", en: "What is missing, and from whom"),
            text: due.pending.text(language, width: width, isPending: true), json: due.json(), csv: due.csv())
        let changes = try state.changes(since: since.map { .day($0) } ?? .last, on: day)
        try list(
            "changes", LocalizedText(da: "Hvad der blev anderledes", en: "What became different"),
            text: changes.text(language, width: width), json: changes.json(), csv: changes.csv())
        let matrix = state.matrix(on: day)
        try list(
            "matrix", LocalizedText(da: "Hvem har svaret", en: "Who has answered"),
            text: matrix.text(language, width: width), json: matrix.json(), csv: matrix.csv())
        let progress = state.progress(on: day)
        try list(
            "progress", LocalizedText(da: "Hvor langt målene er", en: "How far goals have come"),
            text: progress.text(language, width: width), json: progress.json(), csv: progress.csv())
        let funding = state.fundingView(on: day)
        try list(
            "funding", LocalizedText(da: "Pengene", en: "The money"), text: funding.text(language, width: width),
            json: funding.json(), csv: funding.csv())
        let contradictions = state.contradictions(on: day)
        try list(
            "contradictions", LocalizedText(da: "Hvad der ikke kan passe sammen", en: "What cannot all be true"),
            text: contradictions.text(language, width: width), json: contradictions.json(), csv: contradictions.csv())
        let calendar = state.calendar(on: day)
        try list(
            "calendar", LocalizedText(da: "Hvad der falder hvornår", en: "What falls when"),
            text: calendar.text(language, width: width), json: calendar.json(), csv: calendar.csv(),
            ics: calendar.ics(language))
        return pages
    }

    /// `all-2020-02-01`: over all policies; `lgbti-2019`: on one, on a follow-up.
    private func title(_ base: String, _ state: LedgerState) -> LocalizedText {
        let bare = language == .english ? String(base.dropLast(3)) : base
        if bare.hasPrefix("all-") {
            return LocalizedText(da: "Rapport over alle politikker", en: "Report over all policies")
        }
        for policy in state.policies.identities.sorted(by: { $0.count > $1.count }) where bare.hasPrefix("\(policy)-") {
            let followUp = state.policy(policy)?.body.followUps.first {
                $0.id == "\(policy)/\(bare.dropFirst(policy.count + 1))"
            }
            let name = state.policy(policy)?.body.title
            let (da, en) = (followUp?.title.da ?? bare, followUp?.title[.english] ?? bare)
            return LocalizedText(da: "\(name?.da ?? policy): \(da)", en: "\(name?[.english] ?? policy): \(en)")
        }
        return LocalizedText(da: bare, en: bare)
    }

    /// What came of it, on standard output.
    func summary(_ state: LedgerState, turns: Int, opening: Duration, playing: Duration, writing: Duration) {
        func seconds(_ duration: Duration) -> String {
            String(
                format: "%.1f s",
                Double(duration.components.seconds) + Double(duration.components.attoseconds) / 1e18)
        }
        var counts: [String: Int] = [:]
        for publisher in state.publishers.values { counts.merge(publisher.counts) { $0 + $1 } }
        let kinds = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { "\($0.value) \($0.key)" }
        standardOutput(
            """
            example data (synthetic), seed \(seed): \(state.position) records, root \(state.root?.prefix(16) ?? "-")…
            \(kinds.joined(separator: ", "))
            started in \(seconds(opening)); \(turns) turns played in \(seconds(playing)); last pages written in \(seconds(writing))
            pages: \(out)/index.html
            """)
    }
}
