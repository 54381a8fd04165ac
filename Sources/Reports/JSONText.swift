internal import Foundation

/// JSON for people and programs: keys in `snake_case` and sorted, two blanks of indent, a newline at the end. The same value
/// gives the same bytes.
func jsonText(_ value: some Encodable, keys: JSONKeys = .snakeCase) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    if keys == .snakeCase { encoder.keyEncodingStrategy = .convertToSnakeCase }
    do {
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    } catch {
        // Only a number that is not finite cannot be encoded, and no value of ours holds a floating-point number.
        preconditionFailure("a value of our own is not JSON: \(error)")
    }
}

/// How the names of our fields stand in JSON.
enum JSONKeys {
    case snakeCase
    /// As the type says: where a specification sets the names.
    case asWritten
}

extension ReportModel {
    /// The report as JSON.
    public func json() -> String { jsonText(self) }
}
