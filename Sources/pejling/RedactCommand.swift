import ArgumentParser
import Catalogue
import Coordinator
import Foundation
import Ledger
import PluginKit
import PolicyModel
import Wire

/// Carries out an order that the body of a record must go.
struct RedactCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "redact",
        abstract: "Removes what a record says, by order: from ledger, logs, copies and exports made afterwards.",
        discussion: """
            pejling redact BIF/9f2c…/42 --node BIF --reason "En borgers navn stod i teksten" --decision "DPO, sag 2020-17"
            pejling redact BIF/9f2c…/42 --as OKF --reason "En borgers navn stod i teksten" --decision "DPO, sag 2020-17"

            With --node a forvaltning redacts its own record; with --as the forvaltning that coordinates the record's policy \
            redacts anybody's. The broker need not run. Reason and decision stay for good: they must not repeat what goes. The \
            record stays in its place without its body, the chain verifies, and reports say “redacted”.

            Redacted at any time: status, reading, funding, milestone, decision, contribution, link; of an approval, return, \
            acceptance, exception or withdrawal only its text goes: what is approved, returned, accepted or taken back stays so, \
            and since when. Once it was said anew: initiative, assessment. Never: policy, target, configuration, hand-in, \
            enrolment, refusal, redaction.

            Other records that hold a sentence of it are named: versions that carried it over, which --all-versions redacts in \
            the same go, and what quotes it.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @Argument(
        help: "The record: publisher/log/seq (the log may be cut short), or its hash, as pejling show prints them.")
    var record: String
    @Option(help: "The forvaltning whose record it is: BIF, ØKF or OKF …") var node: String?
    @Option(name: .customLong("as"), help: "The forvaltning that coordinates the policy: BIF, ØKF or OKF …")
    var code: String?
    @Option(help: "Why, without what is redacted.") var reason: String
    @Option(help: "Who decided, and where.") var decision: String
    @Option(help: "Your pseudonym, kept with the record; your name stays with your forvaltning.") var person: String?
    @Flag(help: "Redact its other versions that hold some of its words too: all or nothing.") var allVersions = false
    @Flag(help: "Do not ask.") var yes = false
    @Flag(help: "Show what would go; nothing is changed.") var dryRun = false

    func validate() throws {
        guard (node == nil) != (code == nil) else {
            throw ValidationError("say whose order it is: --node for a forvaltning's own record, or --as")
        }
    }

    func run() async throws {
        try await orFail {
            let data = try folders.ownData()
            if let node { try await redact(node: node, data) } else { try redact(as: code ?? "", data) }
        }
    }

    private func redact(node: String, _ data: DataFolder) async throws {
        let door = try NodeDoor(folders, plugins, node: node)
        var name = record
        // OKF is understood for ØKF when typed.
        if let first = record.split(separator: "/").first, record.contains("/"),
            door.city.forvaltning(String(first))?.code == door.forvaltning.code
        {
            name = door.forvaltning.code + record.dropFirst(first.count)
        }
        let line = RedactionLine(
            record: name, reason: LocalizedText(da: reason), decision: decision, person: person,
            allVersions: allVersions)
        let input = try encodeBody(line) + [UInt8(ascii: "\n")]
        func run(dryRun: Bool) async throws -> RedactionResult {
            let output = try await door.run("redact", input, dryRun: dryRun)
            return try JSONDecoder().decode(RedactionResult.self, from: Data(output.utf8))
        }
        let found = try await run(dryRun: true)
        guard try confirm(found.record, found.kind, found.id, found.words ?? [], found.also) else { return }
        let done = try await run(dryRun: false)
        let gone = [found.record: found.bodyHash].merging(
            done.also.filter(\.goes).map { ($0.record, $0.bodyHash) }, uniquingKeysWith: { first, _ in first })
        try dropFromCoordinator(data) { gone[$0.name] == $0.envelope.bodyHash.hex }
        standardOutput("\(door.forvaltning.code) redacted \(found.record), by record \(done.order ?? "")")
        for echo in done.also where echo.goes {
            standardOutput("\(door.forvaltning.code) redacted \(echo.record) with it")
        }
        sayWhatStays(data, done.also)
    }

    private func redact(as code: String, _ data: DataFolder) throws {
        let city = try? ConfigurationFolder(folders.config).city()
        var name = record
        if let first = record.split(separator: "/").first, record.contains("/"),
            let forvaltning = city?.forvaltning(String(first))
        {
            name = forvaltning.code + record.dropFirst(first.count)
        }
        let copy = try Replica(folder: data.coordinator, create: false, readOnly: true)
        var found: [Line] = []
        try copy.forEach { if Redacting.names(name, $0.line.name, hash: $0.line.hash) { found.append($0.line) } }
        guard let line = found.first, found.count == 1 else {
            throw Failure(
                description: found.isEmpty
                    ? "the ledger has no record “\(record)”: publisher/log/seq, or its hash, as `pejling show` prints them"
                    : "“\(record)” is more than one record: \(found.map(\.name.description).joined(separator: ", "))")
        }
        let words = RedactedWords(of: line)
        var others: [Line] = []
        try copy.forEach { delivered in
            let other = delivered.line
            if RedactionPlan.isLater(other, than: line) || words.echo(in: other) != nil { others.append(other) }
        }
        let plan = RedactionPlan(line, among: others, allVersions: allVersions)
        var quoting: [RecordName] = []
        func make(_ desk: CoordinatorDesk) throws -> [Redaction] {
            quoting = plan.lines.flatMap { desk.quoting($0.name) }
            return try plan.lines.map {
                try desk.redacting($0, later: plan.later(than: $0), reason: reason, decision: decision)
            }
        }
        func sentence(_ order: Redaction, _ state: LedgerState, _ day: Day) -> String {
            "redacts \(order.redacted) \(order.id), record \(order.record)"
        }
        try speak(as: code, folders, person: person, dryRun: true, all: make, sentence: sentence)
        let shown = Redacting.firstWords(of: line)
        guard try confirm(line.name, line.envelope.kind, line.envelope.id, shown, plan.echoes) else { return }
        try speak(as: code, folders, person: person, dryRun: false, all: make, sentence: sentence)
        let log = try PublisherLog(
            folder: data.coordinator, publisher: CoordinatorProcess.publisher, synthetic: data.isSynthetic,
            create: false)
        _ = try log.scrub(patience: 5)
        try dropFromCoordinator(data) { plan.lines.contains($0) }
        for name in quoting {
            standardOutput("note: assessment \(name) quotes its figure; redact that too if it must go")
        }
        sayWhatStays(data, plan.echoes)
    }

    /// Shows what goes to a person, and asks; without one `--yes` is the answer. The words are not printed where nobody reads them:
    /// output that is kept would hold what must go.
    private func confirm(
        _ name: RecordName, _ kind: String, _ id: String, _ words: [String], _ echoes: [RedactionEcho]
    ) throws -> Bool {
        let isRead = Terminal.isThere || dryRun
        standardOutput("\(kind) \(id), record \(name)")
        if isRead { for line in words { standardOutput("  \(line)") } }
        if Redaction.rule(for: RecordKind(kind)) == .remaining {
            standardOutput("only its text goes: what it did stays done, and since when")
        }
        for echo in echoes {
            standardOutput(echo.goes ? "goes too: \(echo.kind) \(echo.id), record \(echo.record)" : holding(echo))
            if isRead { for line in echo.words ?? [] { standardOutput("  “\(line)”") } }
        }
        if dryRun {
            standardOutput("checked, nothing wrong, nothing changed")
            return false
        }
        if yes { return true }
        guard Terminal.isThere else {
            throw Failure(description: "nothing was changed: nobody sits at a terminal to confirm. Say --yes")
        }
        let terminal = Terminal()
        let count = 1 + echoes.count(where: \.goes)
        let what = count == 1 ? "its body" : "the bodies of these \(count) records"
        let answer = terminal.line("Remove \(what) for good? It cannot be undone. [y/N] ")?.lowercased()
        guard let answer, ["y", "yes", "j", "ja"].contains(answer) else {
            throw Failure(description: "nothing was changed")
        }
        return true
    }

    /// The coordinator's copy on this machine, from which reports and exports are made, does not wait for the broker.
    private func dropFromCoordinator(_ data: DataFolder, _ isMeant: (Line) -> Bool) throws {
        guard let copy = try? Replica(folder: data.coordinator, create: false) else { return }
        var found: [Envelope] = []
        try copy.forEach { if isMeant($0.line) { found.append($0.line.envelope) } }
        for envelope in found { try copy.dropBody(of: envelope) }
        _ = try copy.scrub(patience: 5)
    }

    private func holding(_ echo: RedactionEcho) -> String {
        "\(echo.isVersion ? "another version" : "another record") also holds these words: \(echo.kind) \(echo.id), record \(echo.record)"
    }

    private func sayWhatStays(_ data: DataFolder, _ echoes: [RedactionEcho]) {
        let staying = echoes.filter { !$0.goes }
        for echo in staying { standardOutput("note: \(holding(echo))") }
        if !staying.isEmpty { standardOutput("note: redact those too, where what they hold must go") }
        let isRunning = FolderLock.holder(of: data.broker) != nil
        standardOutput(
            "it goes from the ledger and all copies \(isRunning ? "now: the broker runs" : "at the next `pejling up`"); a node that is away, or whose disk is full, drops it when it is back or has room"
        )
        standardOutput(
            "reports and exports made before, and backups, cannot be called back: Docs/operator-guide.md, “Redaction”")
    }
}
