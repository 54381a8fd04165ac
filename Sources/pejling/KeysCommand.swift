import ArgumentParser
import Broker
import Catalogue
import Coordinator
import Foundation
import Ledger
import PluginKit
import PolicyModel
import Wire
import ZeroMQ

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Whose key is whose: shows keys, admits those of a node on another machine, takes them back.",
        discussion: """
            On the node's machine:
              pejling keys show --node SOF        its public keys, its fingerprint, and what to paste
            At the broker:
              pejling keys list                   who is enrolled, and which keys ask to connect
              pejling keys enrol SOF KEYS         admits it: KEYS is what was pasted
              pejling keys revoke SOF --reason "The machine was stolen"

            What is pasted may come by mail, the fingerprint by telephone: the broker's operator compares the two. Nothing shown \
            here is secret. It works while the broker runs, within 5 s, and while it does not.

            Exit codes: 0 done; 1 not done, and why on standard error; 64 the command line is wrong.
            """,
        subcommands: [Show.self, List.self, Enrol.self, Revoke.self])

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Public keys and fingerprint: of a node on this machine, or of the broker.",
            discussion: """
                pejling keys show --node SOF       what the broker's operator needs to enrol it
                pejling keys show                  the broker's: what a node on another machine needs to connect
                """)

        @OptionGroup var folders: Folders
        @Option(help: "The forvaltning whose node lies in the data folder: SOF, ØKF or OKF; or coordinator.") var node:
            String?
        @Option(help: "text or json.") var format: Format = .text

        func run() throws {
            try orFail {
                let data = try folders.existingData()
                if let node { try show(node, data) } else { try showBroker(data) }
            }
        }

        private func show(_ code: String, _ data: DataFolder) throws {
            let city = try ConfigurationFolder(folders.config).city()
            let isCoordinator = code == CoordinatorProcess.publisher
            let node = isCoordinator ? nil : try forvaltning(code, in: city, "--node")
            let (name, typed) = (node?.code ?? code, node?.key ?? code)
            let folder = isCoordinator ? data.coordinator : data.plugin(typed, isNode: true)
            for file in ["curve.key", "sign.key"]
            where !FileManager.default.fileExists(atPath: "\(folder)/keys/\(file)") {
                throw Failure(
                    description:
                        "\(name) has no \(folder)/keys/\(file). `pejling up` or `pejling node run \(typed) …` makes its keys at its first start"
                )
            }
            let keys = KeyText(try PluginKeys(folder: folder))
            if format == .json {
                return try writeJSON(
                    Shown(
                        publisher: name, curveKey: keys.curve.z85, signKey: keys.sign,
                        fingerprint: "\(keys.fingerprint)", keys: "\(keys)", endpoints: nil))
            }
            standardOutput(
                """
                \(name)
                  CURVE key    \(keys.curve.z85)  (Z85)
                  signing key  \(keys.sign)  (Ed25519)
                  fingerprint  \(keys.fingerprint)
                at the broker:
                  pejling keys enrol \(typed) \(keys)
                """)
        }

        private func showBroker(_ data: DataFolder) throws {
            // Showing makes none.
            let paths = ["curve.key", "sign.key"].map { "\(data.broker)/\($0)" }
            if let path = paths.first(where: { !FileManager.default.fileExists(atPath: $0) }) {
                let hasRun = FileManager.default.fileExists(atPath: data.broker + "/ledger.sqlite")
                throw Failure(
                    description: hasRun
                        ? "\(path) is gone. Restore it from a backup"
                        : "no broker has run on \(data.path) yet (there is no \(path)). `pejling up` makes its keys; for a node's add --node CODE"
                )
            }
            let keys = try BrokerKeys(folder: data.broker)
            let (curve, sign) = (keys.curve.publicKey, keys.signing.publicKey.hex)
            let fingerprint = KeyFingerprint(curveKey: curve.z85, signKey: sign)
            let state = BrokerState.read(data)
            let endpoints = state?.isRunning == true ? state?.state.endpoints ?? [] : []
            if format == .json {
                return try writeJSON(
                    Shown(
                        publisher: "broker", curveKey: curve.z85, signKey: sign, fingerprint: "\(fingerprint)",
                        keys: "\(curve.hex).\(sign)", endpoints: endpoints))
            }
            standardOutput(
                """
                broker
                  CURVE key    \(curve.z85)  (Z85)
                  signing key  \(sign)  (Ed25519)
                  fingerprint  \(fingerprint)
                """)
            for endpoint in endpoints where endpoint.hasPrefix("tcp:") { standardOutput("  listens on   \(endpoint)") }
            standardOutput(handOut(curve, endpoints.first { $0.hasPrefix("tcp:") }))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Who is enrolled, since when and by whom; which keys were revoked, why; which ask to connect and are not enrolled.",
            discussion: """
                pejling keys list                  the keys in force, those taken back, and those that ask
                pejling keys list --format json
                """)

        @OptionGroup var folders: Folders
        @Option(help: "text or json.") var format: Format = .text

        func run() throws {
            try orFail {
                let data = try folders.existingData()
                if let nodes = NodeHealth(data, config: folders.config) { throw elsewhere(nodes, data) }
                try refuseNoLedger(data)
                // Before the ledger, which a running broker only moves ahead of it.
                let read = BrokerState.read(data)
                let last = try LedgerStore.lastPosition(folder: data.broker)
                if let said = read?.state.standing?.position, said > last {
                    standardError(
                        "the ledger here ends at position \(last), and the broker had said \(said): keys that were enrolled or revoked since are not in this list. `pejling up` puts back what copies of the feed have, or says what helps"
                    )
                }
                if let lost = LostEnd.kept(in: data) { standardError(lost.text(in: data)) }
                let rows = KeyHistory.standings(try LedgerStore.keyHistory(folder: data.broker)).map(Row.init)
                let pending = read?.isRunning == true ? read?.state.pending ?? [] : []
                if format == .json { return try writeJSON(Listed(keys: rows, pending: pending)) }
                if data.isSynthetic { standardOutput(exampleBanner) }
                standardOutput(
                    textTable(
                        ["PUBLISHER", "ROLE", "STATE", "SINCE", "BY", "FINGERPRINT", "REASON"],
                        rows.map {
                            [
                                $0.publisher, $0.role, $0.state.rawValue, $0.since, $0.by, $0.fingerprint,
                                $0.reason ?? $0.revokedBefore.map { "before: " + $0.text } ?? "",
                            ]
                        }))
                for log in read?.state.waitingLogs ?? [] where log.isQuarantined { standardOutput("\n\(log.text)") }
                guard !pending.isEmpty else {
                    return standardOutput(
                        read?.isRunning == true
                            ? "\nno other key has asked to connect since the broker's start"
                            : "\nthe broker does not run: which keys ask to connect is known while it does")
                }
                standardOutput(
                    "\n"
                        + textTable(
                            ["NOT ENROLLED: CURVE KEY", "ITS LINE BEGINS", "ASKED", "SINCE", "FROM"],
                            pending.map {
                                [
                                    $0.key, CurvePublicKey(z85: $0.key).map { "\($0.hex.prefix(16))…" } ?? "",
                                    "\($0.count) times", $0.since,
                                    $0.address.isEmpty ? "this machine" : $0.address,
                                ]
                            }))
                standardOutput(
                    "to admit one, paste what its operator has from `pejling node run` or `pejling keys show`: pejling keys enrol CODE KEYS"
                )
            }
        }
    }

    /// Where to look, on a machine whose nodes run by themselves.
    private static func elsewhere(_ nodes: NodeHealth, _ data: DataFolder) -> Failure {
        let here = nodes.publishers.map { "\($0.publisher)\($0.endpoint.map { " (broker \($0))" } ?? "")" }
        return Failure(
            description:
                "no broker here: \(data.path) is of \(here.joined(separator: ", ")). Who is enrolled stands in the ledger: `pejling keys list` on the broker's machine. The keys of this one: `pejling keys show --node CODE`; how it stands: `pejling stat`"
        )
    }

    struct Enrol: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Admits a publisher's keys: from now on they speak for it, and those before do not.",
            discussion: """
                pejling keys enrol SOF 9f2c….47c1…                                     asks whether the fingerprint is right
                pejling keys enrol SOF 9f2c….47c1… --fingerprint K7QF-2MXD-9PTR-4HWB   holds it against what was read out
                pejling keys enrol SOF K7QF-2MXD-9PTR-4HWB                             keys that spoke for SOF before, again

                Keys that were revoked are said to be, with reason and time, and are admitted again with --yes only.

                The node connects within 5 s, without a restart on either side. A node whose keys were enrolled on another \
                machine must not be started by this broker: `pejling up --remote CODE`.
                """)

        @OptionGroup var folders: Folders
        @Argument(help: "Whose keys: a forvaltning's code (SOF, ØKF or OKF), or a policy's id.") var publisher: String
        @Argument(help: "Its keys, as `pejling node run` prints them; or the fingerprint of keys it had before.")
        var keys: String
        @Option(help: "node or policy, where the configuration does not say which it is.") var role: String?
        @Option(help: "The fingerprint as its operator reads it out: nothing is enrolled when it is another.")
        var fingerprint: String?
        @Option(help: "Your pseudonym, kept with the record.") var person: String?
        @Flag(help: "Do not ask whether the fingerprint is right; admit keys again that were revoked.") var yes = false

        func run() async throws {
            try await orFail {
                let data = try folders.existingData()
                let (name, role) = try publisherAndRole(publisher, role, folders.config)
                let (curve, sign) = try keyPair(name, data)
                let found = KeyFingerprint(curveKey: curve, signKey: sign)
                let word = Enrolment(
                    publisher: name, role: role, curveKey: curve, signKey: sign, admittedBy: operatorName(person))
                try refuseHosted(word, data)
                standardError(whetherAsking(curve, data))
                try heedRevocation(of: word, data)
                guard try isRight(found, name) else {
                    throw Failure(description: "nothing is enrolled")
                }
                try await KeyOrders.give(word, in: data, log: commandLog)
                standardOutput("enrolled \(name), fingerprint \(found)")
            }
        }

        private func keyPair(_ name: String, _ data: DataFolder) throws -> (curve: String, sign: String) {
            if let text = KeyText(keys) { return (text.curve.z85, text.sign) }
            guard let wanted = KeyFingerprint(keys) else {
                throw Failure(
                    description:
                        "these are no keys: paste the line that `pejling node run` or `pejling keys show --node \(name)` prints there (two times 64 hexadecimal digits with a dot between)"
                )
            }
            let known = try LedgerStore.keyHistory(folder: data.broker).map(\.enrolment).last {
                $0.publisher == name && KeyFingerprint(curveKey: $0.curveKey, signKey: $0.signKey) == wanted
            }
            guard let known else {
                throw Failure(
                    description:
                        "\(name) never had keys with the fingerprint \(wanted): a fingerprint says that keys are right, and does not hold them. Paste the line that `pejling node run` prints at \(name)"
                )
            }
            return (known.curveKey, known.signKey)
        }

        /// Keys that were taken back are not let in by the way.
        private func heedRevocation(of word: Enrolment, _ data: DataFolder) throws {
            let history = try LedgerStore.keyHistory(folder: data.broker)
            guard let (publisher, taken) = KeyHistory.takenBack(word, in: history) else { return }
            let text = "these keys of \(publisher) were \(taken.text)"
            guard yes else {
                throw Failure(
                    description:
                        "\(text). Enrolled again they let in whoever has them. Better new ones: move `keys` out of the data folder of \(word.publisher) and start it, and it makes and shows them. If these are right all the same, add --yes. Nothing is enrolled"
                )
            }
            standardError("\(text); they are admitted again")
        }

        /// Whether the key is one that knocks: who pasted another one sees it here.
        private func whetherAsking(_ curve: String, _ data: DataFolder) -> String {
            guard let read = BrokerState.read(data), read.isRunning else {
                return "the broker does not run: it goes by this from its next start"
            }
            guard let key = read.state.pending?.first(where: { $0.key == curve }) else {
                return "this key has not asked to connect yet"
            }
            return
                "this key has asked \(key.count) times to connect, since \(key.since), from \(key.address.isEmpty ? "this machine" : key.address)"
        }

        /// The broker of this folder would start a second process of it, with other keys.
        private func refuseHosted(_ word: Enrolment, _ data: DataFolder) throws {
            guard let read = BrokerState.read(data), read.isRunning,
                read.state.plugins.contains(where: { $0.publisher == word.publisher })
            else { return }
            let own = try LedgerStore.keyHistory(folder: data.broker).last {
                $0.enrolment.publisher == word.publisher
            }
            guard own?.enrolment.curveKey != word.curveKey || own?.enrolment.signKey != word.signKey else { return }
            throw Failure(
                description:
                    "\(word.publisher) is started by this broker, with keys of its own. If it runs on another machine, start the broker with --remote \(word.publisher), then enrol it"
            )
        }

        private func isRight(_ found: KeyFingerprint, _ name: String) throws -> Bool {
            if let fingerprint {
                guard let said = KeyFingerprint(fingerprint) else {
                    throw Failure(
                        description: "--fingerprint “\(fingerprint)” is none: 16 letters and digits, such as \(found)")
                }
                guard said == found else {
                    throw Failure(
                        description:
                            "the keys have the fingerprint \(found), and \(said) was read out: they are not the keys of \(name). Nothing is enrolled"
                    )
                }
                return true
            }
            if yes { return true }
            guard Terminal.isThere else {
                throw Failure(
                    description:
                        "have \(name)'s operator read out its fingerprint and give it with --fingerprint (these keys have \(found)), or --yes if you know that they are right"
                )
            }
            return try Asking(.english).confirm(
                LocalizedText(
                    da: "\(found): er det, hvad \(name) læser op?", en: "\(found): is that what \(name) reads out?"))
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Takes a publisher's keys back: its next message is refused, and it is not let in again.",
            discussion: """
                pejling keys revoke SOF --reason "The machine was stolen"

                What it published stays and verifies. `pejling keys enrol` admits other keys, or the same again.
                """)

        @OptionGroup var folders: Folders
        @Argument(help: "Whose keys: a forvaltning's code (SOF, ØKF or OKF), or a policy's id.") var publisher: String
        @Option(help: "Why; kept with the record, and said to the node.") var reason: String?
        @Option(help: "Your pseudonym, kept with the record.") var person: String?

        func run() async throws {
            try await orFail {
                let data = try folders.existingData()
                let city = try ConfigurationFolder(folders.config).city()
                let name = city.forvaltning(publisher)?.code ?? publisher
                let newest = try LedgerStore.keyHistory(folder: data.broker).map(\.enrolment).last {
                    $0.publisher == name
                }
                guard var word = newest, word.revoked == nil else {
                    throw Failure(description: "\(name) has no key in force: `pejling keys list` shows who has")
                }
                word.revoked = .init(by: operatorName(person), reason: reason)
                try await KeyOrders.give(word, in: data, log: commandLog)
                standardOutput(
                    "revoked the key of \(name), fingerprint \(KeyFingerprint(curveKey: word.curveKey, signKey: word.signKey))"
                )
            }
        }
    }
}

