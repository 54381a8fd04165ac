/// Why a file cannot be read or made. What is wrong *in* a table is not an error of this module: whoever asked for the table
/// judges its cells.
public struct SpreadsheetError: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {  // a struct, so a later release can add codes
        public let name: String

        /// More bytes, cells or work than the limits allow; a zip bomb too.
        public static let tooLarge = Code(name: "file.too_large")
        /// Half a file, or none that the name promises.
        public static let broken = Code(name: "file.broken")
        /// A kind of file that is not read: an old .xls, OpenDocument, with a password.
        public static let kind = Code(name: "file.kind")
        /// The workbook holds macros.
        public static let macros = Code(name: "file.macros")
        public static let empty = Code(name: "file.empty")
        /// Letters that are neither UTF-8 nor what Excel writes.
        public static let encoding = Code(name: "file.encoding")
        /// The columns of a CSV file cannot be told apart, or a row has more of them than the header.
        public static let separator = Code(name: "file.separator")
        /// The program that reads workbooks is not installed.
        public static let readerMissing = Code(name: "reader.missing")
        /// It ended otherwise than it should.
        public static let readerFailed = Code(name: "reader.failed")
        /// No space left on the disk.
        public static let full = Code(name: "disk.full")
        /// A workbook cannot hold it.
        public static let unwritable = Code(name: "workbook.unwritable")
    }

    /// What callers match.
    public let code: Code
    /// What people read: what is wrong, where, and the way out.
    public let message: String

    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { "\(message) [\(code.name)]" }
}
