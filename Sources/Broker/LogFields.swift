import PolicyModel
import Logging

extension Logger.Metadata {
    /// What a line of the broker's log is about, beside its sentence: the same name for the same thing in all lines, so that a program finds
    /// those of one publisher or key without reading sentences. What is nil is left out.
    ///
    /// - Parameters:
    ///   - record: `publisher`, `log` and `seq` of it.
    ///   - key: a CURVE key (Z85) that asked to connect.
    static func about(
        publisher: String? = nil, log: String? = nil, seq: Int64? = nil, record: RecordName? = nil,
        position: Int64? = nil, rule: String? = nil, key: String? = nil, address: String? = nil, plugin: String? = nil
    ) -> Self {
        let fields: [(String, String?)] = [
            ("publisher", publisher ?? record?.publisher), ("log", log ?? record?.log),
            ("seq", (seq ?? record?.seq).map(String.init)), ("position", position.map(String.init)), ("rule", rule),
            ("key", key), ("address", address), ("plugin", plugin),
        ]
        return fields.reduce(into: [:]) { all, field in
            if let value = field.1, !value.isEmpty { all[field.0] = .string(value) }
        }
    }
}