extension KeysCommand {
    struct Shown: Encodable {
        let publisher: String, curveKey: String, signKey: String, fingerprint: String, keys: String
        let endpoints: [String]?

        enum CodingKeys: String, CodingKey {
            case publisher, fingerprint, keys, endpoints
            case curveKey = "curve_key"
            case signKey = "sign_key"
        }
    }

    /// How one publisher's keys stand; a publisher may have had several.
    struct Row: Encodable {
        let publisher: String, role: String, state: KeyHistory.Standing.State
        let since: String, by: String, fingerprint: String
        let reason: String?
        let revokedBefore: KeyHistory.TakenBack?

        enum CodingKeys: String, CodingKey {
            case publisher, role, state, since, by, fingerprint, reason
            case revokedBefore = "revoked_before"
        }

        init(_ standing: KeyHistory.Standing) {
            let keys = standing.keys
            (publisher, role) = (keys.publisher, keys.role.rawValue)
            (state, since, by) = (standing.state, standing.since, standing.by)
            fingerprint = "\(KeyFingerprint(curveKey: keys.curveKey, signKey: keys.signKey))"
            (reason, revokedBefore) = (standing.reason, standing.before)
        }
    }

    struct Listed: Encodable {
        let keys: [Row]
        let pending: [BrokerState.PendingKey]
    }
}

