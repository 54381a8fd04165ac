import Foundation

/// How near an indicator is to its target, with the arithmetic in words.
public struct Attainment: Hashable, Sendable {
    public enum Judgement: String, Codable, Sendable, CaseIterable {
        case ahead
        case onCourse = "on_course"
        case behind, reached
        case noData = "no_data"
        case cannotBeJudged = "cannot_be_judged"
    }
    public var judgement: Judgement
    /// The reckoning, numbers as given: "53 + 5 = 58; 55 is 2 of 5 of the way".
    public var arithmetic: LocalizedText

    public init(_ judgement: Judgement, _ arithmetic: LocalizedText) {
        self.judgement = judgement
        self.arithmetic = arithmetic
    }
}

/// What a judgement rests on.
public struct AttainmentFacts: Hashable, Sendable {
    public var direction: Indicator.Direction
    public var target: Target
    public var baseline: Value
    public var actual: Value
    /// With parity: the other figure.
    public var reference: Value?
    /// Share of the period that has passed, 0 to 1; nil where the period or the year of the target is not known. Then a
    /// value on the right side of the baseline counts as on course.
    public var elapsed: Decimal?

    public init(
        direction: Indicator.Direction, target: Target, baseline: Value, actual: Value, reference: Value? = nil,
        elapsed: Decimal? = nil
    ) {
        self.direction = direction
        self.target = target
        self.baseline = baseline
        self.actual = actual
        self.reference = reference
        self.elapsed = elapsed
    }
}

extension Attainment {
    /// The same judgement with a sentence more.
    public func adding(da: String, en: String) -> Attainment {
        Attainment(judgement, LocalizedText(da: "\(arithmetic.da) \(da)", en: "\(arithmetic[.english]) \(en)"))
    }

    /// Judges. Never on a missing or suppressed value; the direction decides what is better, so that less of something bad
    /// is never called behind.
    public init(_ facts: AttainmentFacts) {
        self = AttainmentReckoning(facts).result
    }
}

private struct AttainmentReckoning {
    let facts: AttainmentFacts

    init(_ facts: AttainmentFacts) { self.facts = facts }

    var result: Attainment {
        switch facts.actual {
        case .missing: return Attainment(.noData, LocalizedText(da: "Ikke målt endnu.", en: "Not measured yet."))
        case .suppressed:
            return cannot("Tallet er for lille til at blive vist.", "The figure is too small to be shown.")
        case .notApplicable: return cannot("Ikke relevant.", "Not applicable.")
        case .number: break
        }
        guard let actual = decimal(facts.actual.number) else { return cannot("Intet tal.", "No number.") }
        let target = facts.target
        switch target.kind {
        case .noneStated: return cannot("Kilden sætter intet mål.", "The source states no target.")
        case .level, .atLeast:
            guard let goal = decimal(target.value) else {
                return cannot("Målet har intet tal.", "The target has no number.")
            }
            return toward(goal, actual, LocalizedText(da: "Mål \(da(goal))", en: "Target \(en(goal))"))
        case .all: return toward(100, actual, LocalizedText(da: "Mål: alle (100)", en: "Target: all (100)"))
        case .percentagePoints, .relativeChange: return change(actual)
        case .atLeastKOfN:
            guard let k = decimal(target.value), let n = decimal(target.of) else {
                return cannot("Målet nævner ikke, hvor mange.", "The target does not say how many.")
            }
            guard actual <= n else {
                return cannot(
                    "\(da(actual)) opfyldt, og der er kun \(da(n)).",
                    "\(en(actual)) met, and there are only \(en(n)).")
            }
            let words = LocalizedText(
                da: "\(da(actual)) af \(da(n)) opfyldt; mindst \(da(k)) kræves",
                en: "\(en(actual)) of \(en(n)) met; at least \(en(k)) are required")
            return actual >= k ? Attainment(.reached, words) : toward(k, actual, words)
        case .parity:
            guard let reference = decimal(facts.reference?.number) else {
                return cannot("Det tal, der skal sammenlignes med, mangler.", "The figure to compare with is missing.")
            }
            return parity(actual, reference)
        case .directionOnly:
            guard let baseline = decimal(facts.baseline.number) else { return noBaseline }
            let words = LocalizedText(
                da: "Fra \(da(baseline)) til \(da(actual)); kun retningen er et mål",
                en: "From \(en(baseline)) to \(en(actual)); only the direction is a target")
            guard isBetter(actual, than: baseline) else { return Attainment(.behind, words) }
            // Better, and the target's year is over: that was all that was asked.
            return Attainment(target.year != nil && facts.elapsed == 1 ? .reached : .onCourse, words)
        }
    }

