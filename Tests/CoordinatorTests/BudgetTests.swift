import PolicyModel
import Testing
import Wire

@testable import Coordinator

@Suite("Money by year")
struct BudgetTests {
    private func view() throws -> FundingView {
        var maker = LedgerMaker()
        try maker.add("coordinator", Sample.city)
        func add(_ id: String, _ publisher: String, _ budgets: [Budget]) throws {
            try maker.add(publisher, Sample.initiative(id, owner: publisher))
            try maker.add(
                publisher, Funding(initiative: id, state: .funded, budgets: budgets, source: Sample.source))
        }
        try add("p/okf/c", "ØKF", [Budget(year: 2019, plannedDKK: DecimalText(5))])
        try add(
            "p/bif/a", "BIF",
            [
                Budget(year: 2019, plannedDKK: DecimalText(100), usedDKK: DecimalText("90.5")),
                Budget(year: 2020, plannedDKK: DecimalText(0)),
            ])
        try add("p/bif/b", "BIF", [Budget(year: 2019, plannedDKK: DecimalText(20))])
        return maker.state.fundingView(on: day("2020-01-01"))
    }

    @Test("each year, policy and owner has its sum of planned and used, and the terms it is made of")
    func rows() throws {
        let rows = try view().budgetRows
        #expect(rows.map { "\($0.year) \($0.owner)" } == ["2019 BIF", "2019 ØKF", "2020 BIF"])
        #expect(rows.map { $0.planned?.description } == ["120", "5", "0"])
        #expect(rows.map { $0.used?.description } == ["90.5", nil, nil], "nothing said is not zero")
        #expect(rows.first?.terms.map(\.initiative) == ["p/bif/a", "p/bif/b"])
        #expect(rows.first?.terms.map { $0.planned?.description } == ["100", "20"])
    }

    @Test("a policy's year is the sum of all its terms")
    func totals() throws {
        let totals = try view().budgetTotals
        #expect(totals.map { "\($0.year) \($0.planned?.description ?? "–")" } == ["2019 125", "2020 0"])
        #expect(totals.first?.terms.count == 3)
        #expect(totals.first?.terms.flatMap(\.sources).count == 3)
    }
}
