import Testing

@testable import Broker

@Suite("What is said seldom")
struct SeldomSaidTests {
    @Test("the first is said, then one a minute with how many were not; each kind by itself")
    func next() {
        var seldom = SeldomSaid()
        #expect(seldom.next("BIF signature", now: .seconds(5)) == 0)
        for second in 6...64 { #expect(seldom.next("BIF signature", now: .seconds(second)) == nil) }
        #expect(seldom.next("BIF chain.prev", now: .seconds(6)) == 0)
        #expect(seldom.next("BIF signature", now: .seconds(65)) == 59)
        #expect(seldom.next("BIF signature", now: .seconds(66)) == nil)
        #expect(seldom.next("BIF signature", now: .seconds(200)) == 1)
        #expect(SeldomSaid.times(0).isEmpty && SeldomSaid.times(59) == " (and 59 more since the last line like it)")
    }
}
