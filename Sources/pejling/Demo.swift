import ArgumentParser
import Broker
import Catalogue
import Coordinator
import Examples
import Foundation
import Ledger
import PolicyModel
import Reports
import Wire

struct Demo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Plays example years on the policies as they are configured, and writes the reports of each year.",
        discussion: """
            pejling demo                              2019 to 2023, into var-demo, pages into demo
            pejling demo --seed 7 --from 2020 --until 2020 --data /tmp/try --out /tmp/try-pages

            It starts what `pejling up` starts, on a ledger made as example data with a clock of its own, and says what people \
            would say in those years: statuses, figures, money, in time, late or never; returns, approvals, corrections, \
            decisions. The seed decides: the same seed and configuration give the same words. Every record, page and file says \
            that it is example data.

            Then every other command works on it:  pejling view matrix --data var-demo --on 2020-02-01
            """)

    @OptionGroup var plugins: PluginFolder
    @Option(help: "The configuration folder.") var config = "Config"
    @Option(help: "The data folder, made by this command: it must not be there.") var data = "var-demo"
    @Option(help: "Where the pages are written: a folder that is empty, or of an earlier demo.") var out = "demo"
    @Option(help: "What chance begins at: a whole number.") var seed = ExampleYears.defaultSeed
    @Option(help: "The first year.") var from = 2019
    @Option(help: "The last year.") var until = 2023
    @Option(help: "Language of the pages: da or en.") var lang: Lang = .da
    @Flag(help: "Begin anew where the data folder holds example data already: that is removed. Real data never is.")
    var again = false

    func validate() throws {
        guard from <= until, until - from < 20, (1990...2150).contains(from) else {
            throw ValidationError("--from \(from) --until \(until): give a first and a last year, at most 20 years")
        }
    }

    func run() async throws {
        let stop = try Stop()
        try await orFail {
            let started = ContinuousClock.now
            let pages = DemoPages(out: out, data: data, seed: seed, language: lang.language)
            try DataFolder.refuseRootInAnothers(data)
            try prepare(pages)
            let folder = try DataFolder(creating: data, synthetic: true)
            let hand = try ClockHand(folder)
            let opening = ExampleYears.firstMoment(of: from)
            guard let time = Timestamp.date(opening.description) else {
                throw Failure(description: "--from \(from) is beyond the calendar")
            }
            try hand.set(to: time)
            standardError("made \(folder.path), a ledger of example data (synthetic), its clock at \(opening)")
            let supervisor = Supervisor(arguments: [
                "broker", "--lifeline", "--config", config, "--data", folder.path, "--plugins", plugins.plugins,
            ])
            let supervising = Task { await supervisor.run() }
            let played = Task { try await play(folder, hand, supervisor, pages, started) }
            let stopping = Task {
                await stop.wait()
                played.cancel()
            }
            let outcome = await played.result
            stopping.cancel()
            await supervisor.stop()
            await supervising.value
            if let text = await supervisor.fatal { throw Failure(description: text) }
            _ = try outcome.get()
        }
    }

    private var folders: Folders {
        var folders = Folders()
        (folders.config, folders.data) = (config, data)
        return folders
    }

    /// Makes room for the data and the pages; real data, and what is not of a demo, is left as it is.
    private func prepare(_ pages: DemoPages) throws {
        let files = FileManager.default
        if files.fileExists(atPath: data) {
            let existing = try DataFolder(existing: data)
            guard existing.isSynthetic else {
                throw Failure(
                    description:
                        "\(data) holds real data, and real and example data never meet. Name another --data folder")
            }
            guard again else {
                throw Failure(
                    description:
                        "\(data) holds example data already: look at it with the other commands, begin anew with --again, or name another --data folder"
                )
            }
            if let holder = FolderLock.holder(of: existing.broker) {
                throw Failure(description: "a broker runs on \(data) (process \(holder)): stop it first")
            }
            try files.removeItem(atPath: data)
        }
        try pages.begin()
    }

    private func play(
        _ folder: DataFolder, _ hand: ClockHand, _ supervisor: Supervisor, _ empty: DemoPages,
        _ started: ContinuousClock.Instant
    ) async throws {
        let waiting = Waiting(data: folder, supervisor: supervisor, patience: .seconds(60))
        guard let heard = await waiting.untilAllHeard() else { throw CancellationError() }
        guard heard.missing.isEmpty else {
            throw Failure(
                description: heard.missing.map { "not heard: \($0.name)\($0.cause.map { ": \($0)" } ?? "")" }
                    .joined(separator: "\n"), code: 3)
        }
        var play = try DemoPlay(folder, folders, plugins, hand: hand)
        try play.settle()
        let opened = ContinuousClock.now
        guard let years = ExampleYears(seed: seed, from: from, until: until, play.state) else {
            throw Failure(description: "the ledger does not say what the city is: see `pejling plugin list`")
        }
        var pages = empty
        var lookBacks = years.lookBacks[...]
        for turn in years.turns {
            if Task.isCancelled { throw Failure(description: "stopped; \(data) holds what was played so far") }
            while let next = lookBacks.first, turn.moment.day > next.day {
                lookBacks = lookBacks.dropFirst()
                try pages.lookBack(at: next.year, on: next.day, play.state)
            }
            try await play.take(turn, of: years)
        }
        try play.advance(to: ExampleMoment(day: years.lastDay, minute: 17 * 60))
        for next in lookBacks { try pages.lookBack(at: next.year, on: next.day, play.state) }
        let ended = ContinuousClock.now
        try pages.finish(play.state, on: years.lastDay)
        pages.summary(
            play.state, turns: years.turns.count, opening: opened - started, playing: ended - opened,
            writing: ContinuousClock.now - ended)
    }
}
