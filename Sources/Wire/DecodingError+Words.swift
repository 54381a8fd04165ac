extension DecodingError {
    /// What is wrong with a JSON object and where, for whoever wrote it: `status lacks “subject”`.
    public var inWords: String {
        func path(_ context: Context) -> String {
            let keys = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
            return keys.isEmpty ? "body" : keys.joined(separator: ".")
        }
        return switch self {
        case .keyNotFound(let key, let context): "\(path(context)) lacks “\(key.stringValue)”"
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            "\(path(context)): \(context.debugDescription)"
        @unknown default: "\(self)"
        }
    }
}
