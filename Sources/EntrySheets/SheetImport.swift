public import PluginKit
public import PolicyModel
public import Spreadsheets

/// What a filled-in file comes to: what would change, and all that is wrong. Pure; nothing is saved here.
///
/// A cell that was not touched changes nothing; of one that was, the new word holds against whatever was said meanwhile. The
/// node's own rules come after: each line goes through its `enter`, and what it refuses is said at the row it came from
/// (``refused(line:_:)``).
public struct SheetImport: Sendable {
    /// A thing that would change.
    public struct Change: Sendable {
        public var followUp: String
        public var kind: Obligation.Kind
        public var about: String
        public var title: LocalizedText
        public var place: CellPlace
        /// In the order of the template; never empty.
        public var fields: [FieldChange]
        /// Whether something else was said of it since the template was made.
        public var isContested: Bool
        /// What the node is told.
        public var line: EntryLine
    }

    /// One answer of a thing; nil where there is none.
    public struct FieldChange: Sendable, Codable, Hashable {
        /// The field's name in programs: `delivery`.
        public var field: String
        /// The title of its column in the file.
        public var title: String
        public var from: String?
        public var to: String?
    }

    public private(set) var changes: [Change] = []
    public private(set) var problems: [SheetProblem] = []
    /// What a person should know, and nothing is wrong with.
    public private(set) var notes: [String] = []
    /// How many rows of the template were read, and how many of them say what stands already.
    public private(set) var rows = 0
    public private(set) var unchanged = 0
    /// Follow-ups of the file for which something is said that was not handed in: here, or as a draft before.
    public private(set) var answered: [String] = []

    private let list: AskedList
    private var seen: [Key: CellPlace] = [:]

    private struct Key: Hashable { let followUp: String, kind: Obligation.Kind, about: String }

    /// - Parameters:
    ///   - list: All that the forvaltning is asked for, by what its node knows now.
    ///   - person: The officer's pseudonym.
    ///   - asDraft: Whether states are kept as drafts; figures count as handed in either way.
    public init(_ book: ReadWorkbook, into list: AskedList, person: String? = nil, asDraft: Bool = true) {
        self.list = list
        if let problem = foreign(book.details) {
            problems = [problem]
            return
        }
        let finder = SheetFinder(book)
        (problems, notes) = (finder.problems, finder.notes)
        var things: [Key: (AskedFollowUp, AskedThing)] = [:]
        for followUp in list.followUps {
            for thing in followUp.things {
                things[Key(followUp: followUp.id, kind: thing.item.kind, about: thing.item.about)] = (followUp, thing)
            }
        }
        for row in finder.rows {
            rows += 1
            guard let (followUp, thing) = thing(of: row, among: things) else { continue }
            take(row, thing, followUp, isDayFirst: book.isDayFirst, person: person, asDraft: asDraft)
        }
        if let made = book.details["rows"].flatMap({ Int($0) }), rows < made {
            notes.append("the template had \(made) rows, and \(rows) were found: what is not there stays as it is")
        }
        problems.sort { ($0.place ?? .start) < ($1.place ?? .start) }
    }

    /// What the node is told: each change, and with `handingIn` a hand-in of each follow-up that has something new.
    public func lines(handingIn: Bool, person: String? = nil) -> [EntryLine] {
        changes.map(\.line) + (handingIn ? answered.map { EntryLine(handIn: $0, person: person) } : [])
    }

    /// Notes that the node refused a line of ``lines(handingIn:person:)``, counted from 1.
    public mutating func refused(line: Int, _ message: String) {
        guard changes.indices.contains(line - 1) else {
            problems.append(SheetProblem("node", nil, message))
            return
        }
        let change = changes[line - 1]
        // What the node calls by its option has a column here.
        let options: [(String, Field)] = [("--reason", .reason), ("--proposals", .proposals), ("--comment", .comment)]
        var (text, at, title) = (message, change.place, String?.none)
        for (option, field) in options where message.contains(option) {
            guard let row = places[change.place], let name = row.title(field) else { continue }
            text = text.replacing("with \(option)", with: "in “\(name)”").replacing(option, with: "“\(name)”")
            (at, title) = (row.place(field), name)
        }
        problems.append(SheetProblem("node", at, title: title, text))
    }

    private var places: [CellPlace: FilledRow] = [:]

    // MARK: - Which thing a row is about

