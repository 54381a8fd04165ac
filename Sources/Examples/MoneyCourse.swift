import Coordinator
import PolicyModel

/// What becomes of an initiative's money: drawn from the seed and what the documents say of it.
struct MoneyCourse {
    struct Event: Hashable {
        let day: Day
        let funding: [Funding]
    }
    private(set) var events: [Event] = []
    /// The last day of each stretch of money, and whether it was renewed.
    private var ends: [(day: Day, isRenewed: Bool)] = []
    /// The first day on which an effort that required money has it; nil where it never does.
    private var found: Day?
    let isRequired: Bool

    /// - Parameters:
    ///   - known: its money as the documents have it.
    ///   - until: the last year played.
    init(_ seed: UInt64, _ initiative: Initiative, _ known: [Funding], from: Int, until: Int) {
        isRequired = known.contains { $0.state == .requiresSeparateFunding && $0.until == nil }
        var dice = Dice(seed, "money", initiative.id)
        for funding in known where funding.state == .funded {
            guard let last = funding.until?.lastDay, (from...until).contains(last.year) else { continue }
            end(funding, last, initiative, until, &dice)
        }
        guard isRequired else { return }
        for year in from...until {
            // The rounds of a pool: spring and autumn.
            guard dice.chance(22) else { continue }
            let (when, day) = dice.chance(50) ? ("marts", "03") : ("september", "09")
            guard let decided = Day("\(year)-\(day)-\(dice.whole(12...26))"), let begins = PartialDate("\(year + 1)"),
                let ends = PartialDate("\(year + dice.whole(1...2))"), let closed = PartialDate("\(decided)")
            else { continue }
            let yearly = dice.whole(4...30) * 50_000
            let funded = Funding(
                initiative: initiative.id, state: .funded, from: begins, until: ends,
                budgets: ((year + 1)...ends.year).map { Budget(year: $0, plannedDKK: DecimalText(yearly)) },
                decision: Phrases.round("\(when) \(year)"))
            let required = known.first { $0.state == .requiresSeparateFunding && $0.until == nil }
            let over = Funding(
                initiative: initiative.id, state: .requiresSeparateFunding, from: required?.from, until: closed,
                decision: Phrases.round("\(when) \(year)"))
            events.append(Event(day: decided, funding: [over, funded]))
            found = begins.firstDay
            if ends.year <= until { end(funded, ends.lastDay, initiative, until, &dice) }
            break
        }
        events.sort { $0.day < $1.day }
    }

    /// The money ends: renewed at the autumn before, or said to have expired, or silently gone.
    private mutating func end(
        _ funding: Funding, _ last: Day, _ initiative: Initiative, _ until: Int, _ dice: inout Dice
    ) {
        let isOver = initiative.period.until.map { $0.lastDay <= last } ?? false
        let isRenewed = dice.chance(isOver ? 12 : 45)
        ends.append((last, isRenewed))
        if isRenewed {
            let years = dice.whole(1...2)
            guard let from = PartialDate("\(last.year + 1)"), let to = PartialDate("\(last.year + years)"),
                let decided = Day("\(last.year)-10-\(dice.whole(10...28))")
            else { return }
            let planned = funding.budgets.last { $0.plannedDKK.map { $0 != DecimalText(0) } ?? false }?.plannedDKK
            let renewed = Funding(
                initiative: initiative.id, state: .funded, from: from, until: to,
                budgets: planned.map { planned in
                    (from.year...to.year).map { Budget(year: $0, plannedDKK: planned) }
                } ?? [], decision: Phrases.budget(last.year + 1))
            events.append(Event(day: decided, funding: [renewed]))
            if to.year <= until { end(renewed, to.lastDay, initiative, until, &dice) }
        } else if dice.chance(65) {
            let expired = Funding(
                initiative: initiative.id, state: .expired, until: PartialDate("\(last)"),
                decision: nil)
            events.append(Event(day: last.adding(days: dice.whole(6...40)), funding: [expired]))
        }
    }

    /// Whether money that was required is there on the day.
    func isFound(on day: Day) -> Bool { found.map { $0 <= day } ?? false }

    /// Whether money has ended by the day and was not renewed.
    func hasEnded(by day: Day) -> Bool { ends.contains { $0.day <= day && !$0.isRenewed } }
}
