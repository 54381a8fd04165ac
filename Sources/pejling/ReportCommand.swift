import ArgumentParser
import Coordinator
import Foundation
import Ledger
import PolicyModel
enum Lang: String, ExpressibleByArgument, CaseIterable {
    case da, en
    var language: Language { self == .da ? .danish : .english }
}
struct Show: ParsableCommand {}
struct ReportCommand: ParsableCommand {}
struct View: ParsableCommand {}
struct Export: ParsableCommand {}
func readState(_ data: DataFolder, at position: Int64?) throws -> LedgerState {
    var state = LedgerState()
    try Replica(folder: data.coordinator, create: false, readOnly: true).forEach(upTo: position) { state.apply($0) }
    return state
}
func writeReport(_ s: LedgerState, policy: String, out: String, language: Language) throws -> [String] { ["x"] }
func publisherTable(_ state: LedgerState, _ city: City) -> String {
    state.publishers.values.sorted { $0.name < $1.name }.map { "\($0.name) \($0.total)" }.joined(separator: "\n")
}
