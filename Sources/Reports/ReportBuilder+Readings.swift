internal import Coordinator
internal import Foundation
internal import PolicyModel

/// What a policy's plugin judged, found by goal, by measure and by the reading judged.
struct ReportJudgements {
    typealias Measured = (measure: Assessment.Measure, record: RecordName)
    /// For the follow-up of each goal.
    private(set) var goals: [String: LedgerVersion<Assessment>] = [:]
    private(set) var measures: [String: Measured] = [:]
    /// For any follow-up: what was said of an earlier reading when it was the newest.
    private(set) var readings: [RecordName: Measured] = [:]

    /// - Parameter followUp: the follow-up whose assessment of a goal is shown.
    init(_ state: LedgerState, _ policy: Policy, followUp: (String) -> String?) {
        for goal in policy.goals {
            let shown = followUp(goal.id).flatMap { state.assessment(of: goal.id, followUp: $0) }
            goals[goal.id] = shown
            let others = policy.followUps.lazy.compactMap { state.assessment(of: goal.id, followUp: $0.id) }
            for version in [shown].compactMap(\.self) + others {
                for measure in version.body.measures {
                    guard let reading = measure.reading, readings[reading] == nil else { continue }
                    readings[reading] = (measure, version.name)
                }
            }
            for measure in shown?.body.measures ?? [] where measures[measure.about] == nil {
                measures[measure.about] = shown.map { (measure, $0.name) }
            }
        }
    }
}

/// Readings, judgements and revised targets.
extension ReportBuilder {
    /// How many readings before the latest a report shows of one indicator.
    private static let historyLimit = 8

    // MARK: Readings

    /// What was reported of a measure and ends by the day this report looks to, oldest period first.
    func readings(of about: String, reporters: [String]? = nil) -> [LedgerVersion<Reading>] {
        state.counted(about, reporters: reporters).filter { $0.body.endsOn <= lookedTo }
    }

    func part(_ version: LedgerVersion<Reading>) -> ReportModel.ReadingPart {
        let reading = version.body
        var shares: (DecimalText?, DecimalText?) = (nil, nil)
        if case .number(_, let numerator, let denominator) = reading.value { shares = (numerator, denominator) }
        let against = reading.reference.map { " \(say(Words.againstReference, say.value($0, reading.unit)))" } ?? ""
        let text =
            reading.value == .missing ? say(Words.name(Value.Status.missing)) : say.value(reading.value, reading.unit)
        let date = reading.dataDate.map { say(Words.dataFrom, say.date($0)) }
        let origin = [reading.dataSource, date].compactMap(\.self).joined(separator: ", ")
        return ReportModel.ReadingPart(
            status: ReportModel.Term(code: reading.value.status.rawValue, text: say(Words.name(reading.value.status))),
            value: reading.value.number?.description, numerator: shares.0?.description,
            denominator: shares.1?.description, text: text + against, period: say.period(reading.period),
            reporter: party(version.name.publisher), received: version.received,
            receivedText: Day(version.received).map { say.date($0) } ?? version.received,
            dataSource: origin.isEmpty ? nil : origin, comment: reading.comment.map(say.phrase),
            record: version.name.description)
    }

    /// The redacted readings of a measure that end by the day this report looks to, the earliest end first.
    func redacted(of about: String) -> [(part: ReportModel.RedactedPart, period: Period)] {
        state.redactedWholes(of: about, upTo: lookedTo).map { record, period in
            let why = say.order(state.order(for: record.name))
            return (
                ReportModel.RedactedPart(
                    period: say.period(period), text: "\(say.period(period)): \(say(Words.redactedReading)). \(why)",
                    record: record.name.description), period
            )
        }
    }

    /// The readings before the latest, newest first, and how many more there are.
    func earlier(_ all: [LedgerVersion<Reading>]) -> (shown: [ReportModel.ReadingPart], older: Int) {
        let before = all.dropLast()
        return (before.suffix(Self.historyLimit).reversed().map(part), max(0, before.count - Self.historyLimit))
    }

    /// The newest reading of each part, by the city's dimensions, then by category; criteria in the order of the indicator.
    func breakdowns(of indicator: Indicator) -> [ReportModel.BreakdownPart] {
        let reporters = Set(indicator.reporters)
        var newest: [Breakdown: LedgerVersion<Reading>] = [:]
        for history in state.readings(of: indicator.id) where reporters.contains(history.publisher) {
            let version = history.current
            guard let breakdown = version.body.breakdown, version.body.endsOn <= lookedTo else { continue }
            if let known = newest[breakdown],
                version.body.isEarlier(than: known.body, version.position < known.position)
            {
                continue
            }
            newest[breakdown] = version
        }
        let dimensions = state.city?.dimensions ?? []
        let criteria = indicator.criteria ?? []
        func order(_ breakdown: Breakdown) -> (Int, Int, String, String) {
            (
                dimensions.firstIndex { $0.id == breakdown.dimension } ?? dimensions.count,
                criteria.firstIndex { $0.id == breakdown.category } ?? criteria.count, breakdown.dimension,
                breakdown.category
            )
        }
        return newest.sorted { order($0.key) < order($1.key) }.map { breakdown, version in
            let isCriterion = breakdown.dimension == Breakdown.criterion
            let dimension = dimensions.first { $0.id == breakdown.dimension }.map { say.phrase($0.name) }
            let criterion = isCriterion ? criteria.first { $0.id == breakdown.category } : nil
            let plain = Phrase(text: breakdown.dimension, lang: .danish)
            return ReportModel.BreakdownPart(
                dimension: isCriterion ? Phrase(text: say(Words.criterion), lang: say.language) : dimension ?? plain,
                category: criterion.map { say.phrase($0.title) } ?? say.danish(breakdown.category),
                reading: part(version))
        }
    }

