extension [ReportModel.OwnerRow] {
    /// The states of money that any initiative has, by their place in `states`: a column of zeros says nothing.
    var usedStates: [Int] {
        (first?.states.indices).map(Array<Int>.init)?.filter { index in contains { $0.states[index].count > 0 } } ?? []
    }
}

extension [ReportModel.Missing] {
    /// Those that miss the same follow-up in the same way, together; no group is empty.
    var groups: [[ReportModel.Missing]] {
        var groups: [[ReportModel.Missing]] = []
        for item in self {
            if let last = groups.last?.first, last.followUp == item.followUp, last.text == item.text,
                last.names == item.names
            {
                groups[groups.count - 1].append(item)
            } else {
                groups.append([item])
            }
        }
        return groups
    }

    /// The same in sentences, a line for each follow-up.
    func lines(_ say: Wording) -> [String] {
        var followUps: [String] = []
        var itemsOf: [String: [ReportModel.Missing]] = [:]
        for item in self {
            if itemsOf[item.followUp] == nil { followUps.append(item.followUp) }
            itemsOf[item.followUp, default: []].append(item)
        }
        return followUps.compactMap { id in
            let items = itemsOf[id] ?? []
            return items.first.map { first in
                say(
                    Words.notReported, first.followUpTitle.text, say.list(items.map(\.label)), first.due,
                    say.count(first.days, Words.day))
            }
        }
    }
}
