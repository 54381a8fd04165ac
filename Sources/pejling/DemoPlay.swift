import Coordinator
import Examples
import Foundation
import Ledger
import PluginKit
import PolicyModel
import Wire

/// Plays example years on running processes: sets the clock, says things where people say them, and waits after each turn until
/// all of it is received, judged and followed.
struct DemoPlay {
    let data: DataFolder
    private let doors: [String: NodeDoor]
    private let hand: ClockHand
    private let log: PublisherLog
    private let replica: Replica
    /// Each node's copy of what it follows, by code.
    private let copies: [(code: String, copy: Replica)]
    private(set) var state = LedgerState()

    /// How long one turn may take to reach everybody.
    static let patience = Duration.seconds(30)

    /// - Parameter hand: The right to set the clock.
    init(_ data: DataFolder, _ folders: Folders, _ plugins: PluginFolder, hand: ClockHand) throws {
        self.data = data
        self.hand = hand
        replica = try Replica(folder: data.coordinator, create: false, readOnly: true)
        log = try PublisherLog(
            folder: data.coordinator, publisher: CoordinatorProcess.publisher, synthetic: true, create: false)
        var read = LedgerState()
        try replica.forEach { read.apply($0) }
        state = read
        guard let city = state.city else {
            throw Failure(description: "the coordinator has not heard of the city: see `pejling plugin list`")
        }
        var doors: [String: NodeDoor] = [:]
        for forvaltning in city.forvaltninger {
            doors[forvaltning.code] = try NodeDoor(folders, plugins, node: forvaltning.code)
        }
        self.doors = doors
        copies = try city.forvaltninger.map { forvaltning in
            let folder = data.plugin(forvaltning.key, isNode: true)
            return (forvaltning.code, try Replica(folder: folder, create: false, readOnly: true))
        }
    }

    /// Waits until all that was said at the start is judged and followed.
    mutating func settle() throws { try waitFor([:]) }

    /// Takes a turn.
    mutating func take(_ turn: ExampleTurn, of years: ExampleYears) async throws {
        guard let words = years.words(in: turn, state) else { return }
        guard let time = Timestamp.date(turn.moment.description) else {
            throw Failure(description: "\(turn.moment) is beyond the calendar")
        }
        try hand.set(to: time)
        switch (turn.speaker, words) {
        case (.node(let code), .entries(let lines)):
            guard let door = doors[code] else { throw Failure(description: "no node of \(code)") }
            let results = try await door.enter(lines, dryRun: false)
            // A record's name ends in its seq. Drafts have none: nobody hears of them.
            let seqs = results.compactMap { $0.record?.split(separator: "/").last.flatMap { Int64($0) } }
            if let last = seqs.max() { try waitFor([code: last]) }
        case (.coordinator(let code), .word(let word)):
            let author = Author(forvaltning: code, role: Role.coordinator.rawValue)
            let state = self.state
            let lines = try log.append(at: time) { snapshot in
                let desk = CoordinatorDesk(state, as: code, today: turn.moment.day) {
                    try snapshot.all($0).map(\.envelope.id)
                }
                return [try word.draft(at: desk, by: author)]
            }
            try waitFor([CoordinatorProcess.publisher: lines.last?.envelope.seq ?? 0])
        default: throw Failure(description: "\(turn.moment): a turn without its speaker")
        }
    }

    /// Sets the clock on without saying anything.
    func advance(to moment: ExampleMoment) throws {
        guard let time = Timestamp.date(moment.description) else { return }
        try hand.set(to: time)
    }

    /// Reads on until the ledger has these records (by publisher: the last seq), every policy's plugin has judged what is new, and
    /// every node has followed it.
    private mutating func waitFor(_ said: [String: Int64]) throws {
        let end = ContinuousClock.now + Self.patience
        while true {
            try replica.forEach(after: state.position) { state.apply($0) }
            guard let lacking = try lacking(said) else { return }
            guard ContinuousClock.now < end else {
                throw Failure(
                    description:
                        "not within \(Self.patience.components.seconds) s: \(lacking). See `pejling plugin list --data \(data.path)` and \(data.broker)/log"
                )
            }
            poll(nil, 0, 2)
        }
    }

    /// What has not come yet; nil when all has.
    private func lacking(_ said: [String: Int64]) throws -> String? {
        for (publisher, seq) in said where state.publishers[publisher]?.lastSeq.values.max() ?? 0 < seq {
            return "record \(seq) of \(publisher) has not reached the coordinator"
        }
        if let behind = state.unassessed().first { return "the plugin of \(behind.policy) has not judged what is new" }
        for (code, copy) in copies where try copy.position() < state.position {
            return "the node of \(code) has not followed what is new"
        }
        return nil
    }
}