    // MARK: Judgements

    func judgement(ofGoal goal: String) -> ReportModel.JudgementPart? {
        judgements.goals[goal].map { version in
            part(version.body.judgement, named(version.body), note: nil, record: version.name)
        }
    }

    /// The arithmetic with titles where it has ids: it is people who read it here.
    private func named(_ assessment: Assessment) -> LocalizedText {
        var text = assessment.arithmetic
        // A longer id may begin with a shorter one.
        for id in assessment.measures.map(\.about).sorted(by: { $0.utf8.count > $1.utf8.count }) {
            guard let title = titleOf[id] else { continue }
            text.da = text.da.replacing(id, with: "»\(title.da)«")
            text.en = text.en?.replacing(id, with: "“\(title[.english])”")
        }
        return text
    }

    /// What was judged of a measure, with a note where it is not of `latest` or not of the target that holds.
    func judgement(
        ofMeasure about: String, latest: LedgerVersion<Reading>?, version: Int
    ) -> ReportModel.JudgementPart? {
        judgements.measures[about].map { part($0, latest: latest?.name, version: version) }
    }

    /// What was said of one reading when it was the newest.
    func judgement(ofReading reading: RecordName, version: Int) -> ReportModel.JudgementPart? {
        judgements.readings[reading].map { part($0, latest: reading, version: version) }
    }

    private func part(
        _ judged: ReportJudgements.Measured, latest: RecordName?, version: Int
    ) -> ReportModel.JudgementPart {
        let measure = judged.measure
        var notes: [String] = []
        if measure.reading != latest {
            notes.append(measure.period.map { say(Words.judgedOn, say.period($0)) } ?? say(Words.judgedOnNone))
        }
        if measure.targetVersion != version {
            notes.append(say(Words.judgedAgainst, say.number(measure.targetVersion)))
        }
        return part(
            measure.judgement, measure.arithmetic, note: notes.isEmpty ? nil : notes.joined(separator: "; "),
            record: judged.record)
    }

    private func part(
        _ judgement: Attainment.Judgement, _ arithmetic: LocalizedText, note: String?, record: RecordName
    ) -> ReportModel.JudgementPart {
        ReportModel.JudgementPart(
            judgement: ReportModel.Term(code: judgement.rawValue, text: say(Words.shortName(judgement))),
            light: ReportRules.light(judgement), arithmetic: say.phrase(arithmetic), note: note,
            record: record.description)
    }

    // MARK: Revised targets

    /// Each change of a target; `first` is what the policy states where no version 1 was published.
    func revisions(
        of about: String, first: TargetVersion, words: (TargetVersion) -> String
    ) -> [ReportModel.RevisionPart] {
        let published = state.targetVersions(of: about)
        var before = first
        var revisions: [ReportModel.RevisionPart] = []
        for version in published {
            defer { before = version.body }
            guard version.body.version > 1 else { continue }
            revisions.append(
                ReportModel.RevisionPart(
                    version: version.body.version, before: words(before), after: words(version.body),
                    reason: version.body.reason.map(say.phrase), decision: version.body.decision,
                    record: version.name.description))
        }
        return revisions
    }

    // MARK: Annual targets

    /// What an initiative is to reach each year; nil where nothing is said.
    func annualTargets(of initiative: String) -> [ReportModel.AnnualTargetPart]? {
        annualTargetsOf[initiative].map { $0.map(part) }
    }

    private func part(_ stated: AnnualTarget) -> ReportModel.AnnualTargetPart {
        let target = state.currentTarget(of: stated)
        return ReportModel.AnnualTargetPart(
            id: target.id, what: say.phrase(target.what),
            comparator: ReportModel.Term(code: target.comparator.rawValue, text: say(Words.name(target.comparator))),
            value: target.value?.description,
            unit: target.unit.map { ReportModel.Term(code: $0.rawValue, text: say(Words.name($0))) },
            words: say.annual(target), base: target.base.map(say.phrase), exclusions: target.exclusions.map(say.phrase),
            fromYear: target.fromYear, toYear: target.toYear,
            years: say.years(from: target.fromYear, until: target.toYear), text: target.text.map(say.phrase),
            printed: say.danish(target.printed), source: source(target.source),
            revisions: revisions(
                of: stated.id, first: TargetVersion(about: stated.id, version: 1, annualTarget: stated),
                words: { $0.annualTarget.map(inWords) ?? "" }), results: results(of: target))
    }

