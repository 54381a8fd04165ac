import ArgumentParser
import Coordinator
import Foundation
import Ledger
import PluginKit
import PolicyModel
import Reports

enum Lang: String, ExpressibleByArgument, CaseIterable {
    case da, en

    var language: Language { self == .da ? .danish : .english }
}

/// What stands in reports as the program that made them: with another program the bytes may differ.
let program = "pejling \(pluginKitVersion)"

/// Which state of the ledger, and which day it is held against.
struct When: ParsableArguments {
    @Option(help: "As the ledger was at this position. Default: as it is.")
    var at: Int64?

    @Option(help: "As the ledger was at this time: 2026-11-23, or 2026-11-23T08:15:00Z (UTC).")
    var asOf: String?

    @Option(
        help: "The day that deadlines and money are held against (2026-11-23). Default: the day of the last receipt.")
    var on: String?

    func validate() throws {
        if at != nil, asOf != nil { throw ValidationError("give --at or --as-of, not both") }
        if let at, at < 1 { throw ValidationError("--at \(at): positions count from 1") }
    }

    /// Whether the ledger as it is is meant.
    var isNow: Bool { at == nil && asOf == nil }

    /// The folded ledger, from the coordinator's durable copy: with or without a broker running.
    func state(_ data: DataFolder) throws -> LedgerState { try readState(data, at: try position(data)) }

    func day(_ state: LedgerState) throws -> Day {
        guard let on else {
            guard let day = state.lastDay else {
                throw Failure(description: "the ledger is empty: run `pejling up` once")
            }
            return day
        }
        guard let day = Day(on), on.count == 10 else {
            throw Failure(description: "--on “\(on)” is no day such as 2026-11-23")
        }
        return day
    }

    private func position(_ data: DataFolder) throws -> Int64? {
        guard let asOf else { return at }
        // A day means up to its end; times in the ledger are text of fixed width, in UTC.
        guard Day(asOf) != nil, asOf.count == 10 || asOf.hasSuffix("Z") else {
            throw Failure(description: "--as-of “\(asOf)” is no time such as 2026-11-23 or 2026-11-23T08:15:00Z")
        }
        let end = asOf.count == 10 ? asOf + "T23:59:59.999Z" : asOf.replacingOccurrences(of: "Z", with: ".999Z")
        let found = try replica(data).position(asOf: asOf.contains(".") ? asOf : end)
        guard found > 0 else { throw Failure(description: "the ledger held nothing yet at \(asOf)") }
        return found
    }
}

private func replica(_ data: DataFolder) throws -> Replica {
    do {
        let replica = try Replica(folder: data.coordinator, create: false, readOnly: true)
        try replica.hold(synthetic: data.isSynthetic)
        return replica
    } catch let error as StoreError
        where error.code == .missing
    {
        throw Failure(description: "the coordinator has followed nothing yet on \(data.path): run `pejling up` once")
    }
}

/// Folds the coordinator's copy up to `position` (nil: all it has).
func readState(_ data: DataFolder, at position: Int64?) throws -> LedgerState {
    let replica = try replica(data)
    let last = try replica.position()
    if let position, position > last {
        throw Failure(description: "--at \(position) is beyond the ledger: its last position here is \(last)")
    }
    var state = LedgerState()
    try replica.forEach(upTo: position) { state.apply($0) }
    // What went is gone at every position: why, stands behind this one.
    if let position { try replica.forEach(after: position) { state.learn($0) } }
    return state
}

/// The ledger as it is, once the policies' plugins have judged all that is in it: waits for them while the broker runs, at most
/// `bound`. What is still not judged then is said in what is made from it.
func assessedState(_ data: DataFolder, within bound: Duration = .seconds(2)) throws -> LedgerState {
    let replica = try replica(data)
    var state = LedgerState()
    let end = ContinuousClock.now + bound
    while true {
        try replica.forEach(after: state.position) { state.apply($0) }
        let isWaiting = !state.unassessed().isEmpty && ContinuousClock.now < end
        guard isWaiting, FolderLock.holder(of: data.broker) != nil else { return state }
        poll(nil, 0, 20)
    }
}

