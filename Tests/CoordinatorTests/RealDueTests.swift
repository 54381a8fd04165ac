import PolicyModel
import Testing

@testable import Coordinator

/// What each real follow-up asks of each forvaltning, against the lines it is printed in.
@Suite("What the first city's follow-ups ask for")
struct RealDueTests {
    private func asked(_ followUp: String, _ kind: Obligation.Kind? = nil) throws -> [String: Int] {
        let entries = try RealLedger.state().due(on: day("2030-01-01")).entries.filter { $0.followUp == followUp }
        return Dictionary(
            uniqueKeysWithValues: entries.map { entry in
                (entry.forvaltning, entry.items.count { kind == nil || $0.kind == kind })
            })
    }

    private static let marked = ["BIF": 6, "BUF": 8, "KFF": 8, "SOF": 5, "SUF": 12, "TMF": 3, "ØKF": 8]

    @Test(
        "LGBTI+: each year a status of the 50 concrete initiatives, and of nothing else (lines 1131-1134)",
        arguments: ["lgbti/2019", "lgbti/2020", "lgbti/2021", "lgbti/2022", "lgbti/slut-2023"])
    func lgbti(followUp: String) throws {
        #expect(try asked(followUp, .status) == Self.marked)
        #expect(try asked(followUp, .reading).values.allSatisfy { $0 == 0 })
    }

    @Test(
        "disability: in 2020 two questions to each forvaltning, then a word from SOF on its meeting (lines 1324-1328)")
    func disability() throws {
        let codes = Self.marked.keys
        #expect(try asked("handicap/midtvejs-2020") == Dictionary(uniqueKeysWithValues: codes.map { ($0, 2) }))
        #expect(try asked("handicap/statusmoede") == ["SOF": 1])
        #expect(try asked("handicap/status-til-handicapraadet").isEmpty, "the text says nobody who gives it")
    }

    @Test(
        "integration: each year, and at mid-term, every goal is followed up by those who answer for it, with its figures of the year (lines 2444-2462)",
        arguments: ["integration/2019", "integration/2020", "integration/2022", "integration/midtvejsstatus"])
    func integration(followUp: String) throws {
        // KFF owns four efforts besides its goal; the others' efforts are the municipality's.
        #expect(
            try asked(followUp, .status) == [
                "BIF": 4, "BUF": 4, "KFF": 5, "SOF": 3, "SUF": 1, "TMF": 1, "ØKF": 3,
            ])
        let state = try RealLedger.state()
        let indicators = try #require(state.policy("integration")).body.indicators
        for (code, number) in try asked(followUp, .reading) {
            #expect(number == indicators.count { $0.reporters.contains(code) }, "\(code)")
        }
        #expect(indicators.count == 21)
    }

    @Test("integration: a baseline that is to be measured is asked of those who report it (lines 3186-3338)")
    func baselines() throws {
        #expect(try asked("integration/baseline-maal-7", .reading) == ["KFF": 1])
        #expect(try asked("integration/baseline-maal-8", .reading) == ["BIF": 3])
        #expect(try asked("integration/baseline-maal-10", .reading) == ["TMF": 1])
    }

    @Test("integration: the theme debate is conditional, and nobody is ever late with it (lines 2464-2507)")
    func debate() throws {
        let entries = try RealLedger.state().due(on: day("2030-01-01")).entries.filter {
            $0.followUp == "integration/temadroeftelse"
        }
        #expect(entries.count == 7)
        #expect(entries.allSatisfy { $0.phase == .conditionOpen && $0.daysLate == nil && $0.items.count == 1 })
    }

    @Test(
        "the action plan asks BIF for its survey twice, and for a word on the adjusted targets; it prints no yearly status"
    )
    func plan() throws {
        let entries = try RealLedger.state().due(on: day("2030-01-01"), policies: ["integrationshandleplan"]).entries
        #expect(
            entries.map { "\($0.followUp) \($0.forvaltning) \($0.items.map(\.about))" } == [
                "integrationshandleplan/spoergeskema-2019 BIF [\"integrationshandleplan/bif/spoergeskemaundersoegelse\"]",
                "integrationshandleplan/maaltal-efter-to-aar BIF [\"integrationshandleplan/maaltal-efter-to-aar\"]",
                "integrationshandleplan/spoergeskema-2021 BIF [\"integrationshandleplan/bif/spoergeskemaundersoegelse\"]",
            ])
    }

    @Test("what nobody owes is in no list: decisions and rounds of the investment pool")
    func nobody() throws {
        let list = try RealLedger.state().due(on: day("2030-01-01"))
        #expect(
            !list.entries.contains { $0.followUp.contains("investeringspuljen") || $0.followUp.contains("beslutning") })
        #expect(Set(list.entries.map(\.followUp)).count == 19)
    }
}