    /// `mindst 90 pct., hvert år 2019–2022`; what is words only as those words.
    private func inWords(_ target: AnnualTarget) -> String {
        let words = say.annual(target) ?? target.text.map { say.phrase($0).text } ?? say(Words.inWords)
        return "\(words), \(say.years(from: target.fromYear, until: target.toYear))"
    }

    private func results(of target: AnnualTarget) -> [ReportModel.YearPart] {
        let read = readings(of: target.id).filter { target.covers($0.body.period) }
        let newest = target.latest(among: read, reading: \.body)
        let gone = redacted(of: target.id).filter { target.covers($0.period) }
        let ends = read.map(\.body.endsOn.year) + gone.map(\.period.endsOn.year)
        guard let firstEnd = ends.min(), let lastEnd = ends.max() else { return [] }
        let first = target.fromYear ?? policy.period.from?.year ?? firstEnd
        let last = max(min(target.toYear ?? policy.period.until?.year ?? lookedTo.year, lookedTo.year), lastEnd)
        let version = state.targetVersions(of: target.id).last?.body.version ?? 1
        // A target of a hundred years is a slip of the pen, and no reason for a hundred lines.
        return (max(min(first, firstEnd), last - 30)...last).map { year in
            let reading = target.latest(among: read, in: year, reading: \.body)
            return ReportModel.YearPart(
                year: year, target: say.annual(target) ?? say(Words.inWords), reading: reading.map(part),
                redacted: reading == nil ? gone.last { $0.period.endsOn.year == year }?.part : nil,
                judgement: reading.flatMap { reading in
                    reading.name == newest?.name
                        ? judgement(ofMeasure: target.id, latest: reading, version: version)
                        : judgement(ofReading: reading.name, version: version)
                })
        }
    }

    // MARK: The first page

    /// The goals that were judged, by judgement in the order of the model.
    var judgementCounts: [ReportModel.Count] {
        let judged = judgements.goals.values.map(\.body.judgement)
        return Attainment.Judgement.allCases.compactMap { judgement in
            let count = judged.count { $0 == judgement }
            return count == 0
                ? nil : ReportModel.Count(code: judgement.rawValue, text: say(Words.shortName(judgement)), count: count)
        }
    }

    /// The measures by what their latest reading says; `not_reported` where nobody has reported one.
    func countMeasures() -> [ReportModel.Count] {
        var counts: [String: Int] = [:]
        for target in policy.annualTargets {
            let latest = state.currentTarget(of: target).latest(among: readings(of: target.id), reading: \.body)
            counts[latest?.body.value.status.rawValue ?? unread(target.id), default: 0] += 1
        }
        for indicator in policy.indicators {
            let latest = readings(of: indicator.id, reporters: indicator.reporters).last
            counts[latest?.body.value.status.rawValue ?? unread(indicator.id), default: 0] += 1
        }
        let states = Value.Status.allCases.map { ($0.rawValue, Words.count(of: $0)) }
        let others = [(Self.redacted, Words.redactedShort), (Self.notReported, Words.measuresNotReported)]
        return (states + others).compactMap { code, words in
            counts[code].map { ReportModel.Count(code: code, text: say(words), count: $0) }
        }
    }

    private static let notReported = "not_reported"
    private static let redacted = "redacted"

    /// Why a measure has no reading.
    private func unread(_ about: String) -> String { redacted(of: about).isEmpty ? Self.notReported : Self.redacted }

    var attainment: ReportModel.LightPart {
        let light = ReportRules.attainment(judgements.goals.values.map(\.body.judgement))
        return ReportModel.LightPart(light: light, text: say(Words.name(light)), reason: attainmentReason)
    }

    /// How the goals were judged; where no measure has been read, why.
    private var attainmentReason: String {
        let counts = judgementCounts
        let judged =
            counts.isEmpty ? [] : [say(Words.judgedGoals, say.number(judgements.goals.count), say.inline(counts))]
        let isRead = measureCounts.contains { $0.code != Self.notReported && $0.code != Self.redacted }
        return (judged + (isRead ? [] : [unreadReason])).joined(separator: " ")
    }

    var unassessed: [ReportModel.UnassessedPart] {
        state.unassessed([policy.id]).map { lack in
            let last = say.number(Int(lack.lastRecord))
            let text =
                lack.assessedUpTo == 0
                ? say(Words.neverAssessed, lack.policy, last)
                : say(Words.assessedUpTo, lack.policy, say.number(Int(lack.assessedUpTo)), last)
            return ReportModel.UnassessedPart(
                policy: lack.policy, assessedUpTo: lack.assessedUpTo, lastRecord: lack.lastRecord, text: text)
        }
    }
}