    /// Why the file as a whole is not this node's; nil where it is, or does not say.
    private func foreign(_ details: [String: String]) -> SheetProblem? {
        func problem(_ message: String) -> SheetProblem { SheetProblem("file.foreign", nil, message) }
        let own = list.forvaltning.code
        if let version = details["template"], version != "1" {
            return problem("the template is of version \(version), and this program knows 1: install a newer Pejling")
        }
        if let city = details["city"], city != list.city {
            return problem("the template is of \(city), not of \(list.city)")
        }
        if let node = details["node"], node != own {
            return problem("the template is \(node)'s, not \(own)'s: import it with --node \(node)")
        }
        if let synthetic = details["synthetic"], (synthetic == "true") != list.isSynthetic {
            return problem(
                list.isSynthetic
                    ? "the template holds real answers, and the data folder example data: they never meet. Name the other --data"
                    : "the template is of example data, and the data folder real: they never meet. Name the other --data"
            )
        }
        return nil
    }

    private mutating func thing(
        of row: FilledRow, among things: [Key: (AskedFollowUp, AskedThing)]
    ) -> (AskedFollowUp, AskedThing)? {
        func name(_ field: Field) -> String? {
            guard case .text(let text) = row[field] else { return nil }
            return text.isEmpty ? nil : text
        }
        guard let followUp = name(.followUp), let about = name(.about) else {
            let field: Field = name(.followUp) == nil ? .followUp : .about
            problems.append(
                row.problem("row.name", field, "the row does not say what it is about: take a new template for it"))
            return nil
        }
        let kinds = Obligation.Kind.allCases.filter { kind in
            Field.inputs(kind).contains { row.header.columns[$0] != nil && !Field.optional.contains($0) }
        }
        guard let kind = kinds.first(where: { things[Key(followUp: followUp, kind: $0, about: about)] != nil }),
            let found = things[Key(followUp: followUp, kind: kind, about: about)]
        else {
            problems.append(unknown(row, followUp, about, kinds))
            return nil
        }
        let key = Key(followUp: followUp, kind: kind, about: about)
        if let first = seen[key] {
            problems.append(
                row.problem(
                    "row.twice", .about, "\(about) for \(followUp) stands in \(first) already: take one of them out"))
            return nil
        }
        seen[key] = row.place()
        return found
    }

    private func unknown(_ row: FilledRow, _ followUp: String, _ about: String, _ kinds: [Obligation.Kind])
        -> SheetProblem
    {
        let own = list.forvaltning.code
        guard let known = list.followUps.first(where: { $0.id == followUp }) else {
            let nearest = nearestIDs(to: followUp, among: list.followUps.map(\.id), count: 1).first
            return row.problem(
                "row.follow_up", .followUp,
                "\(own) owes nothing for “\(followUp)”\(nearest.map { "; did you mean \($0)?" } ?? ": `pejling due` lists what it owes")"
            )
        }
        if let owner = initiativeParts(about)?.owner, owner != list.forvaltning.slug[...] {
            return row.problem(
                "row.foreign", .about, "\(about) is not \(own)'s (it is of “\(owner)”): its own forvaltning reports it")
        }
        let ids = known.things.filter { kinds.contains($0.item.kind) }.map(\.item.about)
        let nearest = nearestIDs(to: about, among: ids, count: 1).first
        return row.problem(
            "row.unknown", .about,
            "\(followUp) does not ask \(own) for “\(about)”\(nearest.map { "; did you mean \($0)?" } ?? ": take a new template")"
        )
    }

    // MARK: - What it says

