import PluginKit
public import PolicyModel
import Reports
public import Spreadsheets

/// A template: a row for each thing that is asked for, with last time's answer, and what is said already filled in.
public struct Template: Sendable {
    public let list: AskedList
    public let language: Language

    /// - Parameter list: What is asked for, of the follow-ups that the template is for.
    public init(_ list: AskedList, _ language: Language) {
        self.list = list
        self.language = language
    }

    /// How many things it asks for.
    public var count: Int { list.followUps.reduce(0) { $0 + $1.things.count } }

    /// As a workbook: a sheet for states, one for figures, and one that explains.
    ///
    /// - Parameter created: Seconds since 1970.
    public func workbook(created: Int) -> Workbook {
        let tables = Obligation.Kind.allCases.compactMap { kind in
            has(kind) ? table(sheet(kind), [kind], heading(kind)) : nil
        }
        var book = Workbook(
            title: "\(list.forvaltning.code): \(list.followUps.map(\.id).joined(separator: ", "))",
            remark: origin, tables: tables, guidance: guidance, details: details, created: created)
        book.choiceHint = say("Vælg et svar fra listen i cellen.", "Choose an answer from the list in the cell.")
        book.numberHint = say(
            "Her hører et tal hjemme, som 1500 eller 57,3.", "A number belongs here, such as 1500 or 57.3.")
        return book
    }

    /// As one table, for CSV: states and figures together.
    public func table() -> Table { table(sheet(.status), Obligation.Kind.allCases, []) }

    /// What stands above the titles of a CSV, which has no other place to say that it is an example; of real data nothing.
    public var aboveCSV: [String] { list.isSynthetic ? [example] : [] }

    func say(_ da: String, _ en: String) -> String { LocalizedText(da: da, en: en)[language] }

    private func sheet(_ kind: Obligation.Kind) -> String {
        kind == .status ? say("Status", "Status") : say("Tal", "Figures")
    }

    private func has(_ kind: Obligation.Kind) -> Bool {
        list.followUps.contains { $0.things.contains { $0.item.kind == kind } }
    }

    /// What the file says of itself to the program.
    private var details: [String: String] {
        [
            "template": "1", "city": list.city, "node": list.forvaltning.code, "day": list.day.description,
            "position": "\(list.position)", "synthetic": list.isSynthetic ? "true" : "false", "rows": "\(count)",
            "follow_ups": list.followUps.map(\.id).joined(separator: " "),
        ]
    }

    /// What the file says of itself to people.
    var origin: String {
        let text = say(
            "Skabelon for \(list.forvaltning.code), \(list.city), dannet \(list.day) ved position \(list.position).",
            "Template for \(list.forvaltning.code), \(list.city), made \(list.day) at position \(list.position).")
        return list.isSynthetic ? "\(text) \(example)" : text
    }

    var example: String { say("EKSEMPELDATA – ikke virkelige oplysninger", "EXAMPLE DATA – not real information") }

    private func heading(_ kind: Obligation.Kind) -> [String] {
        let only = list.followUps.count == 1 ? list.followUps.first?.entry : nil
        let title = only.map { "\($0.title[language])" } ?? say("Det, der mangler svar", "What waits for an answer")
        let things = list.followUps.flatMap(\.things).count { $0.item.kind == kind }
        var facts = [list.forvaltning.name[language]]
        facts.append(
            kind == .status
                ? say("\(things) svar om, hvor langt det er", "\(things) answers on how far it is")
                : say("\(things) tal", "\(things) figures"))
        if let last = only?.lastDay { facts.append(say("frist \(last)", "deadline \(last)")) }
        facts.append(say("udfyld kun de gule felter", "fill in the yellow cells only"))
        return (list.isSynthetic ? [example] : []) + [
            "\(list.forvaltning.code) · \(title)", facts.joined(separator: " · "),
        ]
    }

    // MARK: - Rows

