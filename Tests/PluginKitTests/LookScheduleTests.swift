import Testing

@testable import PluginKit

@Suite("When a log is looked at again")
struct LookScheduleTests {
    @Test("soon after its folder was written, then at growing pauses for longer than a sync takes, and then no more")
    func pauses() throws {
        var looks = LookSchedule()
        #expect(looks.pause == nil)
        looks.looked()
        #expect(looks.pause == nil, "nothing is due where nothing was written")
        looks.written()
        var pauses: [Duration] = []
        while let pause = looks.pause, pauses.count < 100 {
            pauses.append(pause)
            looks.looked()
        }
        #expect(pauses.first.map { $0 <= .milliseconds(5) } == true)
        #expect(zip(pauses, pauses.dropFirst()).allSatisfy { $0 < $1 })
        #expect(pauses.reduce(.zero, +) >= .milliseconds(500))
        #expect(pauses.count <= 10, "each is a wake of a process that may have nothing to do")
        looks.looked()
        #expect(looks.pause == nil)
        looks.written()
        #expect(looks.pause == pauses.first)
    }
}
