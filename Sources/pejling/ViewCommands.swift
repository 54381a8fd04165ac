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
                FileHandle.standardOutput.write(Data(text.utf8))
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