    private mutating func take(
        _ row: FilledRow, _ thing: AskedThing, _ followUp: AskedFollowUp, isDayFirst: Bool, person: String?,
        asDraft: Bool
    ) {
        let fields = Field.inputs(thing.item.kind)
        let standing = thing.standing
        let before = problems.count
        if thing.item.hasDraft { noteAnswered(followUp.id) }
        var mark: RowMark?
        if case .text(let text) = row[.mark] { mark = RowMark(text) }
        if case .empty = row[.mark] {
        } else if mark?.thing != RowMark.thing(thing, in: list) {
            problems.append(
                row.problem(
                    "row.mark", .about,
                    "the row's hidden mark was made for something else: were the names of the row edited or moved, or is it of another forvaltning or of example data? Take a new template"
                ))
            return
        }
        let now = RowMark(thing, standing, in: list)
        var (answers, touched, isContested) = (standing, Set<Field>(), false)
        for (index, field) in fields.enumerated() where row.header.columns[field] != nil {
            let was = mark.flatMap { $0.cells.indices.contains(index) ? $0.cells[index] : nil }
            if let was, field.isUntouched(row[field], was, isDayFirst: isDayFirst) { continue }
            touched.insert(field)
            switch field.meaning(of: row[field], unit: thing.unit, isDayFirst: isDayFirst) {
            case .answer(let answer):
                answers[field] = answer
                if let was, was != now.cells[index], answer != standing[field] { isContested = true }
            case .wrong(let rule, let message): problems.append(row.problem(rule, field, message))
            }
        }
        let strangers = Obligation.Kind.allCases.filter { $0 != thing.item.kind }.flatMap(Field.inputs)
        for field in strangers where !row[field].isEmpty {
            problems.append(
                row.problem(
                    "answer.kind", field,
                    thing.item.kind == .status
                        ? "\(thing.item.about) is asked for its state, not for a figure: empty the cell"
                        : "\(thing.item.about) is asked for a figure, not for a state: empty the cell"))
        }
        guard problems.count == before else { return }
        guard answers != standing else {
            unchanged += 1
            return
        }
        check(row, thing, followUp, answers, standing, touched)
        guard problems.count == before, let line = line(row, thing, answers, person: person, asDraft: asDraft) else {
            return
        }
        if isContested {
            notes.append(
                "\(row.place()): \(thing.item.about) was answered since the template was made; what was typed holds, and the rest stays as it is now"
            )
        }
        noteAnswered(followUp.id)
        places[row.place()] = row
        changes.append(
            Change(
                followUp: followUp.id, kind: thing.item.kind, about: thing.item.about, title: thing.item.title,
                place: row.place(),
                fields: fields.filter { answers[$0] != standing[$0] }.map { field in
                    FieldChange(
                        field: field.rawValue, title: row.title(field) ?? field.title(.danish), from: standing[field],
                        to: answers[field])
                }, isContested: isContested, line: line))
    }

    private mutating func noteAnswered(_ followUp: String) {
        if !answered.contains(followUp) { answered.append(followUp) }
    }

    /// What must hold before the node is asked.
    private mutating func check(
        _ row: FilledRow, _ thing: AskedThing, _ followUp: AskedFollowUp, _ answers: Answers, _ standing: Answers,
        _ touched: Set<Field>
    ) {
        guard followUp.entry.takesAnswers else {
            let why =
                followUp.entry.phase == .locked
                ? "has been locked since \(followUp.entry.locked.map(\.description) ?? "its deadline"): ask for an exception (`pejling exempt`)"
                : "is not open before \(followUp.entry.opens.map(\.description) ?? "its time")"
            problems.append(row.problem("row.locked", .followUp, "\(followUp.id) \(why)"))
            return
        }
        switch thing.item.kind {
        case .status:
            guard answers[.delivery] == nil else { return }
            if answers.isEmpty { return problems.append(emptied(row, .delivery)) }
            problems.append(row.problem("answer.state", .delivery, "there are words and no state: choose one"))
        case .reading: checkFigure(row, thing, followUp, answers, standing, touched)
        }
    }

    private func emptied(_ row: FilledRow, _ field: Field) -> SheetProblem {
        row.problem(
            "answer.emptied", field,
            "the answer was emptied; an import takes nothing back: `pejling withdraw` or `pejling discard` does")
    }

    private mutating func checkFigure(
        _ row: FilledRow, _ thing: AskedThing, _ followUp: AskedFollowUp, _ answers: Answers, _ standing: Answers,
        _ touched: Set<Field>
    ) {
        let numbers: [Field] = [.value, .numerator, .denominator, .reference, .referenceDenominator]
        let given = numbers.filter { answers[$0] != nil }
        let none = answers[.noFigure].flatMap(NoFigure.init)
        if let none, let number = given.first {
            problems.append(
                row.problem(
                    "answer.value", number,
                    "a number, and “\(none.name(.danish))” too: empty one of them"))
        } else if none == .suppressed, touched.contains(.noFigure) {
            problems.append(
                row.problem("answer.value", .noFigure, "write the true figure: the node hides it where it must"))
        } else if none == nil, given.isEmpty {
            if standing[.value] != nil || standing[.noFigure] != nil || standing[.numerator] != nil {
                return problems.append(emptied(row, .value))
            }
            problems.append(
                row.problem("answer.value", .value, "there is no figure: write one, or choose why there is none"))
        }
        guard let period = answers[.period].flatMap({ Period(typed: $0) }) else {
            problems.append(row.problem("answer.period", .period, "the time that the figure holds for is missing"))
            return
        }
        if let year = thing.item.year, period.until?.year != year {
            problems.append(
                row.problem(
                    "answer.period", .period,
                    "\(period) does not end in \(year), which \(followUp.id) asks for: use the follow-up of that year"))
        }
    }
}

extension CellPlace {
    fileprivate static let start = CellPlace(sheet: nil, row: 0)
}
