internal import PolicyModel

/// What lies in time lies within the policy's printed period: budgets, annual targets, follow-ups.
///
/// Not so what was before the policy (baselines, history), and nothing where an end of the period is not printed.
extension Scope {
    /// Reports at `item` that `date` lies wholly outside the period.
    func checkPeriod(_ date: PartialDate?, _ what: String, at item: Item?) {
        guard let date, let item, let side = period?.side(of: date) else { return }
        item.report(
            "\(what) “\(date)” lies \(side.word) the policy's period, which \(side.end)",
            fix: "correct the year; or `period` of the policy, if that is what is wrong")
    }

    func checkPeriod(year: Int?, _ what: String, at item: Item?) {
        checkPeriod(year.flatMap { PartialDate(String($0)) }, what, at: item)
    }
}

extension Period {
    /// On which side of the period `date` lies wholly, and that end of it; nil within it.
    fileprivate func side(of date: PartialDate) -> (word: String, end: String)? {
        if let from, date.lastDay < from.firstDay { return ("before", "begins \(from)") }
        if let until, date.firstDay > until.lastDay { return ("after", "ends \(until)") }
        return nil
    }
}
