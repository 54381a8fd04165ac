internal import PolicyModel

extension LedgerState {
    /// An indicator or an annual target of `policy` with its targets, readings and judgements; nil where it has none of this id.
    func show(measure id: String, of policy: Policy, on day: Day) -> ShownThing? {
        var thing: ShownThing
        if let indicator = policy.indicators.first(where: { $0.id == id }) {
            thing = ShownThing(.indicator, id, indicator.title)
            thing.indicator = indicator
            thing.sources =
                [indicator.source] + indicator.baselines.map(\.source) + [indicator.forecast?.source].compactMap(\.self)
                + [indicator.target.source].compactMap(\.self) + indicator.breaks.map(\.source)
        } else if let target = policy.annualTargets.first(where: { $0.id == id }) {
            thing = ShownThing(.annualTarget, id, target.what)
            thing.annualTarget = target
            thing.initiatives = [target.initiative]
            thing.sources = [target.source]
        } else {
            return nil
        }
        thing.sources = unique(thing.sources)
        thing.progress = progressRow(of: id, on: day)
        let measured = readings(of: id).sorted {
            ($0.current.body.endsOn, $0.current.position) < ($1.current.body.endsOn, $1.current.position)
        }
        let judged = assessments.histories.filter { history in
            history.current.body.measures.contains { $0.about == id }
        }
        thing.readings = measured.map(shown)
        thing.assessments = judged.map(shown)
        thing.versions = ordered(
            versions(policies[policy.id]) + versions(targets.histories.filter { $0.current.body.about == id })
                + versions(measured) + versions(judged))
        return thing
    }

    func shown(_ history: LedgerHistory<Reading>) -> ShownThing.ShownReading {
        ShownThing.ShownReading(
            reading: history.current.body, record: history.current.name, received: history.current.received,
            counts: (reporters(of: history.current.body.about) ?? []).contains(history.publisher),
            versions: history.versions.count)
    }

    func shown(_ history: LedgerHistory<Assessment>) -> ShownThing.ShownAssessment {
        ShownThing.ShownAssessment(
            assessment: history.current.body, record: history.current.name, received: history.current.received)
    }
}