    private func table(_ name: String, _ kinds: [Obligation.Kind], _ heading: [String]) -> Table {
        let things = list.followUps.flatMap { followUp in
            followUp.things.filter { kinds.contains($0.item.kind) }.map { (followUp, $0) }
        }
        let isParity = things.contains(where: \.1.isParity)
        let fields = columns(kinds).filter { isParity || ![.reference, .referenceDenominator].contains($0) }
        var table = Table(
            name: name, heading: heading, columns: fields.map(column), frozenColumns: kinds.count == 1 ? 3 : 0,
            rows: things.map { followUp, thing in
                let answers = thing.standing
                return fields.map { cell($0, thing, followUp, answers) }
            })
        table.groupStarts = Set(things.indices.filter { $0 > 0 && things[$0].1.followUp != things[$0 - 1].1.followUp })
        if kinds == [.status] { table.leastLines = 3 }
        return table
    }

    private func columns(_ kinds: [Obligation.Kind]) -> [Field] {
        let (both, status, reading) = (kinds.count > 1, kinds.contains(.status), kinds.contains(.reading))
        var fields: [Field] = both ? [.kind] : []
        fields += [.followUp, .about, .title, .due, .state]
        if status { fields += [.lastDelivery, .lastDone] }
        if reading { fields += [.unit, .lastValue] }
        if status { fields += Field.inputs(.status) }
        if reading { fields += Field.inputs(.reading) }
        // Last: a row that was cut short is seen by its mark.
        return fields + [.mark]
    }

    private func column(_ field: Field) -> TableColumn {
        let (role, kind, width): (TableColumn.Role, TableColumn.Kind, Double) =
            switch field {
            case .kind: (.identifier, .text, 8)
            case .followUp: (.identifier, .text, 12)
            case .about: (.identifier, .text, 20)
            case .title: (.shown, .text, 36)
            case .due: (.shown, .text, 10)
            case .state: (.shown, .text, 17)
            case .lastDelivery: (.shown, .text, 13)
            case .lastDone: (.shown, .text, 30)
            case .unit: (.shown, .text, 11)
            case .lastValue: (.shown, .text, 16)
            case .delivery: (.input, .choice(StatusReport.Delivery.allCases.map { $0.name(in: language) }), 18)
            case .done: (.input, .text, 42)
            case .reason, .deviation, .action: (.input, .text, 30)
            case .proposals, .decisionNeeded, .comment: (.input, .text, 26)
            case .period: (.input, .text, 11)
            case .value, .numerator, .denominator, .reference, .referenceDenominator: (.input, .number, 11)
            case .noFigure: (.input, .choice(NoFigure.allCases.dropLast().map { $0.name(language) }), 17)
            case .dataSource: (.input, .text, 24)
            case .dataDate: (.input, .text, 12)
            case .mark: (.hidden, .text, 12)
            }
        return TableColumn(field.title(language), role, kind, note: field.note(language), width: width)
    }

    private func cell(_ field: Field, _ thing: AskedThing, _ followUp: AskedFollowUp, _ answers: Answers) -> Cell {
        func text(_ text: String?) -> Cell { text.map { $0.isEmpty ? .empty : .text($0) } ?? .empty }
        switch field {
        case .kind: return .text(sheet(thing.item.kind))
        case .followUp: return .text(thing.followUp)
        case .about: return .text(thing.item.about)
        case .title: return text(thing.item.title[language])
        case .due: return followUp.entry.lastDay.map { .date($0) } ?? .empty
        case .state: return .text(state(thing.item, followUp.entry))
        case .lastDelivery: return text(thing.lastStatus?.delivery.name(in: language))
        case .lastDone: return text(thing.lastStatus?.done?[language])
        case .unit: return text(thing.unit?.name(in: language))
        case .lastValue: return text(thing.lastReading.map(last))
        case .mark: return .text(RowMark(thing, answers, in: list).text)
        default: break
        }
        guard Field.inputs(thing.item.kind).contains(field), let answer = answers[field] else { return .empty }
        if field.isNumber { return .number(answer) }
        switch field {
        case .delivery: return text(StatusReport.Delivery(rawValue: answer)?.name(in: language))
        case .noFigure: return text(NoFigure(rawValue: answer)?.name(language))
        default: return .text(answer)
        }
    }

