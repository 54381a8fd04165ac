import ArgumentParser
import Foundation

// How fast Pejling is, and how close to what the same libraries give in C. The tool runs real processes: the broker in one of its
// own, the seven forvaltninger as clients with real logs, and for what concerns the whole town `pejling up`. Peers run in turn with
// it, round by round, so that a busy machine is busy for all; what counts are the ratios.

@main
enum Main {
    static func main() async {
        // The processes that the tool starts of itself; not for people.
        let arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case BrokerChild.word: await BrokerChild.main(Array(arguments.dropFirst()))
        case ReferenceChild.word: ReferenceChild.main(Array(arguments.dropFirst()))
        default: await BenchCommand.main()
        }
    }
}

struct BenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pejling-bench",
        abstract: "Measures Pejling beside its peers, and writes a table and a plot.",
        discussion: """
            Run it from the root of the repository, built for release: `make bench`, or `make bench ARGS="--quick"`.

            Measures (--only): \(allMeasures.map(\.name).joined(separator: ", ")).

            The table has the median of all rounds with the least and the most. The floors are those of Docs/decisions/0014-measuring.md; \
            a floor that is missed is said and fails nothing: a busy machine is no fault of the code.
            """)

    @Option(help: "Rounds; all measures take their turn in each.") var rounds: Int?
    @Option(name: .customLong("only"), help: "Measure only this. May be repeated.") var only: [String] = []
    @Flag(help: "Three rounds of the shorter measures, and only the settings that have a floor.") var quick = false
    @Option(help: "How much of each amount of records, above 0 to 1: less where there is little time.") var share = 1.0
    @Option(help: "Where table, plot and all single values are written.") var out = ".build-bench/results"
    @Option(help: "The configuration folder.") var config = "Config"
    @Option(help: "The plugins' folder.") var plugins = "Plugins"
    @Option(help: "Where `pejling` and the plugins are built for release.") var executables = ".build/release"
    @Option(help: "Where ledgers are written meanwhile: the disk that is measured. Removed afterwards.")
    var folder = NSTemporaryDirectory()

    func validate() throws {
        for name in only where !allMeasures.contains(where: { $0.name == name }) {
            throw ValidationError("--only \(name): the measures are \(allMeasures.map(\.name).joined(separator: ", "))")
        }
        guard share > 0, share <= 1 else { throw ValidationError("--share \(share): above 0, and at most 1") }
        if let rounds, rounds < 1 { throw ValidationError("--rounds \(rounds): give at least 1") }
    }

    func run() async throws {
        raiseDescriptorLimit()
        // A peer that ends while it is written to is an error of the write.
        signal(SIGPIPE, SIG_IGN)
        let bench = try Bench(
            quick: quick, share: share, config: config, plugins: plugins, executables: executables, parent: folder)
        defer { bench.removeFolder() }
        let measures = allMeasures.filter { only.isEmpty ? !quick || $0.isShort : only.contains($0.name) }
        let rounds = rounds ?? (quick ? 3 : 5)
        let start = Machine.now()
        var results = Results()
        var taken: [String: Double] = [:]
        for round in 1...rounds {
            for measure in measures {
                bench.progress = "round \(round) of \(rounds), \(measure.name)"
                let begun = monotonic()
                defer { taken[measure.name, default: 0] += Double(monotonic() - begun) / 1e9 }
                do { try await measure.run(bench, &results) } catch let missing as NotMeasured {
                    results.missing(measure.title, missing.description)
                } catch {
                    throw Failure("\(measure.name), round \(round): \(error)")
                }
            }
        }
        let report = ReportWriter(
            results: results, before: start, after: Machine.now(), rounds: rounds, folder: bench.folder,
            command: "pejling-bench \(CommandLine.arguments.dropFirst().joined(separator: " "))")
        let table = report.markdown()
        print(table)
        for path in try report.write(to: out, table) { say("written: \(path)") }
        let times = measures.map { "\($0.name) \(Int((taken[$0.name] ?? 0).rounded())) s" }
        say("time in all rounds, with what was made for it: \(times.joined(separator: ", "))")
    }
}

/// Why a measure cannot be taken here; the table says so.
struct NotMeasured: Error, CustomStringConvertible { let description: String }

struct Failure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

/// Thousands of sockets: the soft limit goes up to the hard one.
private func raiseDescriptorLimit() {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    limit.rlim_cur = limit.rlim_max
    setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
