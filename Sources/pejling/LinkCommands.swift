import ArgumentParser
import Catalogue
import Coordinator
import Foundation
import Ledger
import PluginKit
import PolicyModel
import Reports
import Wire

extension View {
    struct Overlaps: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Where policies meet: pairs that share people, partners, places, themes or words.",
            discussion: """
                pejling view overlaps --policy lgbti
                pejling view overlaps --rejected --format csv

                The strongest first. A person decides with pejling link accept or reject, and that is remembered.
                """)
        @OptionGroup var options: Options
        @Flag(help: "Also the pairs that a person has rejected.") var rejected = false

        func run() throws {
            try orFail {
                let (state, day, policies) = try options.load()
                let view = state.overlaps(on: day, policies: policies, includingRejected: rejected)
                options.write(table: { view.text($0, width: $1) }, json: view.json, csv: view.csv)
            }
        }
    }

    struct Links: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every link: printed in a document, suggested, accepted, rejected.",
            discussion: "Example:  pejling view links --policy integrationshandleplan --format csv")
        @OptionGroup var options: Options

        func run() throws {
            try orFail {
                let (state, day, policies) = try options.load()
                let view = state.links(on: day, policies: policies)
                options.write(table: { view.text($0, width: $1) }, json: view.json, csv: view.csv)
            }
        }
    }

    struct Contradictions: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What cannot all be true: figures that differ, green but overdue, running on expired money.",
            discussion: "Example:  pejling view contradictions --on 2020-01-15 --lang en")
        @OptionGroup var options: Options

        func run() throws {
            try orFail {
                let (state, day, policies) = try options.load()
                let view = state.contradictions(on: day, policies: policies)
                options.write(table: { view.text($0, width: $1) }, json: view.json, csv: view.csv)
            }
        }
    }
}

/// A person's word on a link, for the forvaltning that coordinates one of the two policies.
struct LinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "link",
        abstract: "Accepts or rejects a link between two things; nothing is ever merged.",
        subcommands: [Accept.self, Reject.self])

    struct Options: ParsableArguments {
        @OptionGroup var folders: Folders
        @Argument(help: "One end: a policy's, goal's or initiative's id.") var from: String
        @Argument(help: "The other end.") var to: String
        @Option(
            help:
                "\(Link.Kind.allCases.map(\.rawValue).joined(separator: ", ")). Default: as in pejling view overlaps.")
        var kind: String?
        @Option(
            name: .customLong("as"), help: "The forvaltning that coordinates one of the policies: BIF, ØKF or OKF …")
        var code: String
        @Option(help: "Why.") var reason: String
        @Option(help: "Your pseudonym, kept with the record.") var person: String?
        @Flag(help: "Check only; nothing is saved.") var dryRun = false

        func decide(_ word: Link.State) throws {
            guard kind.map({ Link.Kind(rawValue: $0) != nil }) ?? true else {
                throw Failure(
                    description:
                        "--kind “\(kind ?? "")” is none of \(Link.Kind.allCases.map(\.rawValue).joined(separator: ", "))"
                )
            }
            let data = try folders.ownData()
            let state = try readState(data, at: nil)
            let publisher = CoordinatorProcess.publisher
            let log = try PublisherLog(
                folder: data.coordinator, publisher: publisher, synthetic: data.isSynthetic, create: false)
            func draft(_ snapshot: PublisherLog.Snapshot) throws -> (LinkDecision, PublisherLog.Draft) {
                let decision = try state.linkDecision(
                    word, from: from, to: to, kind: kind.flatMap(Link.Kind.init(rawValue:)), by: code, reason: reason
                ) { identity in try snapshot.latest(.link, identity)?.decode(LinkDecision.self) }
                if let violation = decision.violation { throw violation }
                let code = state.city?.forvaltning(code)?.code
                let author = Author(forvaltning: code, role: Role.coordinator.rawValue, person: person)
                return (decision, try PublisherLog.Draft(decision, by: author))
            }
            if dryRun {
                let (decision, _) = try log.look { try draft($0) }
                standardOutput("checked, nothing wrong, nothing saved: \(sentence(decision, word))")
                return
            }
            var said: LinkDecision?
            let lines = try log.append(at: data.clock.now()) { snapshot in
                let (decision, draft) = try draft(snapshot)
                said = decision
                return [draft]
            }
            guard let said, let line = lines.first else { return }
            standardOutput("\(sentence(said, word)), as record \(line.name)")
            standardOutput(whenItCounts(data))
        }

        private func sentence(_ decision: LinkDecision, _ word: Link.State) -> String {
            "\(code) \(word.rawValue) that \(decision.from) \(decision.kind.rawValue) \(decision.to)"
        }
    }

    struct Accept: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says that a link holds.",
            discussion: """
                pejling link accept lgbti/bif/et-trygt-natteliv integrationshandleplan/bif/trygt-natteliv-uden-diskrimination \\
                    --as OKF --reason "Samme indsats, beskrevet to steder"

                The broker need not run. Changing one's mind appends a later record; history keeps both.
                """)
        @OptionGroup var options: Options
        func run() throws { try orFail { try options.decide(.accepted) } }
    }

    struct Reject: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says that a link does not hold; it is not suggested again.",
            discussion: """
                pejling link reject lgbti/suf/slottet integrationshandleplan/suf/plejehjem-med-mangfoldighedsprofil \\
                    --as OKF --reason "To forskellige plejehjem"
                """)
        @OptionGroup var options: Options
        func run() throws { try orFail { try options.decide(.rejected) } }
    }
}