    private func state(_ item: DueList.Item, _ entry: DueList.Entry) -> String {
        var text = item.state.name(in: language)
        text = text.prefix(1).uppercased() + text.dropFirst()
        if let note = item.note, item.state == .returned || item.state == .draft {
            text += say(": ", ": ") + note[language]
        } else if item.state == .missing, let late = item.daysLate, late > 0 {
            text +=
                late == 1
                ? say(" (1 dag over fristen)", " (1 day late)")
                : say(" (\(late) dage over fristen)", " (\(late) days late)")
        }
        if entry.phase == .locked { text += say(" (lukket)", " (locked)") }
        return text
    }

    private func last(_ reading: Reading) -> String {
        let value =
            switch reading.value {
            case .number(let number, _, let denominator):
                number.text(in: language) + (denominator.map { say(" af ", " of ") + $0.text(in: language) } ?? "")
            case .suppressed: NoFigure.suppressed.name(language)
            case .missing: NoFigure.missing.name(language)
            case .notApplicable: NoFigure.notApplicable.name(language)
            }
        return "\(reading.period): \(value)"
    }

    // MARK: - Guidance

    private var guidance: Guidance {
        let code = list.forvaltning.key
        return Guidance(
            name: say("Vejledning", "Guidance"),
            title: say("Sådan udfylder du skabelonen", "How to fill in the template"),
            sections: [
                .init(
                    say("De gule felter er dine", "The yellow cells are yours"),
                    [
                        say(
                            "En række er én ting, der spørges om. Lad den stå tom, hvis du ikke har et svar endnu: så sker der intet med den. Hvad der er sagt i forvejen, er udfyldt.",
                            "A row is one thing that is asked for. Leave it empty when you have no answer yet: nothing happens to it then. What has been said already is filled in."
                        ),
                        say(
                            "De grå felter og rækkernes navne er låst, så svaret havner det rigtige sted. Kolonner kan gøres bredere, og rækker kan filtreres.",
                            "The grey cells and the names of the rows are locked, so that an answer ends up where it belongs. Columns can be made wider, and rows filtered."
                        ),
                    ]),
                .init(
                    Field.delivery.title(language),
                    StatusReport.Delivery.allCases.map { "\($0.name(in: language)): \($0.meaning(in: language))" } + [
                        say(
                            "Er stadet et andet end sidst, skal “\(Field.reason.title(.danish))” udfyldes.",
                            "Where the state is not that of last time, “\(Field.reason.title(.english))” must be filled in."
                        )
                    ]),
                .init(
                    say("Tal", "Figures"),
                    [
                        say(
                            "Skriv 1000, ikke 1.000: et punktum kan læses på to måder, og så bliver du spurgt. Formler tages ikke ind; indsæt værdien.",
                            "Write 1000, not 1,000: a comma can be read in two ways, and you will be asked. Formulas are not taken in; paste the value."
                        ),
                        say(
                            "En procent kræver sin nævner. Skriv 57,3 for 57,3 %, eller tæller og nævner alene.",
                            "A percentage needs its denominator. Write 57.3 for 57.3 %, or numerator and denominator alone."
                        ),
                        say(
                            "Skriv det sande tal, også når det er lille. Noden skjuler små antal af personer, før noget forlader den, og siger hvorfor.",
                            "Write the true figure, also when it is small. The node hides small counts of persons before anything leaves it, and says why."
                        ),
                        say(
                            "Er der intet tal, så vælg hvorfor i “\(Field.noFigure.title(.danish))”, og skriv en bemærkning.",
                            "Where there is no figure, choose why in “\(Field.noFigure.title(.english))”, and comment."),
                    ]),
                .init(
                    say("Når du er færdig", "When you are done"),
                    [
                        say("Gem filen som .xlsx, og kør:", "Save the file as .xlsx, and run:"),
                        "pejling import FIL.xlsx --node \(code)",
                        say(
                            "Det viser, hvad der ændres, og hvad der er galt, og gemmer intet. Med --apply gemmes det, alt eller intet; stader bliver kladder, til de indleveres (--hand-in).",
                            "It shows what would change and what is wrong, and saves nothing. With --apply it is saved, all or nothing; states are drafts until they are handed in (--hand-in)."
                        ),
                    ]),
                .init(say("Om filen", "About the file"), [origin]),
            ])
    }
}