private func operatorName(_ person: String?) -> String { person.map { "operator \($0)" } ?? "operator" }

private func writeJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    standardOutput(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// The forvaltning called so.
///
/// - Parameters:
///   - option: where the name was given, for the error.
///   - exitCode: of the command where there is none.
func forvaltning(_ code: String, in city: City, _ option: String, exitCode: Int32 = 1) throws -> Forvaltning {
    guard let forvaltning = city.forvaltning(code) else {
        throw Failure(
            description:
                "\(option) “\(code)” is no forvaltning of the configuration: \(city.forvaltninger.map(\.code).joined(separator: ", "))",
            code: exitCode)
    }
    return forvaltning
}

/// Who is meant, and what it is: the configuration says, or `given` does.
private func publisherAndRole(_ text: String, _ given: String?, _ config: String) throws -> (String, Role) {
    let city = try ConfigurationFolder(config).city()
    var (name, role): (String, Role?) = (text, nil)
    if let forvaltning = city.forvaltning(text) {
        (name, role) = (forvaltning.code, .node)
    } else if city.policies.contains(text) {
        role = .policy
    } else if text == CoordinatorProcess.publisher {
        role = .coordinator
    }
    if let given {
        guard let wanted = Role(rawValue: given), wanted == .node || wanted == .policy else {
            throw Failure(description: "--role “\(given)”: node or policy")
        }
        guard role == nil || role == wanted else {
            throw Failure(description: "\(name) is a \(role?.rawValue ?? ""), says \(config), not a \(given)")
        }
        role = wanted
    }
    guard let role else {
        throw Failure(
            description:
                "“\(text)” is no forvaltning and no policy of \(config): \((city.forvaltninger.map(\.code) + city.policies).joined(separator: ", ")). For another publisher say which it is with --role node|policy"
        )
    }
    return (name, role)
}

/// What to do on a node's machine to reach this broker.
func handOut(_ key: CurvePublicKey, _ endpoint: String?) -> String {
    """
    on a node's machine:
      pejling node run CODE --broker \(endpoint ?? "tcp://HOST:PORT") --broker-key \(key.hex)
    """
        + (endpoint == nil
            ? "\nit listens for other machines with --listen tcp://ADDRESS:PORT (`pejling up`, `pejling broker`)" : "")
}
