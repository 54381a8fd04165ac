public import Logging
public import PolicyModel

extension Logger.Metadata {
    /// What a line of a service's log is about, beside its sentence: the same name for the same thing in all lines of all services, so that
    /// a program finds those of one publisher or key without reading sentences. What is nil is left out.
    ///
    /// - Parameters:
    ///   - record: `publisher`, `log` and `seq` of it.
    ///   - key: a CURVE key (Z85) that asked to connect.
    ///   - broker: where the broker listens.
    ///   - attempt: how often something was tried, this one included.
    ///   - file: a file that a person must look at, with its `line`.
    public static func about(
        publisher: String? = nil, log: String? = nil, seq: Int64? = nil, record: RecordName? = nil,
        position: Int64? = nil, rule: String? = nil, key: String? = nil, address: String? = nil, plugin: String? = nil,
        broker: String? = nil, attempt: Int? = nil, file: String? = nil, line: Int? = nil
    ) -> Self {
        let fields: [(String, String?)] = [
            ("publisher", publisher ?? record?.publisher), ("log", log ?? record?.log),
            ("seq", (seq ?? record?.seq).map(String.init)), ("position", position.map(String.init)), ("rule", rule),
            ("key", key), ("address", address), ("plugin", plugin), ("broker", broker),
            ("attempt", attempt.map(String.init)), ("file", file), ("line", line.map(String.init)),
        ]
        return fields.reduce(into: [:]) { all, field in
            if let value = field.1, !value.isEmpty { all[field.0] = .string(value) }
        }
    }
}
