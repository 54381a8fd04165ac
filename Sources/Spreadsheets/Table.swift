/// A workbook to be written: tables that people fill in, texts that help them, and what the file says of itself.
public struct Workbook: Sendable {
    /// The document's title, seen in its properties.
    public var title: String
    /// A sentence in the document's properties: what it is for, and that it is example data where it is.
    public var remark: String
    public var tables: [Table]
    /// A sheet of texts after the tables; nil for none.
    public var guidance: Guidance?
    /// What the file says of itself to whoever reads it back; on a hidden, protected sheet named ``detailsSheet``.
    public var details: [String: String]
    /// What a spreadsheet program says to whoever writes something that is not in the list; at most 250 letters.
    public var choiceHint = "Choose from the list."
    /// The same where a number belongs.
    public var numberHint = "Write a number."
    /// Written into the file as its creation; whole seconds since 1970. The same content and time make the same bytes.
    public var created: Int

    /// The hidden sheet that holds ``details``: a name in column A, its value in B.
    public static let detailsSheet = "pejling"
    /// The hidden sheet that holds the choices of drop-downs, a column each.
    public static let listsSheet = "lister"

    public init(
        title: String, remark: String, tables: [Table], guidance: Guidance? = nil, details: [String: String] = [:],
        created: Int
    ) {
        self.title = title
        self.remark = remark
        self.tables = tables
        self.guidance = guidance
        self.details = details
        self.created = created
    }
}

/// A sheet of texts: headings with paragraphs below.
public struct Guidance: Sendable {
    public struct Section: Sendable {
        public var heading: String
        public var paragraphs: [String]

        public init(_ heading: String, _ paragraphs: [String]) {
            self.heading = heading
            self.paragraphs = paragraphs
        }
    }

    /// The sheet's name: at most 31 characters.
    public var name: String
    public var title: String
    public var sections: [Section]

    public init(name: String, title: String, sections: [Section]) {
        self.name = name
        self.title = title
        self.sections = sections
    }
}

/// A table: a header, and a row for each thing.
public struct Table: Sendable {
    /// The sheet's name: at most 31 characters, none of `[]:*?/\`.
    public var name: String
    /// Lines above the header, in a workbook only: the first large, the others small.
    public var heading: [String]
    public var columns: [TableColumn]
    /// How many columns from the left stay in sight beside those that are scrolled; the header always does.
    public var frozenColumns: Int
    /// A cell for each column.
    public var rows: [[Cell]]
    /// Rows, counted from 0, that begin a group: a stronger line is drawn above them.
    public var groupStarts: Set<Int> = []
    /// Room that each row has at least, in lines of text.
    public var leastLines = 2

    public init(
        name: String, heading: [String] = [], columns: [TableColumn], frozenColumns: Int = 0, rows: [[Cell]]
    ) {
        self.name = name
        self.heading = heading
        self.frozenColumns = frozenColumns
        self.columns = columns
        self.rows = rows
    }
}

/// What a column of a table is.
public struct TableColumn: Sendable {
    /// Who writes in it, which decides its look and whether it can be written in.
    public enum Role: Hashable, Sendable {
        /// Made by the program and read back as it is: protected, small and grey.
        case identifier
        /// Shown to help: protected.
        case shown
        /// Filled in by people: the only cells that are not protected.
        case input
        /// For the program only: protected, and hidden in a workbook.
        case hidden
    }

    /// What may be filled in; a spreadsheet program holds people to it.
    public enum Kind: Hashable, Sendable {
        /// Taken as it is typed: a program does not make a date or a formula of it.
        case text
        case number
        /// One of these, in a drop-down.
        case choice([String])
    }

    public var title: String
    public var role: Role
    public var kind: Kind
    /// What belongs here, shown at the header; nil for nothing.
    public var note: String?
    /// In characters.
    public var width: Double

    public init(_ title: String, _ role: Role, _ kind: Kind = .text, note: String? = nil, width: Double) {
        self.title = title
        self.role = role
        self.kind = kind
        self.note = note
        self.width = width
    }
}