/// Says on standard error which policies are not judged up to their last record.
func warnOfUnassessed(_ state: LedgerState, _ policies: [String]? = nil) {
    for lack in state.unassessed(policies) {
        standardError(
            "note: \(lack.policy) is assessed up to position \(lack.assessedUpTo), its last record is \(lack.lastRecord): judgements may be older than the figures"
        )
    }
}

enum ReportFormat: String, ExpressibleByArgument, CaseIterable { case html, md, json }

/// Writes a policy's report in each format; the paths.
func writeReport(
    _ state: LedgerState, policy: String, followUp: String? = nil, on day: Day? = nil, out: String, language: Language,
    formats: [ReportFormat] = ReportFormat.allCases
) throws -> [String] {
    let model = try ReportModel(
        state, policy: policy, followUp: followUp, on: day, language: language, program: program)
    return try formats.map { format in
        let text =
            switch format {
            case .html: model.html()
            case .md: model.markdown()
            case .json: model.json()
            }
        return try save(
            Array(text.utf8), "\(model.fileName).\(format.rawValue)", out: out, synthetic: state.isSynthetic)
    }
}

/// Writes the report over all policies, then those on each that it leads to: on the policy's opening, and on the follow-up it
/// shows where that is another. The paths.
func writeAllReports(
    _ state: LedgerState, on day: Day? = nil, out: String, language: Language,
    formats: [ReportFormat] = ReportFormat.allCases
) throws -> [String] {
    let model = try CombinedReport(state, on: day, language: language, program: program)
    var paths = try formats.map { format in
        let text =
            switch format {
            case .html: model.html()
            case .md: model.markdown()
            case .json: model.json()
            }
        return try save(
            Array(text.utf8), "\(model.fileName).\(format.rawValue)", out: out, synthetic: state.isSynthetic)
    }
    for policy in model.policies {
        var seen: Set<String?> = []
        for followUp in [state.policy(policy.id)?.body.openingID, policy.followUp] where seen.insert(followUp).inserted
        {
            paths += try writeReport(
                state, policy: policy.id, followUp: followUp, on: day, out: out, language: language, formats: formats)
        }
    }
    return paths
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract:
            "Writes the report over all policies, or on one: one page first, then the details, each fact with its source.",
        discussion: """
            pejling report all                                      over all policies, with the reports it leads to
            pejling report lgbti                                    on the policy's opening
            pejling report lgbti --follow-up lgbti/2019 --on 2020-01-15 --lang en --format html

            The same position, day and language give the same bytes. Files, each as .html, .md and .json:
              OUT/all-<day>[.en]                  over all policies, as of the day (--on)
              OUT/<policy>-<follow-up>[.en]       on one policy

            The report over all policies shows each at the follow-up that matters on the day, if anybody has answered it; else at the
            last one answered; else at its opening. `report all` writes it, and for its links the report on each policy at its opening
            and at that follow-up. `pejling up` writes the same.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var when: When
    @Argument(help: "A policy's id, or all: the report over all policies.") var policy = "all"
    @Option(help: "With a policy: the follow-up it is on, such as lgbti/2019. Default: the opening.") var followUp:
        String?
    @Option(help: "Formats, joined by commas: html, md, json.") var format = "html,md,json"
    @Option(help: "da or en.") var lang: Lang = .da
    @Option(help: "Where it is written.") var out = "reports"

    func validate() throws {
        if policy == "all", let followUp {
            throw ValidationError("--follow-up \(followUp) belongs to one policy: name it instead of all")
        }
    }

    func run() throws {
        try orFail {
            let formats = try format.split(separator: ",").map { name in
                guard let format = ReportFormat(rawValue: String(name)) else {
                    throw Failure(description: "--format \(name): give html, md, json or several joined by commas")
                }
                return format
            }
            let data = try folders.existingData()
            let state = try when.isNow ? assessedState(data) : when.state(data)
            let day = try when.day(state)
            guard !state.policies.identities.isEmpty else {
                throw Failure(description: "no policy has been published yet: run `pejling up` once")
            }
            let paths =
                policy == "all"
                ? try writeAllReports(state, on: day, out: out, language: lang.language, formats: formats)
                : try writeReport(
                    state, policy: policy, followUp: followUp, on: day, out: out, language: lang.language,
                    formats: formats)
            for path in paths { standardOutput(path) }
            warnOfUnassessed(state, policy == "all" ? nil : [policy])
        }
    }
}

struct View: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract:
            "Shows across policies: who has answered, how far goals have come, the money, what falls when, who takes part.",
        subcommands: [
            Matrix.self, ProgressTable.self, FundingTable.self, BudgetTable.self, CalendarTable.self,
            PartnersTable.self, ChangesTable.self, Overlaps.self, Contradictions.self, Links.self,
        ])

    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, csv }

    struct Options: ParsableArguments {
        @OptionGroup var folders: Folders
        @OptionGroup var when: When
        @Option(help: "Only this policy. May be repeated.") var policy: [String] = []
        @Option(help: "table, json or csv.") var format: Format = .table
        @Option(help: "da or en.") var lang: Lang = .da

        func load(judged: Bool = false) throws -> (state: LedgerState, day: Day, policies: [String]?) {
            try View.load(folders, when, policy, judged: judged)
        }

        func write(table: (Language, Int?) -> String, json: () -> String, csv: () -> String) {
            let text =
                switch format {
                case .table: table(lang.language, terminalWidth())
                case .json: json()
                case .csv: csv()
                }
            standardOutput(text, terminator: "")
        }
    }

    /// The folded ledger, the reference date, and the policies chosen (nil: all). With `judged` it waits a moment for policies'
    /// plugins that are behind.
    static func load(
        _ folders: Folders, _ when: When, _ policy: [String], judged: Bool = false
    ) throws -> (state: LedgerState, day: Day, policies: [String]?) {
        let data = try folders.existingData()
        let state = try judged && when.isNow ? assessedState(data) : when.state(data)
        let known = state.policies.identities
        if let unknown = policy.first(where: { !known.contains($0) }) {
            throw Failure(
                description: "--policy “\(unknown)” is not in the ledger; there are \(known.joined(separator: ", "))")
        }
        return (state, try when.day(state), policy.isEmpty ? nil : policy)
    }

    struct Matrix: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Forvaltning by policy: who has answered, on time or late, and below it who lacks what since when.",
            discussion: """
                pejling view matrix                                    each policy's follow-up that matters on the day
                pejling view matrix --year 2019 --on 2020-01-15        each policy's follow-up of a year
                pejling view matrix --follow-up integration/midtvejsstatus --policy integration

                Colour only on a terminal, and never alone; NO_COLOR switches it off.
                """)
        @OptionGroup var options: Options
        @Option(
            help: "The follow-up to look at, such as lgbti/2019; the other policies as without it. May be repeated.")
        var followUp: [String] = []
        @Option(help: "Each policy's follow-up of this year: the annual one, else the mid-term one, and so on.")
        var year: Int?

        func run() throws {
            try orFail {
                let (state, day, policies) = try options.load()
                var chosen: [String: String] = [:]
                for id in followUp {
                    try check(followUp: id, state)
                    let policy = String(id.prefix { $0 != "/" })
                    guard policies?.contains(policy) ?? true else {
                        throw Failure(
                            description:
                                "--follow-up \(id) is none of --policy \(policies?.joined(separator: ", ") ?? "")")
                    }
                    if let other = chosen.updateValue(id, forKey: policy) {
                        throw Failure(
                            description: "--follow-up \(other) and \(id) are of one policy: a column shows one")
                    }
                }
                let view = state.matrix(on: day, policies: policies, followUps: chosen, year: year)
                let isColoured =
                    terminalWidth() != nil && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
                options.write(
                    table: { view.text($0, width: $1, isColoured: isColoured) }, json: view.json, csv: view.csv)
            }
        }
    }

    struct FundingTable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "funding", abstract: "Each initiative's money: funded until when, required, expired.",
            discussion: "Example:  pejling view funding --policy lgbti --format csv")
        @OptionGroup var options: Options

        func run() throws {
            try orFail {
                let (state, day, policies) = try options.load()
                let view = state.fundingView(on: day, policies: policies)
                options.write(table: { view.text($0, width: $1) }, json: view.json, csv: view.csv)
            }
        }
    }
}

/// Columns of the terminal on standard output; nil when it is none.
func terminalWidth() -> Int? {
    var size = winsize()
    guard isatty(1) == 1, ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 else { return nil }
    return Int(size.ws_col)
}

struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Shows one thing: its facts, its sources, and every version with who said it and when.",
        discussion: """
            pejling show lgbti/bif/tryg-indkvartering
            pejling show lgbti/2019     pejling show BIF     pejling show BIF/9f2c…/42
            pejling show integration/beskaeftigelsesfrekvens
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var when: When
    @Argument(help: "An initiative, goal, indicator, annual target, follow-up, policy, forvaltning, body, or record.")
    var id: String
    @Option(help: "text or json.") var format: Format = .text
    @Option(help: "da or en.") var lang: Lang = .da

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    func run() throws {
        try orFail {
            let state = try when.state(try folders.existingData())
            let result = state.show(id, on: try when.day(state))
            let text =
                format == .json
                ? result.json(synthetic: state.isSynthetic)
                : result.text(id: id, city: state.city, synthetic: state.isSynthetic, language: lang.language)
            if case .unknown = result {
                if format == .json { standardOutput(text, terminator: "") }
                throw Failure(
                    description: result.text(id: id, city: state.city, synthetic: false, language: lang.language)
                        .trimmingCharacters(in: .newlines))
            }
            standardOutput(text, terminator: "")
        }
    }
}

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes the open data: a Frictionless Data Package, one CSV for each kind of thing.",
        discussion: """
            pejling export --out open-data

            Only what is from the documents or approved by its forvaltning, unless --all: then also what is handed in and what is
            not. `stage` says how far each fact has come. Docs/open-data.md has the columns.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var when: When
    @Option(help: "The folder it is written to.") var out: String
    @Flag(help: "Also what has not been approved, or not been handed in.") var all = false

    func run() throws {
        try orFail {
            let state = try when.state(try folders.existingData())
            let package = DataPackage(state, on: try when.day(state), all: all, program: program)
            for (name, bytes) in package.files.sorted(by: { $0.key < $1.key }) {
                standardOutput(try save(bytes, name, out: out, synthetic: state.isSynthetic))
            }
            if !package.leftOut.isEmpty {
                let counts = package.leftOut.map { "\($0.count) \($0.table)" }.joined(separator: ", ")
                standardError("note: left out, since nobody has approved them: \(counts); --all takes them in")
            }
            for (table, records) in package.redacted {
                standardError("note: left out of \(table), since they were redacted: \(records.count)")
                for record in records { standardError("  \(record.kind) \(record.id), record \(record.name)") }
            }
            for cell in package.formulaLike {
                standardError(
                    "note: \(cell.file), line \(cell.line), column \(cell.column) begins like a formula: a spreadsheet may run it"
                )
            }
        }
    }
}

/// Who has published what, for the end of `up`.
func publisherTable(_ state: LedgerState, _ city: City) -> String {
    let kinds = Set(state.publishers.values.flatMap(\.counts.keys)).sorted()
    let order = city.forvaltninger.map(\.code) + city.policies
    func rank(_ name: String) -> Int { order.firstIndex(of: name) ?? order.count }
    let rows = state.publishers.values.sorted { (rank($0.name), $0.name) < (rank($1.name), $1.name) }.map { publisher in
        [publisher.name] + kinds.map { publisher.counts[$0].map(String.init) ?? "" } + [String(publisher.total)]
    }
    return textTable(["PUBLISHER"] + kinds + ["in all"], rows)
}
