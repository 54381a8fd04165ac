/// Words of the index of example years.
extension Words {
    static let exampleYears = Bilingual("Eksempelår {1}", "Example years {1}")
    static let exampleAbout = Bilingual("Hvad det er", "What this is")
    static let exampleText = Bilingual(
        "Politikkerne er virkelige; det, der siges her om dem i disse år, er det ikke. Svar, tal, penge, afvisninger og beslutninger er lavet af et program, der begynder ved tallet {1}: intet af det er sket, og ingen har sagt det.",
        "The policies are real; what is said of them here in these years is not. Answers, figures, money, returns and decisions are made by a program that begins at the number {1}: none of it has happened, and nobody has said it."
    )
    static let exampleFacts = Bilingual(
        "Hver oplysning er mærket som eksempel i et register for sig, hvor ingen virkelig oplysning kan komme ind. Hvert år vises, som det så ud den 1. februar året efter.",
        "Every record is marked as an example, in a ledger of its own that no real record can enter. Each year is shown as it stood on 1 February of the year after."
    )
    static let exampleSeen = Bilingual(
        "Som det så ud den {1}, efter {2} oplysninger.", "As it stood on {1}, after {2} records.")
    static let exampleEnd = Bilingual("Til sidst", "In the end")
    static let exampleMore = Bilingual("Se videre", "Look further")
    static let exampleCommands = Bilingual(
        "Registeret ligger der stadig, og alle andre kommandoer kan bruges på det:",
        "The ledger is still there, and every other command works on it:")
}
