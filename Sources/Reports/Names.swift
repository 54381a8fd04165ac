public import PolicyModel

/// People's words for what is entered, for whoever asks a person for it.
extension StatusReport.Delivery {
    public func name(in language: Language) -> String { Words.name(self)[language] }

    public func meaning(in language: Language) -> String { Words.meaning(self)[language] }
}

extension MeasureUnit {
    public func name(in language: Language) -> String { Words.name(self)[language] }
}

extension DueList.State {
    public func name(in language: Language) -> String { Words.name(self)[language] }
}

extension Funding.State {
    public func name(in language: Language) -> String { Words.name(self)[language] }
}
