/// The languages people see. Danish is the default; the interface is complete in both, content is English only where
/// it is given.
public enum Language: String, Codable, Sendable, CaseIterable {
    case danish = "da"
    case english = "en"
}

/// A text people read: always in Danish, in English where it is given.
public struct LocalizedText: Codable, Hashable, Sendable {
    public var da: String
    public var en: String?

    public init(da: String, en: String? = nil) {
        self.da = da
        self.en = en
    }

    /// The text in `language`, and the language it really is in: Danish stands in for missing English.
    public func text(in language: Language) -> (text: String, language: Language) {
        if language == .english, let en { return (en, .english) }
        return (da, .danish)
    }

    public subscript(language: Language) -> String { text(in: language).text }
}

/// What a fact rests on.
public enum Basis: String, Codable, Sendable, CaseIterable {
    /// It stands in the document, in the lines cited.
    case printed
    /// It follows from what is printed; `note` fields say how.
    case derived
    /// The city's configuration says so; no document does.
    case configured
    /// The document names nobody. Only for responsibilities.
    case notNamedInSource = "not_named_in_source"
}
