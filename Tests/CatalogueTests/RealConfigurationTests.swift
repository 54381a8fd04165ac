import Foundation
import PolicyModel
import Testing

@testable import Catalogue

/// The folder of the source documents, which are not part of the repository.
private let sources = ProcessInfo.processInfo.environment["PEJLING_SOURCES"]

/// The configuration of the first city, as it lies in `Config/`, against what the documents are known to hold
/// (50 marked initiatives; 17 of them, and one that is not marked, require separate funding).
struct RealConfigurationTests {
    private let configuration = ConfigurationFolder(
        URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Config").path)

    private func nodes(_ city: City) throws -> [NodeCatalogue] {
        try city.forvaltninger.map { try configuration.node($0, in: city) }
    }

    @Test("the city has seven forvaltninger and four documents")
    func city() throws {
        let city = try configuration.city()
        #expect(Set(city.forvaltninger.map(\.code)) == ["BIF", "BUF", "KFF", "SOF", "SUF", "TMF", "ØKF"])
        #expect(city.documents.count == 4)
    }

    @Test("each forvaltning has its marked initiatives")
    func marked() throws {
        let city = try configuration.city()
        let counts = try nodes(city).map { node in
            (
                node.forvaltning.code,
                node.entries.count { $0.initiative.kind == .marked && $0.initiative.policy == "lgbti" }
            )
        }
        #expect(
            Dictionary(uniqueKeysWithValues: counts)
                == ["BIF": 6, "BUF": 8, "KFF": 8, "SOF": 5, "SUF": 12, "TMF": 3, "ØKF": 8])
    }

    @Test("17 marked initiatives and one other require separate funding")
    func separateFunding() throws {
        let city = try configuration.city()
        let entries = try nodes(city).flatMap(\.entries) + configuration.policy("lgbti", in: city).entries
        let requiring = entries.filter { $0.funding.contains { $0.state == .requiresSeparateFunding } }
        #expect(requiring.count { $0.initiative.kind == .marked } == 17)
        #expect(requiring.count { $0.initiative.kind != .marked } == 1)
    }

    @Test("the goals that initiatives name are the policy's")
    func goals() throws {
        let city = try configuration.city()
        let goals = Set(try configuration.policy("lgbti", in: city).policy.goals.map(\.id))
        let named = try nodes(city).flatMap(\.entries).flatMap(\.initiative.goals)
        #expect(Set(named).subtracting(goals).isEmpty)
    }

    @Test(
        "every word said to be printed stands in the documents",
        .enabled(if: sources != nil, "skipped: PEJLING_SOURCES is not set"))
    func words() throws {
        let city = try configuration.city()
        let citations = try configuration.policy("lgbti", in: city).citations + nodes(city).flatMap(\.citations)
        let check = SourceCheck(
            city: city, configuration: configuration, sources: try #require(sources), sha256: sha256)
        let result = check.run(citations)
        #expect(result.problems.isEmpty, "\(CatalogueError(problems: result.problems))")
        #expect(result.documents == city.documents.count)
        #expect(result.checked.values.reduce(0, +) == citations.count)
        #expect(result.sections >= 50)
    }
}
