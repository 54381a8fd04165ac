import ArgumentParser
import Broker
import Catalogue
import Foundation
import Ledger
import PolicyModel
import Wire
import ZeroMQ

struct Doctor: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks this installation, and with --sources every cited fact against the documents.",
        discussion: """
            pejling doctor                          libraries, configuration, plugins, data
            pejling doctor --sources ../documents   are the words that the configuration cites in the lines it names?

            Exit codes: 0 all is well; 1 there is a PROBLEM; 64 the command line is wrong; 74 it could not be written.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @Option(help: "The folder of the source documents.") var sources: String?

    func run() throws {
        try orFail {
            var problems = 0
            func say(_ good: Bool, _ text: String) {
                standardOutput((good ? "ok       " : "PROBLEM  ") + text)
                if !good { problems += 1 }
            }
            say(
                curveIsAvailable(),
                "libzmq \(zeroMQVersion()), CURVE \(curveIsAvailable() ? "there" : "missing: install Debian's libzmq5")"
            )
            let configuration = ConfigurationFolder(folders.config).whole()
            for problem in configuration.problems { say(false, "configuration: \(problem)") }
            if let city = configuration.city, configuration.problems.isEmpty {
                let initiatives = configuration.policies.flatMap(\.entries) + configuration.nodes.flatMap(\.entries)
                say(
                    true,
                    "configuration \(folders.config): \(city.forvaltninger.count) forvaltninger, \(configuration.policies.count) policies, \(initiatives.count) initiatives; \(configuration.derivedResponsibilities) responsibilities derived, each from what is said there"
                )
                for policy in configuration.policies.map(\.policy) {
                    let own = initiatives.filter { $0.initiative.policy == policy.id }
                    say(true, "\(policy.id): \(counts(of: policy, own, city))")
                }
                if !configuration.leadingOut.isEmpty {
                    say(true, "links out of the configuration: \(configuration.leadingOut.joined(separator: ", "))")
                }
            }
            let (found, broken) = PluginFinder.find(in: plugins.plugins, executables: executableFolder())
            for error in broken { say(false, error.description) }
            say(!found.isEmpty, "plugins: \(found.map(\.manifest.name).joined(separator: ", "))")
            if sources == nil { checkData(say) }
            if let sources, let city = configuration.city { check(sources, city, configuration.citations, say) }
            if problems > 0 {
                throw Failure(description: "\(problems) \(problems == 1 ? "problem" : "problems") found")
            }
        }
    }

    /// What a policy holds, to be compared with the document by eye: `4 theme, 25 objective; …`.
    private func counts(of policy: Policy, _ entries: [CatalogueEntry], _ city: City) -> String {
        func tally<Key: RawRepresentable & Hashable>(_ keys: [Key]) -> String where Key.RawValue == String {
            let counts = Dictionary(grouping: keys, by: \.rawValue).mapValues(\.count)
            return counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        }
        let marked = Dictionary(grouping: entries.map(\.initiative).filter { $0.kind == .marked }, by: \.owner)
        let owners = city.forvaltninger.map(\.code).compactMap { code in marked[code].map { "\(code) \($0.count)" } }
        var budgets: [Int: Decimal] = [:]
        for budget in entries.flatMap(\.funding).flatMap(\.budgets) {
            budgets[budget.year, default: 0] += budget.plannedDKK.flatMap { Decimal(string: $0.description) } ?? 0
        }
        let money = budgets.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
        return [
            tally(policy.goals.map(\.kind)), policy.indicators.isEmpty ? "" : "\(policy.indicators.count) indicators",
            policy.annualTargets.isEmpty ? "" : "\(policy.annualTargets.count) annual targets",
            "\(policy.followUps.count) follow-ups", "initiatives: \(tally(entries.map(\.initiative.kind)))",
            owners.isEmpty ? "" : "marked: \(owners.joined(separator: ", "))",
            money.isEmpty ? "" : "DKK planned: \(money.joined(separator: ", "))",
        ].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    private func check(_ sources: String, _ city: City, _ citations: [Citation], _ say: (Bool, String) -> Void) {
        let check = SourceCheck(city: city, configuration: ConfigurationFolder(folders.config), sources: sources) {
            Hash(of: [UInt8]($0)).hex
        }.run(citations)
        for problem in check.problems { say(false, problem.description) }
        let counts = [
            "\(check.figures) figures", "\(check.dates) dates", "\(check.fundings) fundings",
            "\(check.budgets) budgets", "\(check.statuses) statuses",
            "\(check.titles) titles", "\(check.responsibilities) responsibilities", "\(check.sections) sections",
            "\(check.partners) partners", "\(check.places) places",
        ]
        say(
            check.problems.isEmpty,
            "sources \(sources): \(check.documents) documents; \(counts.joined(separator: ", ")) looked up in the lines they cite"
        )
    }

    private func checkData(_ say: (Bool, String) -> Void) {
        guard FileManager.default.fileExists(atPath: folders.data) else {
            say(true, "data \(folders.data): not there yet; `pejling up` makes it")
            return
        }
        do {
            let data = try DataFolder(existing: folders.data)
            say(
                true,
                "data \(folders.data): format \(DataFolder.format)\(data.isSynthetic ? ", example (synthetic) data" : "")"
            )
            if let nodes = NodeHealth(data, config: folders.config) {
                for it in nodes.publishers {
                    let process = it.pid.map { " as process \($0)" } ?? ""
                    say(
                        true,
                        "\(it.publisher): \(it.state.rawValue)\(process), \(it.logText)"
                    )
                }
                for mark in nodes.marks { say(false, mark) }
                return
            }
            guard let (state, presence, holder) = BrokerState.look(data) else {
                say(true, "broker: has not run here yet")
                return
            }
            // What is silent is a mark, below.
            say(
                true,
                "broker: \(holder.map { "running as process \($0)" } ?? "not running"), ledger at position \(state.position)"
            )
            guard holder != nil else {
                for mark in try folders.health(data).marks where mark.kind == .failure { say(false, mark.text) }
                return
            }
            for plugin in state.plugins + (state.remote ?? []) where presence == .heard && !plugin.heard {
                let cause = plugin.cause.map { ", \($0.replacing("\n", with: " / "))" } ?? ""
                say(false, "\(plugin.publisher): \(plugin.condition.rawValue)\(cause)")
            }
            // What `pejling stat` marks, but for the publishers above.
            let health = try folders.health(data)
            for mark in health.marks where mark.kind != .condition { say(false, mark.text) }
            for note in health.notes { say(true, note) }
        } catch {
            say(false, "\(error)")
        }
    }
}
