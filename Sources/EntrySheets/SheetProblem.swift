public import Spreadsheets

/// One thing that is wrong with a filled-in file: where, by which rule, and the way out.
public struct SheetProblem: Hashable, Sendable, CustomStringConvertible {
    /// The rule's name, for programs: `cell.number_two`.
    public let rule: String
    /// Nil where the file as a whole is meant.
    public let place: CellPlace?
    /// The title of the column, as it stands in the file.
    public let title: String?
    /// For people.
    public let message: String

    public init(_ rule: String, _ place: CellPlace?, title: String? = nil, _ message: String) {
        self.rule = rule
        self.place = place
        self.title = title
        self.message = message
    }

    /// `Status!G5 “Stade”: … [cell.choice]`.
    public var description: String {
        let at = [place?.description, title.map { "“\($0)”" }].compactMap(\.self).joined(separator: " ")
        return "\(at.isEmpty ? "" : "\(at): ")\(message) [\(rule)]"
    }
}
