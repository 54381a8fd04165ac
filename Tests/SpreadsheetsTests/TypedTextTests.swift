import Testing

@testable import Spreadsheets

@Suite("Numbers and dates as texts")
struct TypedTextTests {
    @Test(
        "a text that can be one number only is that number",
        arguments: [
            ("57", "57"), ("57,3", "57.3"), ("57.3", "57.3"), ("0,125", "0.125"), ("1.234,5", "1234.5"),
            ("1,234.5", "1234.5"), ("1 000", "1000"), ("1\u{a0}000,5", "1000.5"), ("1.234.567", "1234567"),
            ("-3,5", "-3.5"), ("−3", "-3"), ("+4", "4"), (" 57 ", "57"), ("57,30", "57.3"), ("007", "7"), ("0", "0"),
            ("-0,0", "0"), ("12.5000", "12.5"), ("1234.567", "1234.567"), ("1 234,567", "1234.567"),
        ])
    func one(text: String, number: String) {
        #expect(numberReading(text).reading == .one(number))
    }

    @Test("a text that can be two numbers is both", arguments: ["1.000", "1,000", "12.345", "999,999", "-1.000"])
    func two(text: String) {
        guard case .several(let readings) = numberReading(text).reading else {
            Issue.record("\(text) is \(numberReading(text))")
            return
        }
        #expect(readings.count == 2)
    }

    @Test("1.000 is one, or a thousand")
    func thousand() { #expect(numberReading("1.000").reading == .several(["1", "1000"])) }

    @Test(
        "a text that is no number is none",
        arguments: [
            "", "-", "ca. 57", "57 kr.", "1.00.0", "1,2,3", "1.2,3.4", "12 34", "5-6", "1e5", "٥", ",5", "1 000.000,5",
        ])
    func none(text: String) { #expect(numberReading(text).reading == .none) }

    @Test("a percent sign is told apart")
    func percent() {
        #expect(numberReading("57,3 %") == (.one("57.3"), true))
        #expect(numberReading("57") == (.one("57"), false))
    }

    @Test(
        "a text that can be one date only is that date",
        arguments: [
            ("2019", "2019"), ("2019-09", "2019-09"), ("2019-9-3", "2019-09-03"), ("2019-12-31", "2019-12-31"),
            ("31-12-2019", "2019-12-31"), ("31.12.2019", "2019-12-31"), ("12/31/2019", "2019-12-31"),
            ("5-5-2019", "2019-05-05"), ("09-2019", "2019-09"), ("29.2.2020", "2020-02-29"),
        ])
    func date(text: String, date: String) { #expect(dateReading(text) == .one(date)) }

    @Test("a day and a month that can be exchanged are two dates, unless the file says which comes first")
    func exchanged() {
        #expect(dateReading("03-04-2019") == .several(["2019-04-03", "2019-03-04"]))
        #expect(dateReading("03-04-2019", isDayFirst: true) == .one("2019-04-03"))
        #expect(dateReading("03/04/2019", isDayFirst: true) == .several(["2019-04-03", "2019-03-04"]))
        #expect(dateReading("12-31-2019", isDayFirst: true) == .none)
    }

    @Test(
        "a text that is no date is none",
        arguments: [
            "", "19", "i går", "2019-13", "2019-02-29", "31-11-2019", "2019/09/03", "2019-09.03", "1-2-3-2019", "43800",
        ])
    func noDate(text: String) { #expect(dateReading(text) == .none) }
}
