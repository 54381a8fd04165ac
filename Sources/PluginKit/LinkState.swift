import Foundation
import Ledger
import LogLines
import Logging

/// How a plugin that no host watches stands towards its broker: kept in `state.json` of its folder for `pejling stat` on its machine.
public struct LinkState: Codable, Sendable, Hashable {
    public enum Connection: String, Codable, Sendable {
        /// Nothing has been heard yet, and not for long.
        case connecting
        case connected
        /// The broker answers, and does not hear us before its operator has spoken (`turnedAway`).
        case held
        case lost
        /// Never heard since its start.
        case unanswered
        /// The broker turns the key down.
        case refused
        /// It has let go of its folder, as its disk is full or fails, and tries again within a minute.
        case waiting
        case ended
    }
    public var pid: Int32
    public var endpoint: String
    public var connection: Connection
    /// Why it waits, has ended, or cannot keep what comes; nil when it was asked to end, and when all is well.
    public var cause: String?
    /// Why the broker turns records away, or does not hear us, while it does: its words, with the rule. It is asked again by itself.
    public var turnedAway: String?
    /// When the broker was last heard (`uptime`); nil: not since its start.
    public var heard: Int64?
    /// When its loop last turned (`uptime`); written at least each `Presence.beatSeconds`.
    public var lastTurn: Int64

    enum CodingKeys: String, CodingKey {
        case pid, endpoint, connection, cause, heard
        case lastTurn = "last_turn"
        case turnedAway = "turned_away"
    }

    static func path(in folder: String) -> String { folder + "/state.json" }

    /// Why the process that holds the folder cannot write it, as far as one sees from outside; nil: nothing is to be seen.
    public static func obstacle(in folder: String, to pid: Int32) -> String? {
        ReservedFile(path(in: folder)).obstacle(to: pid)
    }

    /// The state last written in a plugin's folder; nil when there is none.
    public static func read(_ folder: String) -> LinkState? {
        FileManager.default.contents(atPath: path(in: folder)).flatMap {
            try? JSONDecoder().decode(LinkState.self, from: $0)
        }
    }
}

/// Keeps the state file of a plugin that no host watches.
final class LinkStateFile {
    private let folder: String
    private let file: ReservedFile
    private let said: Logger
    private var last: LinkState?
    /// Why it could not be written when it was tried last.
    private var fault: String?
    private var state: LinkState

    init(folder: String, endpoint: String, said: Logger) {
        self.folder = folder
        self.said = said
        file = ReservedFile(LinkState.path(in: folder))
        state = LinkState(pid: getpid(), endpoint: endpoint, connection: .connecting, lastTurn: uptime())
    }

    /// - Parameters:
    ///   - turnedAway: why the broker does not take what there is; nil while it does.
    ///   - full: why it cannot keep what comes from the broker; nil while it can.
    ///   - silence: for how long the broker has been silent; nil: it was never heard.
    func turned(_ connection: LinkState.Connection, turnedAway: String?, full: String?, silence: Duration?) {
        state.connection = connection
        state.turnedAway = turnedAway
        state.cause = full
        state.heard = silence.map { uptime() - $0.components.seconds }
        write()
    }

    /// It has let go of its folder. Where another process has it, that one's state stays.
    func left(_ connection: LinkState.Connection, _ cause: String?) {
        guard FolderLock.holder(of: folder) == nil else { return }
        state.connection = connection
        state.turnedAway = nil
        state.cause = cause
        write()
    }

    /// What is new; that it turns, each ten seconds.
    private func write() {
        state.lastTurn = uptime()
        if var known = last, state.lastTurn - known.lastTurn < Presence.beatSeconds {
            (known.lastTurn, known.heard) = (state.lastTurn, state.heard)
            guard known != state else { return }
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        // A view: where it cannot be written, the next time may do.
        do {
            try file.write([UInt8](try encoder.encode(state)))
            (last, fault) = (state, nil)
        } catch {
            let text = "\(error)"
            guard text != fault else { return }
            fault = text
            let seen = file.obstacle(to: getpid()).map { " (\($0))" } ?? ""
            said.warning(
                "\(text)\(seen). Until then `pejling stat` cannot say how this one stands; all else goes on",
                metadata: .about(file: file.path))
        }
    }
}
