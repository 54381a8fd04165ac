import ArgumentParser
import Foundation
import PluginKit
import PolicyModel

struct ReadingCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reading",
        abstract: "Reports a figure: the value of an indicator or of an effort's annual target in a period.",
        discussion: """
            pejling reading --node BIF                     asks for each figure that is due
            pejling reading integration/beskaeftigelsesfrekvens --node BIF --period 2019 --value 57 --denominator 41000
            pejling reading integration/mindst-karakteren-2 --node BUF --period 2019 --numerator 310 --denominator 420 \\
                --breakdown koen=kvinder
            pejling reading integration/feriecamp-fremmoedte --node KFF --period 2020 --missing --comment "Aflyst"

            The node need not run, and no network is needed. A percentage needs its denominator. Counts of persons below the \
            city's threshold leave the node as “suppressed”, numerator and denominator together. A later figure for the same \
            period and breakdown supersedes; history keeps both. `pejling view progress` shows what can be reported, and by whom.
            """)

    @OptionGroup var folders: Folders
    @OptionGroup var plugins: PluginFolder
    @OptionGroup var node: NodeOptions
    @Argument(help: "The id of an indicator, or of an annual target (<initiative>/<name>).") var about: String?
    @Option(help: "The time it holds for: 2019, 2019-09, or first and last: 2018-07/2018-09.") var period: String?
    @Option(help: "The number, with a decimal point. May be left out where numerator and denominator are given.")
    var value: String?
    @Option(help: "With a percentage: how many of them.") var numerator: String?
    @Option(help: "With a percentage: how many it is a share of.") var denominator: String?
    @Option(help: "With parity: the figure it is held against.") var reference: String?
    @Option(help: "With parity in per cent: how many the reference is a share of.") var referenceDenominator: String?
    @Option(help: "The part it is of: dimension=category, such as koen=kvinder. Default: the whole.")
    var breakdown: String?
    @Flag(help: "There is no value: it was not measured. Say why with --comment.") var missing = false
    @Flag(help: "There can be no value. Say why with --comment.") var notApplicable = false
    @Option(help: "Where the figure comes from: a register, a survey.") var dataSource: String?
    @Option(help: "When the data was drawn: a year, month or day.") var dataDate: String?
    @Option(help: "What must be known of the figure; demanded where there is none.") var comment: String?
    @Option(help: "Keep it as a draft, to be handed in with this follow-up. Default: it counts as handed in at once.")
    var draftFor: String?
    @Option(help: "The language of questions: da or en.") var lang: Lang = .da

    func validate() throws {
        if missing, notApplicable { throw ValidationError("give --missing or --not-applicable, not both") }
        if missing || notApplicable, value != nil { throw ValidationError("give a value, or say that there is none") }
    }

    func run() async throws {
        try await orFail {
            guard let about, let period else { return try await ask() }
            func decimal(_ text: String?, _ name: String) throws -> DecimalText? {
                guard let text else { return nil }
                guard let number = DecimalText(text) else {
                    throw Failure(
                        description:
                            "\(name) “\(text)” is no number such as 1500 or 15.3 (a decimal point, and none for thousands)"
                    )
                }
                return number
            }
            let number = try decimal(value, "--value")
            let base = try decimal(referenceDenominator, "--reference-denominator")
            let entered = EnteredReading(
                about: about, period: try parsedPeriod(period), breakdown: try parsedBreakdown(),
                value: missing ? .missing : notApplicable ? .notApplicable : number.map { .number($0) },
                numerator: try decimal(numerator, "--numerator"),
                denominator: try decimal(denominator, "--denominator"),
                reference: try decimal(reference, "--reference").map { .number($0, denominator: base) },
                dataSource: dataSource, dataDate: try date(dataDate, "--data-date"),
                comment: comment.map { LocalizedText(da: $0) })
            let line = EntryLine(
                reading: entered, draft: draftFor == nil ? nil : true, followUp: draftFor, person: node.person)
            try await enter([line], folders, plugins, node)
        }
    }

    private func ask() async throws {
        let given =
            [value, numerator, denominator, comment, breakdown].contains { $0 != nil } || missing || notApplicable
        guard Terminal.isThere, !given, !node.dryRun, period == nil else {
            throw Failure(
                description:
                    "\(about == nil ? "the measure's id" : "--period") is missing\(Terminal.isThere ? ": give it too, or none of the figure to be asked for it" : ", and nobody sits at a terminal to be asked")"
            )
        }
        let door = try NodeDoor(folders, plugins, node: node.node)
        let conversation = Conversation(door: door, language: lang.language, person: node.person)
        try await conversation.run(followUp: draftFor, about: about, kind: .reading)
    }

    private func parsedBreakdown() throws -> Breakdown? {
        guard let breakdown else { return nil }
        let parts = breakdown.split(separator: "=", omittingEmptySubsequences: false)
        guard parts.count == 2 else {
            throw Failure(description: "--breakdown “\(breakdown)” is not dimension=category, such as koen=kvinder")
        }
        return Breakdown(dimension: String(parts[0]), category: String(parts[1]))
    }
}

/// A period given as `--period`.
func parsedPeriod(_ text: String) throws -> Period {
    let ends = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(ends.count), let from = PartialDate(ends[0]), let until = PartialDate(ends[ends.count - 1])
    else {
        throw Failure(description: "--period “\(text)” is no period such as 2019, 2019-09 or 2018-07/2018-09")
    }
    return Period(from: from, until: until)
}

/// A date given as an option; nil when it was not.
func date(_ text: String?, _ option: String) throws -> PartialDate? { try text.map { try dateOption($0, option) } }
