import PolicyModel

/// Who speaks when: drawn once, from the seed and what the policies ask for.
extension ExampleYears {
    func agenda() -> [ExampleTurn] {
        var turns: [ExampleTurn] = []
        for policy in policies {
            for followUp in policy.followUps where followUp.condition == nil || followUp.condition == .met {
                for forvaltning in city.forvaltninger where followUp.owedBy.contains(forvaltning.code) {
                    turns += answering(policy, followUp, forvaltning.code)
                }
                turns += deciding(policy, followUp)
                turns += contributing(policy, followUp)
            }
            turns += linking(policy)
            turns += counting(policy)
        }
        turns += money()
        for year in from...until {
            for forvaltning in city.forvaltninger {
                var dice = Dice(seed, "milestones", forvaltning.code, "\(year)")
                add(
                    .milestones(year: year), .node(forvaltning.code), Self.day(year, 3, dice.whole(2...28)), &dice,
                    &turns)
                add(
                    .milestones(year: year), .node(forvaltning.code), Self.day(year, 9, dice.whole(2...28)), &dice,
                    &turns)
            }
        }
        // Two turns of one minute stay in the order in which they were drawn.
        return turns.filter { $0.moment > Self.firstMoment(of: from) && $0.moment.day <= lastDay }.enumerated()
            .sorted { ($0.element.moment, $0.offset) < ($1.element.moment, $1.offset) }.map(\.element)
    }

    /// Notes a turn on a day, at an hour of work.
    private func add(
        _ occasion: Occasion, _ speaker: ExampleTurn.Speaker, _ day: Day, _ dice: inout Dice,
        _ turns: inout [ExampleTurn]
    ) {
        let moment = ExampleMoment(day: day, minute: dice.whole(8 * 60...16 * 60))
        turns.append(ExampleTurn(moment: moment, speaker: speaker, occasion: occasion))
    }

    /// The last day an answer is in time; where the source names none, one within a year of the policy's last dated follow-up.
    private func deadline(_ policy: Policy, _ followUp: FollowUp) -> Day? {
        if let due = followUp.due?.date.lastDay { return due }
        guard followUp.kind == .meeting || followUp.kind == .decision else { return nil }
        let dated = policy.followUps.compactMap { $0.due?.date.lastDay }.max()
        var dice = Dice(seed, "undated", followUp.id)
        return (dated ?? Self.day(from, 6, 30)).adding(days: dice.whole(40...160))
    }

    // MARK: Answers

    private func answering(_ policy: Policy, _ followUp: FollowUp, _ code: String) -> [ExampleTurn] {
        guard let deadline = deadline(policy, followUp), (from...until).contains(deadline.year) else { return [] }
        let temper = Temperament(seed, code)
        var dice = Dice(seed, "answer", followUp.id, code)
        let (node, id) = (ExampleTurn.Speaker.node(code), followUp.id)
        let coordinator = ExampleTurn.Speaker.coordinator(policy.coordinator)
        var turns: [ExampleTurn] = []
        var when: Day
        switch dice.weighted([
            ("never", 2 + (100 - temper.promptness) / 8), ("late", 6 + (100 - temper.promptness) / 2),
            ("in time", temper.promptness),
        ]) {
        case "never": return []
        case "late":
            when = deadline.adding(days: dice.chance(70) ? dice.whole(1...16) : dice.whole(17...58))
            if dice.chance(30) {
                let occasion = Occasion.exempt(
                    followUp: id, forvaltning: code, until: when.adding(days: dice.whole(0...6)))
                add(occasion, coordinator, deadline.adding(days: -dice.whole(2...9)), &dice, &turns)
            }
        default: when = deadline.adding(days: -dice.whole(0...18))
        }
        when = max(when, followUp.opens?.date.firstDay ?? when)
        if dice.chance(30) {
            add(
                .draft(followUp: id), node,
                max(when.adding(days: -dice.whole(1...4)), followUp.opens?.date.firstDay ?? deadline.adding(days: -30)),
                &dice, &turns)
        }
        add(.handIn(followUp: id, part: .first), node, when, &dice, &turns)
        if dice.chance(10) {
            add(.withdraw(followUp: id), node, when.adding(days: dice.whole(1...2)), &dice, &turns)
        }
        add(.handIn(followUp: id, part: .rest), node, when.adding(days: dice.whole(3...20)), &dice, &turns)
        guard dice.chance(94) else { return turns }
        when = when.adding(days: dice.whole(4...14))
        add(.approve(followUp: id), node, when, &dice, &turns)
        if dice.chance(8 + (100 - temper.care) / 3) {
            when = when.adding(days: dice.whole(3...10))
            add(.giveBack(followUp: id, forvaltning: code, whole: dice.chance(30)), coordinator, when, &dice, &turns)
            guard dice.chance(92) else { return turns }
            when = when.adding(days: dice.whole(3...12))
            add(.handIn(followUp: id, part: .again), node, when, &dice, &turns)
            when = when.adding(days: dice.whole(1...4))
            add(.approve(followUp: id), node, when, &dice, &turns)
        }
        guard dice.chance(90) else { return turns }
        when = when.adding(days: dice.whole(2...12))
        add(.accept(followUp: id, forvaltning: code), coordinator, when, &dice, &turns)
        guard dice.chance(22) else { return turns }
        when = when.adding(days: dice.whole(5...40))
        add(.handIn(followUp: id, part: .correction), node, when, &dice, &turns)
        guard dice.chance(50) else { return turns }
        when = when.adding(days: dice.whole(2...9))
        add(.approve(followUp: id), node, when, &dice, &turns)
        when = when.adding(days: dice.whole(2...9))
        add(.accept(followUp: id, forvaltning: code), coordinator, when, &dice, &turns)
        return turns
    }

