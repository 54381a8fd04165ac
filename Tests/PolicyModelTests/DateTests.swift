import Foundation
import PolicyModel
import Testing

@Suite("Dates")
struct DateTests {
    @Test(
        "a date as exact as its source is read and written as it stands",
        arguments: [
            ("2019", PartialDate.Precision.year, "2019-01-01", "2019-12-31"),
            ("2019-12", .month, "2019-12-01", "2019-12-31"),
            ("2019-02", .month, "2019-02-01", "2019-02-28"),
            ("2020-02", .month, "2020-02-01", "2020-02-29"),
            ("2020-02-29", .day, "2020-02-29", "2020-02-29"),
            ("2000-02-29", .day, "2000-02-29", "2000-02-29"),
            ("2019-04", .month, "2019-04-01", "2019-04-30"),
            ("1900", .year, "1900-01-01", "1900-12-31"),
            ("2199-12-31", .day, "2199-12-31", "2199-12-31"),
        ])
    func reads(text: String, precision: PartialDate.Precision, first: String, last: String) throws {
        let date = try #require(PartialDate(text))
        #expect(date.description == text)
        #expect(date.precision == precision)
        #expect(date.firstDay.description == first)
        #expect(date.lastDay.description == last)
    }

    @Test(
        "what is no date is refused",
        arguments: [
            "", "19", "20190", "2019-", "2019-1", "2019-00", "2019-13", "2019-12-00", "2019-12-32", "2019-04-31",
            "2019-02-29", "1900-02-29", "2100-02-29", "1899", "2200", "2019-12-31-01", " 2019", "2019 ", "+019",
            "-019", "2019-+1", "２０１９", "2019/12/31", "2019-12-31T00:00:00Z",
        ])
    func refuses(text: String) {
        #expect(PartialDate(text) == nil)
    }

    @Test(
        "the ordinal is the count of days since 1970, as `date -u -d DAY +%s` / 86400 gives it",
        arguments: [
            ("1970-01-01", 0), ("1969-12-31", -1), ("1900-01-01", -25567), ("2000-02-29", 11016),
            ("2000-03-01", 11017), ("2019-12-31", 18261), ("2024-02-29", 19782), ("2026-11-23", 20780),
            ("2199-12-31", 84005),
        ])
    func ordinals(day: String, ordinal: Int) {
        #expect(Day(day)?.ordinal == ordinal)
    }

    @Test("each day from 1900 to 2199 is one after the day before")
    func consecutive() throws {
        var expected = -25567
        for year in 1900...2199 {
            for month in 1...12 {
                for day in 1...31 {
                    let text = String(format: "%04d-%02d-%02d", year, month, day)
                    guard let day = Day(text) else { continue }
                    guard day.ordinal == expected else {
                        Issue.record("\(text) has ordinal \(day.ordinal), not \(expected)")
                        return
                    }
                    expected += 1
                }
            }
        }
        #expect(expected == 84006)
    }

    @Test("so many days later, and earlier, is the day with that ordinal: over month ends, leap days, centuries")
    func adding() throws {
        let start = try #require(Day("1900-01-01"))
        for days in 0...109_572 {
            let day = start.adding(days: days)
            guard day.ordinal == start.ordinal + days, Day(day.description) == day else {
                Issue.record("\(start) and \(days) days is \(day)")
                return
            }
        }
        #expect(start.adding(days: 109_572).description == "2199-12-31")
        for (from, days, to) in [
            ("2020-02-28", 1, "2020-02-29"), ("2021-02-28", 1, "2021-03-01"), ("2020-01-01", -1, "2019-12-31"),
            ("2000-03-01", -1, "2000-02-29"), ("2019-12-31", 0, "2019-12-31"),
        ] { #expect(Day(from)?.adding(days: days).description == to) }
    }

    @Test("a day is read from a timestamp too, compared, and counted from another")
    func days() throws {
        let day = try #require(Day("2026-11-23T08:15:00Z"))
        let earlier = try #require(Day("2026-02-28"))
        #expect(day.description == "2026-11-23")
        #expect(earlier < day)
        #expect(!(day < earlier))
        #expect(day.days(since: earlier) == 268)
        #expect(Day("2026") == nil)
        #expect(Day("2026-11") == nil)
    }

    @Test("a date that is none is an error of the JSON that names it")
    func json() throws {
        #expect(try JSONDecoder().decode([PartialDate].self, from: Data(#"["2019-12"]"#.utf8)).first?.month == 12)
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([PartialDate].self, from: Data(#"["2019-13"]"#.utf8))
        }
        #expect(String(describing: error).contains("“2019-13” is not a date"))
    }
}
