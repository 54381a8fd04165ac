import Testing

@testable import Broker

@Suite("Whether a process hangs")
struct HangWatchTests {
    var watch = HangWatch(bound: .seconds(60))

    /// A look each second; after how many of them it hangs, at most `most`.
    private mutating func looks(most: Int) -> Int? {
        for count in 1...most { if watch.waited(.seconds(1)) { return count } }
        return nil
    }

    @Test(
        "a process that starts has five times as long from its start, and again with each sign that it comes on; one at work, the bound"
    )
    mutating func silent() {
        var found = looks(most: 300)
        #expect(found == nil)
        watch.heard(isStarting: true)
        found = looks(most: 400)
        #expect(found == 301)
        watch.heard()
        found = looks(most: 60)
        #expect(found == nil)
        watch.heard()
        found = looks(most: 100)
        #expect(found == 61)
    }

    @Test("a machine that slept, or a watcher that was stopped, is no hang of the other")
    mutating func slept() {
        watch.heard()
        let isHung = watch.waited(.seconds(8 * 3600))
        #expect(!isHung)
        let found = looks(most: 100)
        #expect(found == 59)
    }
}