    // MARK: The coordinator's own

    private func deciding(_ policy: Policy, _ followUp: FollowUp) -> [ExampleTurn] {
        guard let deadline = deadline(policy, followUp), (from...until).contains(deadline.year) else { return [] }
        let speaker = ExampleTurn.Speaker.coordinator(policy.coordinator)
        var turns: [ExampleTurn] = []
        for body in followUp.goesTo {
            var dice = Dice(seed, "decide", followUp.id, body)
            // Where all committees are asked, some do not take it up.
            guard followUp.goesTo.count <= 2 || dice.chance(60) else { continue }
            let when =
                followUp.kind == .decision && followUp.due != nil
                ? deadline.adding(days: -dice.whole(12...50)) : deadline.adding(days: dice.whole(38...80))
            add(.decide(policy: policy.id, body: body, about: followUp.id), speaker, when, &dice, &turns)
            guard dice.chance(60) else { continue }
            let later = when.adding(days: dice.whole(50...240))
            add(.followUp(policy: policy.id, body: body, about: followUp.id), speaker, later, &dice, &turns)
        }
        return turns
    }

    private func contributing(_ policy: Policy, _ followUp: FollowUp) -> [ExampleTurn] {
        guard !followUp.consulted.isEmpty, let deadline = deadline(policy, followUp),
            (from...until).contains(deadline.year)
        else { return [] }
        var turns: [ExampleTurn] = []
        var dice = Dice(seed, "contribute", followUp.id)
        for number in 1...dice.whole(3...4) {
            add(
                .contribute(followUp: followUp.id, number: number), .coordinator(policy.coordinator),
                deadline.adding(days: dice.whole(-24...20)), &dice, &turns)
        }
        return turns
    }

    /// A person looks at what is suggested, in the second year.
    private func linking(_ policy: Policy) -> [ExampleTurn] {
        var turns: [ExampleTurn] = []
        var dice = Dice(seed, "link", policy.id)
        let year = min(from + 1, until)
        for (state, month) in [(Link.State.accepted, 5), (.rejected, 6)] {
            add(
                .link(policy: policy.id, state: state), .coordinator(policy.coordinator),
                Self.day(year, month, dice.whole(2...28)), &dice, &turns)
        }
        return turns
    }

    // MARK: Figures and money

    /// Annual targets that no follow-up asks for are counted when the year is over.
    private func counting(_ policy: Policy) -> [ExampleTurn] {
        let asked = policy.followUps.contains { [.annual, .midTerm, .final].contains($0.kind) && $0.due != nil }
        guard !policy.annualTargets.isEmpty, !asked else { return [] }
        var turns: [ExampleTurn] = []
        let owners = Set(policy.annualTargets.compactMap { courses[$0.initiative]?.initiative.owner })
        for forvaltning in city.forvaltninger where owners.contains(forvaltning.code) {
            for year in from...until {
                var dice = Dice(seed, "count", policy.id, forvaltning.code, "\(year)")
                guard dice.chance(Temperament(seed, forvaltning.code).care) else { continue }
                add(
                    .figures(policy: policy.id, year: year), .node(forvaltning.code),
                    Self.day(year, 12, 31).adding(days: dice.whole(8...29)), &dice, &turns)
            }
        }
        return turns
    }

    private func money() -> [ExampleTurn] {
        var turns: [ExampleTurn] = []
        var events: [String: [Day: [Funding]]] = [:]
        for (_, course) in courses.sorted(by: { $0.key < $1.key }) {
            for event in course.money.events {
                events[course.initiative.owner, default: [:]][event.day, default: []] += event.funding
            }
        }
        for forvaltning in city.forvaltninger {
            var dice = Dice(seed, "said of money", forvaltning.code)
            for (day, funding) in (events[forvaltning.code] ?? [:]).sorted(by: { $0.key < $1.key }) {
                add(.money(funding), .node(forvaltning.code), day, &dice, &turns)
            }
            for year in from...until {
                add(
                    .used(year: year), .node(forvaltning.code), Self.day(year + 1, 2, dice.whole(8...26)), &dice, &turns
                )
            }
        }
        return turns
    }
}