    private func change(_ actual: Decimal) -> Attainment {
        guard let baseline = decimal(facts.baseline.number) else { return noBaseline }
        guard let step = decimal(facts.target.value) else {
            return cannot("Målet har intet tal.", "The target has no number.")
        }
        if facts.target.kind == .percentagePoints {
            let sign = step < 0 ? "−" : "+"
            let goal = baseline + step
            let words = LocalizedText(
                da: "\(da(baseline)) \(sign) \(da(abs(step))) = \(da(goal))",
                en: "\(en(baseline)) \(sign) \(en(abs(step))) = \(en(goal))")
            return toward(goal, actual, words)
        }
        let goal = baseline * (100 + step) / 100
        let words = LocalizedText(
            da: "\(da(baseline)) × \(da(100 + step)) / 100 = \(da(goal))",
            en: "\(en(baseline)) × \(en(100 + step)) / 100 = \(en(goal))")
        return toward(goal, actual, words)
    }

    private func toward(_ goal: Decimal, _ actual: Decimal, _ words: LocalizedText) -> Attainment {
        func said(_ danish: String, _ english: String) -> LocalizedText {
            LocalizedText(
                da: "\(words.da); \(da(actual)) \(danish).",
                en: "\(words.en ?? words.da); \(en(actual)) \(english).")
        }
        let reached = facts.direction == .down ? actual <= goal : actual >= goal
        if reached { return Attainment(.reached, said("opfylder det", "meets it")) }
        guard let baseline = decimal(facts.baseline.number), baseline != goal else {
            return Attainment(
                .cannotBeJudged,
                said("opfylder det ikke, og der er intet udgangspunkt", "does not meet it, and there is no baseline"))
        }
        let share = (actual - baseline) / (goal - baseline)
        let percent = da(rounded(share * 100))
        // Less than nothing of the way is said in words.
        let way =
            share < 0
            ? (da: "er gået den forkerte vej", en: "has gone the wrong way")
            : (da: "er \(percent) pct. af vejen", en: "is \(percent) per cent of the way")
        guard let elapsed = facts.elapsed else {
            return Attainment(share > 0 ? .onCourse : .behind, said(way.da, way.en))
        }
        let passed = da(rounded(elapsed * 100))
        let words = said(
            "\(way.da), og \(passed) pct. af tiden er gået", "\(way.en), with \(passed) per cent of the time gone")
        // Ahead: a tenth of the whole way or more in front of the clock.
        if share >= elapsed + Decimal(sign: .plus, exponent: -1, significand: 1) { return Attainment(.ahead, words) }
        return Attainment(share >= elapsed ? .onCourse : .behind, words)
    }

    private func parity(_ actual: Decimal, _ reference: Decimal) -> Attainment {
        let gap = abs(reference - actual)
        let words = LocalizedText(
            da: "\(da(actual)) mod \(da(reference)): \(da(gap)) fra hinanden",
            en: "\(en(actual)) against \(en(reference)): \(en(gap)) apart")
        let isThere =
            switch facts.direction {
            case .up: actual >= reference
            case .down: actual <= reference
            case .parity: gap == 0
            }
        if isThere { return Attainment(.reached, words) }
        guard let baseline = decimal(facts.baseline.number) else {
            return Attainment(.cannotBeJudged, words)
        }
        return Attainment(gap < abs(reference - baseline) ? .onCourse : .behind, words)
    }

    private func isBetter(_ a: Decimal, than b: Decimal) -> Bool {
        switch facts.direction {
        case .up: a > b
        case .down: a < b
        case .parity: abs(a) < abs(b)
        }
    }

    private var noBaseline: Attainment {
        cannot("Der er intet udgangspunkt at regne fra.", "There is no baseline to reckon from.")
    }

    private func cannot(_ da: String, _ en: String) -> Attainment {
        Attainment(.cannotBeJudged, LocalizedText(da: da, en: en))
    }

    private func decimal(_ text: DecimalText?) -> Decimal? { text.flatMap { Decimal(string: $0.description) } }

    private func rounded(_ value: Decimal) -> Decimal {
        var value = value
        var result = Decimal()
        NSDecimalRound(&result, &value, 0, .plain)
        return result
    }

    private func da(_ value: Decimal) -> String { spoken(value, .danish) }
    private func en(_ value: Decimal) -> String { spoken(value, .english) }
}

/// A number as it stands in arithmetic that people read.
func spoken(_ value: Decimal, _ language: Language) -> String {
    DecimalText(value.description)?.text(in: language) ?? value.description
}
