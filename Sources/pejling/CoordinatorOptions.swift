import ArgumentParser
import Coordinator
import Foundation
import Ledger
import PolicyModel
import Wire

/// Who speaks for the coordinator, and how it is said: checked against the ledger, appended to the coordinator's own log, with or
/// without a broker.
struct CoordinatorOptions: ParsableArguments {
    @OptionGroup var folders: Folders

    @Option(name: .customLong("as"), help: "The forvaltning that coordinates the policy: BIF, ØKF or OKF …")
    var code: String

    @Option(help: "Your pseudonym, kept with the record; your name stays with your forvaltning.")
    var person: String?

    @Flag(help: "Check only; nothing is saved.")
    var dryRun = false

    /// As `speak(as:_:sentence:)`.
    func say<Body: RecordBody>(
        _ make: (CoordinatorDesk) throws -> Body, sentence: (Body, LedgerState, Day) -> String
    ) throws {
        try speak(as: code, folders, person: person, dryRun: dryRun, make, sentence: sentence)
    }
}

/// Makes one record at the coordinator's desk and appends it, all or nothing, under the lock of the log; confirms in a sentence.
///
/// - Parameters:
///   - code: The forvaltning that speaks, by code or key.
///   - sentence: What was said, from the record, the ledger as it stood with what was said before, and today.
func speak<Body: RecordBody>(
    as code: String, _ folders: Folders, person: String?, dryRun: Bool, _ make: (CoordinatorDesk) throws -> Body,
    sentence: (Body, LedgerState, Day) -> String
) throws {
    try speak(as: code, folders, person: person, dryRun: dryRun, all: { [try make($0)] }, sentence: sentence)
}

/// The same with several records.
func speak<Body: RecordBody>(
    as code: String, _ folders: Folders, person: String?, dryRun: Bool, all make: (CoordinatorDesk) throws -> [Body],
    sentence: (Body, LedgerState, Day) -> String
) throws {
    let data = try folders.ownData()
    let state = try readState(data, at: nil)
    let log = try PublisherLog(
        folder: data.coordinator, publisher: CoordinatorProcess.publisher, synthetic: data.isSynthetic, create: false)
    let now = try data.clock.now()
    guard let clock = Day(Timestamp.seconds(now)) else {
        throw Failure(description: "the clock is beyond the calendar (see `pejling clock`)")
    }
    let today = max(clock, state.lastDay ?? clock)
    func drafts(_ snapshot: PublisherLog.Snapshot) throws -> [(words: String, draft: PublisherLog.Draft)] {
        let refused = try snapshot.deadSeqs()
        let pending = try snapshot.lines(after: state.lastSeq(ofCoordinatorLog: snapshot.logID))
            .filter { !refused.contains($0.envelope.seq) }
        let ahead = state.ahead(with: pending, at: Timestamp.milliseconds(now))
        let desk = CoordinatorDesk(ahead, as: code, today: today) { try snapshot.all($0).map(\.envelope.id) }
        let bodies = try make(desk)
        let speaker = ahead.city?.forvaltning(code)?.code
        let author = Author(forvaltning: speaker, role: Role.coordinator.rawValue, person: person)
        return try bodies.map { body in
            ("\(speaker ?? code) \(sentence(body, ahead, today))", try PublisherLog.Draft(body, by: author))
        }
    }
    if dryRun {
        for word in try log.look({ try drafts($0).map(\.words) }) {
            standardOutput("checked, nothing wrong, nothing saved: \(word)")
        }
        return
    }
    var words: [String] = []
    let lines = try log.append(at: now) { snapshot in
        let made = try drafts(snapshot)
        words = made.map(\.words)
        return made.map(\.draft)
    }
    for (line, words) in zip(lines, words) { standardOutput("\(words), as record \(line.name)") }
    standardOutput(whenItCounts(data))
}

/// From when on a record counts that was just appended to a log here.
func whenItCounts(_ data: DataFolder) -> String {
    let isRunning = FolderLock.holder(of: data.broker) != nil
    return "it counts from when the broker has it\(isRunning ? " (it runs: now)" : ": at the next `pejling up`")"
}

/// - Throws: `Failure` where `text` is no date.
func dateOption(_ text: String, _ name: String) throws -> PartialDate {
    guard let date = PartialDate(text) else {
        throw Failure(description: "\(name) “\(text)” is no date such as 2020, 2020-01 or 2020-01-31")
    }
    return date
}
