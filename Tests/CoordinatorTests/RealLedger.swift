import Catalogue
import Foundation
import PolicyModel

@testable import Coordinator

/// A ledger of the configuration of the first city, as it lies in `Config/`: what the plugins publish when `up` first runs.
enum RealLedger {
    private static let made = Result { try make() }

    /// Made once for all tests.
    static func state() throws -> LedgerState { try made.get() }

    static func maker() throws -> LedgerMaker {
        let folder = ConfigurationFolder(
            URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("Config").path)
        let city = try folder.city()
        var maker = LedgerMaker()
        try maker.add(CoordinatorProcess.publisher, city)
        for id in city.policies {
            let catalogue = try folder.policy(id, in: city)
            try maker.add(id, catalogue.policy)
            try publish(catalogue.entries, as: id, &maker)
        }
        for forvaltning in city.forvaltninger {
            try publish(try folder.node(forvaltning, in: city).entries, as: forvaltning.code, &maker)
        }
        return maker
    }

    private static func make() throws -> LedgerState { try maker().state }

    private static func publish(_ entries: [CatalogueEntry], as publisher: String, _ maker: inout LedgerMaker) throws {
        for entry in entries {
            try maker.add(publisher, entry.initiative)
            for funding in entry.funding { try maker.add(publisher, funding) }
            if let status = entry.status { try maker.add(publisher, status) }
        }
    }
}
