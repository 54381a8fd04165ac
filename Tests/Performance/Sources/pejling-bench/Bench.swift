import Catalogue
import Foundation
import PolicyModel

/// One thing that is measured, once a round.
protocol Measure: Sendable {
    /// For `--only`.
    var name: String { get }
    /// For the table.
    var title: String { get }
    /// Whether it belongs to the quick set.
    var isShort: Bool { get }
    func run(_ bench: Bench, _ results: inout Results) async throws
}

let allMeasures: [any Measure] = [
    AckedMeasure(), AppendMeasure(), StepsMeasure(), CatchUpMeasure(), RecoveryMeasure(records: 100_000),
    RecoveryMeasure(records: 1_000_000), ViewMeasure(), CrowdMeasure(), StartUpMeasure(), ReportMeasure(),
    IdleMeasure(),
]

/// What all measures share: the city, folders, what was prepared once. Used by one task at a time.
final class Bench {
    let quick: Bool
    let config: String
    let plugins: String
    let executables: String
    let city: City
    /// Ours alone; removed at the end.
    let folder: String
    /// How much of each amount is measured, 1 for all: less where there is little time.
    let share: Double
    /// Said before each step when a person watches.
    var progress = ""
    private var supplies: [Content: [Supply]] = [:]
    private var fixtures: [Int: LedgerFixture] = [:]
    private var made = 0

    init(quick: Bool, share: Double, config: String, plugins: String, executables: String, parent: String) throws {
        self.quick = quick
        self.share = share
        self.config = absolute(config)
        self.plugins = absolute(plugins)
        self.executables = absolute(executables)
        city = try ConfigurationFolder(config).city()
        folder = "\(absolute(parent).trimmingSuffix("/"))/pejling-bench-\(getpid())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    func removeFolder() { try? FileManager.default.removeItem(atPath: folder) }

    /// A new empty folder; short, since a socket lies in it.
    func newFolder() throws -> String {
        made += 1
        let path = "\(folder)/\(made)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        return path
    }

    func step(_ text: String) { say("\(progress): \(text)") }

    /// The lines of all forvaltninger, made at the first call.
    func supplies(_ content: Content) throws -> [Supply] {
        if let known = supplies[content] { return known }
        step("making \(content.rawValue) records")
        // Whole batches.
        let batches = (first: Double(quick ? 200 : 600) * share, others: Double(quick ? 100 : 200) * share)
        let shares = (first: max(1, Int(batches.first)) * 100, others: max(1, Int(batches.others)) * 100)
        let made = try city.forvaltninger.enumerated().map { index, forvaltning in
            try Supply(
                forvaltning, content, records: index == 0 ? shares.first : shares.others, folder: try newFolder())
        }
        supplies[content] = made
        return made
    }

    /// A ledger of so many records, made at the first call.
    func fixture(records: Int) throws -> LedgerFixture {
        if let known = fixtures[records] { return known }
        step("making a ledger of \(records) records")
        let made = try LedgerFixture(records: records, city: city, folder: try newFolder())
        fixtures[records] = made
        return made
    }

    /// The path of `pejling`, built for release.
    func pejling() throws -> String {
        let path = executables + "/pejling"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw NotMeasured(description: "\(path) is not built: swift build -c release")
        }
        return path
    }
}

func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
}

extension String {
    func trimmingSuffix(_ suffix: String) -> String { hasSuffix(suffix) ? String(dropLast(suffix.count)) : self }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
