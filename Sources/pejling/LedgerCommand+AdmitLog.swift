import ArgumentParser
import Broker
import Catalogue
import Foundation
import Ledger

extension LedgerCommand {
    struct AdmitLog: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "admit-log",
            abstract: "An operator's word: from now on this publisher goes on with this log.",
            discussion: """
                For a node that was rebuilt without its log, or whose log diverged: what `pejling plugin list` shows as pending. \
                The word is kept in the ledger, and nothing of either log is lost. It ends a quarantine too.
                With or without a running broker; a running one takes it within a second. A log that the ledger does not know \
                and that the publisher has not come with is refused without --yes: it may be a wrong digit.

                  pejling ledger admit-log BIF 9f2c4e6a8b0d1f3a5c7e9b1d3f5a7c9e

                Exit codes: 0 done; 1 not done, said why.
                """)

        @OptionGroup var folders: Folders
        @Argument(help: "The publisher: a forvaltning's code (BIF, ØKF or OKF) or a policy's id.") var publisher: String
        @Argument(help: "The log it goes on with: 32 hexadecimal digits.") var log: String
        @Flag(help: "The log is right, though its publisher has not connected with it yet.") var yes = false

        func run() async throws {
            try await orFail {
                let data = try folders.existingData()
                let city = try ConfigurationFolder(folders.config).city()
                let word = OperatorOrder.Admission(
                    publisher: city.forvaltning(publisher)?.code ?? publisher, log: log, isUnseen: yes)
                try await carryOut(.admit(word), on: data) { ledger in
                    let waiting = BrokerState.read(data)?.state.waitingLogs ?? []
                    return try ledger.admit(
                        word, waiting: Dictionary(waiting.map { ($0.publisher, $0.log) }) { $1 }, at: data.clock.now())
                }
            }
        }
    }
}

/// Has a running broker carry out an order; while none runs, does it to the ledger itself.
///
/// - Parameter file: the file whose content goes with it.
func carryOut(
    _ order: OperatorOrder, handing file: String? = nil, on data: DataFolder, alone: (LedgerStore) throws -> String
) async throws {
    if FolderLock.holder(of: data.broker) != nil {
        standardOutput(
            try await OperatorOrders(data).give(order, handing: file) { text in if isWatched { standardError(text) } })
        return
    }
    try refuseNoLedger(data)
    standardOutput(try LedgerDoor.write(data, log: commandLog) { ledger, _ in try alone(ledger) })
}
