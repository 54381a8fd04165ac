import ArgumentParser
import Coordinator
import Foundation
import PolicyModel
import Reports

extension View {
    struct ProgressTable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "progress",
            abstract:
                "Each indicator and annual target: baseline, target this year, latest reading, final target, judgement.",
            discussion: "Example:  pejling view progress --policy integration --on 2020-12-31")
        @OptionGroup var options: Options

        func run() throws {
            try orFail {
                let (state, day, policies) = try options.load(judged: true)
                let view = state.progress(on: day, policies: policies)
                options.write(table: { view.text($0, width: $1) }, json: view.json, csv: view.csv)
            }
        }
    }

    struct BudgetTable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "budgets",
            abstract: "Money by year, administration and policy, planned and used; each sum with what it is made of.",
            discussion: "Example:  pejling view budgets --policy integrationshandleplan --format csv")
        @OptionGroup var options: Options

        func run() throws {
            try orFail {
                let (state, day, policies) = try options.load()
                let view = state.fundingView(on: day, policies: policies)
                options.write(
                    table: { view.budgetText($0, width: $1) }, json: view.budgetJSON, csv: view.budgetCSV)
            }
        }
    }

    struct CalendarTable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "calendar",
            abstract:
                "Every dated or recurring obligation, money that ends, targets' years; also for a calendar program.",
            discussion: """
                pejling view calendar --policy lgbti
                pejling view calendar --format ics > pejling.ics
                """)

        enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, csv, ics }

        @OptionGroup var folders: Folders
        @OptionGroup var when: When
        @Option(help: "Only this policy. May be repeated.") var policy: [String] = []
        @Option(help: "table, json, csv or ics (iCalendar).") var format: Format = .table
        @Option(help: "da or en.") var lang: Lang = .da

        func run() throws {
            try orFail {
                let (state, day, policies) = try View.load(folders, when, policy)
                let view = state.calendar(on: day, policies: policies)
                let text =
                    switch format {
                    case .table: view.text(lang.language, width: terminalWidth())
                    case .json: view.json()
                    case .csv: view.csv()
                    case .ics: view.ics(lang.language)
                    }
                standardOutput(text, terminator: "")
            }
        }
    }

    struct ChangesTable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "changes",
            abstract: "What became different: from what to what, who said so, when and why.",
            discussion: """
                pejling view changes                                 for each policy, since the follow-up answered before
                pejling view changes --since lgbti/2019 --lang en
                pejling view changes --since 2020-02-01 --policy lgbti --format csv

                --since says exactly what is compared:
                  1234         a position: all after it, not it itself; 0 for all. Digits alone are a position, never a year
                  2020-02-01   a day: all the broker received from its start on, in UTC
                  lgbti/2019   a follow-up, of its policy: its answers against those to the newest follow-up after it that
                               anybody has answered (and that had opened by --on). Its answer is what counted by its deadline,
                               or the first that came. Money, targets, figures, descriptions, decisions, approvals: what was
                               received after the deadline's day; without a deadline, after the day on which the last
                               administration first answered. What documents say was there from the beginning
                  last         (the default) that, for each policy, from the follow-up answered before the one its report is on

                The same content said again is no change. The first answer goes from “not reported”. An answer that was there
                before and is missing past the newest deadline is a change; what nobody ever answered is in `pejling due`.
                Small counts stay suppressed. Most important first; the summary says how many of each kind, and by whom.
                """)
        @OptionGroup var options: Options
        @Option(help: "A follow-up's id, a position, a day, or last.") var since = "last"

        func run() throws {
            try orFail {
                guard let wanted = ChangesSince(since) else {
                    throw Failure(
                        description:
                            "--since “\(since)” is no follow-up such as lgbti/2019, no position such as 1234, no day such as 2020-02-01, and not last"
                    )
                }
                let (state, day, policies) = try options.load(judged: true)
                let view = try state.changes(since: wanted, on: day, policies: policies)
                options.write(table: { view.text($0, width: $1) }, json: view.json, csv: view.csv)
            }
        }
    }

    struct PartnersTable: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "partners",
            abstract: "Outside organisations, councils and groups: in which initiatives and follow-ups, with whom.",
            discussion: "Example:  pejling view partners --format csv")
        @OptionGroup var options: Options

        func run() throws {
            try orFail {
                let (state, day, policies) = try options.load()
                let view = state.partners(on: day, policies: policies)
                options.write(table: { view.text($0, width: $1) }, json: view.json, csv: view.csv)
            }
        }
    }
}
