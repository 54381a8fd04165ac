import Coordinator
import PolicyModel

/// What the coordinator says in a turn.
extension ExampleYears {
    func word(_ turn: ExampleTurn, _ state: LedgerState) -> ExampleWord? {
        var dice = Dice(seed, "word", turn.moment.description, "\(turn.occasion)")
        let today = turn.moment.day
        switch turn.occasion {
        case .giveBack(let followUp, let code, let whole):
            let given =
                state.due(followUp, of: code, on: today)?.items
                .filter { [.handedIn, .approved].contains($0.state) } ?? []
            guard !given.isEmpty else { return nil }
            return .giveBack(
                followUp: followUp, forvaltning: code, about: whole ? nil : dice.pick(given).about,
                note: Phrases.pick(Phrases.returnNotes, &dice).da)
        case .accept(let followUp, let code):
            let items = state.due(followUp, of: code, on: today)?.items ?? []
            // What came after the approval is approved first.
            guard items.contains(where: { $0.state == .approved }),
                !items.contains(where: { $0.state == .handedIn || $0.state == .returned })
            else { return nil }
            return .accept(followUp: followUp, forvaltning: code)
        case .exempt(let followUp, let code, let until):
            guard let due = self.followUp(followUp)?.due?.date.lastDay, until > due,
                let until = PartialDate("\(until)")
            else { return nil }
            return .exempt(
                followUp: followUp, forvaltning: code, until: until,
                reason: Phrases.pick(Phrases.exceptions, &dice).da)
        case .decide(let policy, let body, let about):
            guard let date = PartialDate("\(today)") else { return nil }
            let isNext = self.followUp(about).map { $0.kind == .decision || $0.kind == .final } ?? false
            let text = Phrases.pick(isNext ? Phrases.nextSteps : Phrases.decisions, &dice)
            return .decide(
                policy: policy, body: body, date: date, item: Phrases.item(dice.whole(1...24)), text: text.da,
                about: [about])
        case .followUp(let policy, let body, let about):
            let open = state.decisions.histories.map(\.current.body).first {
                $0.policy == policy && $0.body == body && $0.about == [about] && $0.isOpen
            }
            guard let open, let date = PartialDate("\(today)") else { return nil }
            return .followUp(decision: open.id, date: date, text: Phrases.pick(Phrases.followedUp, &dice).da)
        case .contribute(let followUp, let number):
            guard let date = PartialDate("\(today)") else { return nil }
            let text = Phrases.contributions[(number - 1) % Phrases.contributions.count]
            return .contribute(
                followUp: followUp, organisation: Phrases.organisation(number), text: Phrases.example(text).da,
                about: nil, date: date)
        case .link(let policy, let word):
            let rows = state.overlaps(on: today, policies: [policy], limit: 12).rows.filter { $0.state == .suggested }
            guard !rows.isEmpty else { return nil }
            let row = word == .accepted ? rows[0] : dice.pick(rows)
            return .link(
                from: row.from.id, to: row.to.id, kind: row.kind, state: word,
                reason: Phrases.example(word == .accepted ? Phrases.linkAccepted : Phrases.linkRejected).da)
        case .draft, .handIn, .approve, .withdraw, .money, .used, .milestones, .figures: return nil
        }
    }
}
