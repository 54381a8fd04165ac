public import PolicyModel

/// People's words for what is entered, for whoever asks a person for it.
extension StatusReport.Delivery {
    public func name(in language: Language) -> String { Words.name(self)[language] }
}

extension Funding.State {
    public func name(in language: Language) -> String { Words.name(self)[language] }
}
