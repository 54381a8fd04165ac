import PolicyModel

/// A column of the sheets: its name in the program, and its titles for people. A column is found by its title, wherever it stands.
enum Field: String, CaseIterable, Sendable {
    // What a row is about: made by the program.
    case kind, followUp, about
    // Shown to help.
    case title, due, state, lastDelivery, lastDone, unit, lastValue
    // A status.
    case delivery, done, reason, deviation, action, proposals, decisionNeeded
    // A figure.
    case period, value, numerator, denominator, reference, referenceDenominator, noFigure, comment, dataSource, dataDate
    /// For the program: whether a row or a cell was changed since the template was made.
    case mark

    /// What people fill in of a thing of this kind, in the order of the mark: a new field goes at the end.
    static func inputs(_ kind: Obligation.Kind) -> [Field] {
        switch kind {
        case .status: [.delivery, .done, .reason, .deviation, .action, .proposals, .decisionNeeded]
        case .reading:
            [
                .period, .value, .numerator, .denominator, .reference, .referenceDenominator, .noFigure, .comment,
                .dataSource, .dataDate,
            ]
        }
    }

    static let shared: Set<Field> = [.kind, .followUp, .about, .title, .due, .state, .mark]
    /// Columns that a sheet may lack: they stand in it only where something needs them.
    static let optional: Set<Field> = [.reference, .referenceDenominator, .kind, .mark]

    var isNumber: Bool { [.value, .numerator, .denominator, .reference, .referenceDenominator].contains(self) }

    func title(_ language: Language) -> String { titles[language] }

    private var titles: LocalizedText {
        func words(_ da: String, _ en: String) -> LocalizedText { LocalizedText(da: da, en: en) }
        return switch self {
        case .kind: words("Art", "Kind")
        case .followUp: words("Opfølgning", "Follow-up")
        case .about: words("Id", "Id")
        case .title: words("Titel", "Title")
        case .due: words("Frist", "Deadline")
        case .state: words("Svar", "Answer")
        case .lastDelivery: words("Sidst: stade", "Last: state")
        case .lastDone: words("Sidst: gjort", "Last: done")
        case .unit: words("Enhed", "Unit")
        case .lastValue: words("Sidste tal", "Last figure")
        case .delivery: words("Stade", "State")
        case .done: words("Hvad er gjort", "What was done")
        case .reason: words("Hvorfor nyt stade", "Why a new state")
        case .deviation: words("Afvigelse og årsag", "Deviation and cause")
        case .action: words("Hvad gøres ved den", "What is done about it")
        case .proposals: words("Forslag til nye indsatser", "Proposed efforts")
        case .decisionNeeded: words("Nødvendig beslutning", "Decision needed")
        case .period: words("Periode", "Period")
        case .value: words("Tal", "Figure")
        case .numerator: words("Tæller", "Numerator")
        case .denominator: words("Nævner", "Denominator")
        case .reference: words("Holdes op imod", "Held against")
        case .referenceDenominator: words("Nævner af det", "Denominator of that")
        case .noFigure: words("Intet tal", "No figure")
        case .comment: words("Bemærkning", "Comment")
        case .dataSource: words("Datakilde", "Data source")
        case .dataDate: words("Data trukket", "Data drawn")
        case .mark: words("Mærke", "Mark")
        }
    }

    /// What belongs in the column; nil where the title says it.
    func note(_ language: Language) -> String? {
        func words(_ da: String, _ en: String) -> String { LocalizedText(da: da, en: en)[language] }
        return switch self {
        case .followUp, .about:
            words(
                "Programmets navn for det. Det kan ikke rettes: hører rækken til noget andet, så hent en ny skabelon.",
                "The program's name for it. It cannot be changed: take a new template for something else.")
        case .state:
            words(
                "Hvor langt svaret er: ikke indberettet, kladde, indsendt, sendt tilbage, godkendt, modtaget.",
                "How far the answer has come: not reported, draft, handed in, returned, approved, accepted.")
        case .delivery:
            words(
                "Vælg fra listen. Er stadet et andet end sidst, så skriv hvorfor i “\(Field.reason.title(.danish))”.",
                "Choose from the list. Where it is not the state of last time, say why in “\(Field.reason.title(.english))”."
            )
        case .done:
            words("Hvad er gjort siden sidst? Kort, i hele sætninger.", "What was done since last time? Briefly.")
        case .reason:
            words("Kræves, når stadet er et andet end sidst.", "Demanded when the state is not that of last time.")
        case .deviation:
            words("Hvad gik anderledes end planlagt, og hvorfor?", "What went otherwise than planned, and why?")
        case .action: words("Hvad gøres ved afvigelsen?", "What is done about the deviation?")
        case .proposals:
            words(
                "Kræves, hvor et mål er bedømt bagud, og opfølgningen beder om det.",
                "Demanded where a goal is judged behind and the follow-up asks for it.")
        case .decisionNeeded:
            words("Hvad skal nogen beslutte, for at det kan gå videre?", "What must somebody decide for it to go on?")
        case .period:
            words(
                "Tiden, tallet gælder: 2019, 2019-09 eller fra og til, 2018-08/2019-06. Den ender i det år, der spørges om.",
                "The time it holds for: 2019, 2019-09, or first and last, 2018-08/2019-06. It ends in the year asked for."
            )
        case .value:
            words(
                "Tallet selv, også når det er lille: noden skjuler små antal af personer, før de sendes. Procent som 57,3.",
                "The true figure, also when it is small: the node hides small counts of persons before they leave. Per cent as 57.3."
            )
        case .numerator, .denominator:
            words(
                "Ved procent: hvor mange, ud af hvor mange. Med begge kan “\(Field.value.title(.danish))” stå tomt.",
                "With a percentage: how many, out of how many. With both, “\(Field.value.title(.english))” may be empty."
            )
        case .reference, .referenceDenominator:
            words(
                "Ved ligestilling: det tal, der holdes op imod, og dets nævner ved procent.",
                "With parity: the figure it is held against, and its denominator where it is a percentage.")
        case .noFigure:
            words(
                "Når der ikke er noget tal: vælg hvorfor, og skriv en bemærkning.",
                "Where there is none: choose why, and comment.")
        case .comment: words("Kræves, når der ikke er noget tal.", "Demanded where there is no figure.")
        case .dataDate: words("2019, 2019-12 eller 2019-12-31.", "2019, 2019-12 or 2019-12-31.")
        default: nil
        }
    }

    /// The field of a title, in either language, whatever its case and blanks; nil for a title of somebody else's.
    static func named(_ title: String) -> Field? { byTitle[folded(title)] }

    private static let byTitle: [String: Field] = Dictionary(
        allCases.flatMap { field in Language.allCases.map { (folded(field.title($0)), field) } }
    ) { first, _ in first }

    static func folded(_ title: String) -> String {
        title.lowercased().split { $0.isWhitespace }.joined(separator: " ")
    }
}

/// Why there is no figure.
enum NoFigure: String, CaseIterable, Sendable {
    case missing
    case notApplicable = "not_applicable"
    /// Shown where the node hid a small count; nobody chooses it.
    case suppressed

    func name(_ language: Language) -> String {
        switch self {
        case .missing: LocalizedText(da: "Ikke målt", en: "Not measured")[language]
        case .notApplicable: LocalizedText(da: "Kan ikke opgøres", en: "Cannot be given")[language]
        case .suppressed: LocalizedText(da: "Skjult (lille antal)", en: "Hidden (small count)")[language]
        }
    }

    var value: Value {
        switch self {
        case .missing: .missing
        case .notApplicable: .notApplicable
        case .suppressed: .suppressed
        }
    }
}
