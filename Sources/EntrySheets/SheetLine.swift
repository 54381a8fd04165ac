import PluginKit
import PolicyModel

/// From answers to what the node is told.
extension SheetImport {
    func line(_ row: FilledRow, _ thing: AskedThing, _ answers: Answers, person: String?, asDraft: Bool) -> EntryLine? {
        switch thing.item.kind {
        case .status:
            guard let status = status(thing, answers) else { return nil }
            return EntryLine(status: status, draft: asDraft ? true : nil, person: person)
        case .reading:
            guard let reading = reading(thing, answers) else { return nil }
            return EntryLine(reading: reading, followUp: thing.followUp, person: person)
        }
    }

    private func status(_ thing: AskedThing, _ answers: Answers) -> StatusReport? {
        guard let delivery = answers[.delivery].flatMap(StatusReport.Delivery.init) else { return nil }
        // A text that stays keeps its English; a new one has none yet.
        func text(_ field: Field, _ standing: LocalizedText?) -> LocalizedText? {
            guard let answer = answers[field] else { return nil }
            return standing?.da == answer ? standing : LocalizedText(da: answer)
        }
        let standing = thing.status
        return StatusReport(
            about: thing.item.about, followUp: thing.followUp, delivery: delivery, done: text(.done, standing?.done),
            deviation: text(.deviation, standing?.deviation), action: text(.action, standing?.action),
            proposals: text(.proposals, standing?.proposals),
            decisionNeeded: text(.decisionNeeded, standing?.decisionNeeded), reason: text(.reason, standing?.reason))
    }

    private func reading(_ thing: AskedThing, _ answers: Answers) -> EnteredReading? {
        guard let period = answers[.period].flatMap({ Period(typed: $0) }) else { return nil }
        func number(_ field: Field) -> DecimalText? { answers[field].flatMap { DecimalText($0) } }
        let comment = thing.reading?.comment
        var reading = EnteredReading(about: thing.item.about, period: period)
        reading.value = answers[.noFigure].flatMap(NoFigure.init)?.value ?? number(.value).map { .number($0) }
        reading.numerator = number(.numerator)
        reading.denominator = number(.denominator)
        reading.reference = number(.reference).map { .number($0, denominator: number(.referenceDenominator)) }
        reading.dataSource = answers[.dataSource]
        reading.dataDate = answers[.dataDate].flatMap { PartialDate($0) }
        reading.comment = answers[.comment].map {
            comment?.da == $0 ? comment ?? LocalizedText(da: $0) : LocalizedText(da: $0)
        }
        return reading
    }
}
