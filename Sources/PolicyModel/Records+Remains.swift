extension Redaction {
    /// What a record still says when its texts are gone: its body, with `Redaction.removed` where a text must stand. Of a kind from
    /// which others are reckoned: which records were approved or returned, what was accepted or taken back, how much more time
    /// there is. Readers take it for the body, in the record's own place, so nothing is reckoned otherwise than before.
    public enum Remains: Hashable, Sendable {
        case approval(Approval)
        case `return`(Return)
        case acceptance(Acceptance)
        case exception(Exception)
        case withdrawal(Withdrawal)
    }

    /// Stands where a text stood that went.
    public static let removed = LocalizedText(da: "[fjernet efter ordre]", en: "[removed by order]")
}

extension Redaction.Remains {
    public var kind: RecordKind {
        switch self {
        case .approval: .approval
        case .return: .return
        case .acceptance: .acceptance
        case .exception: .exception
        case .withdrawal: .withdrawal
        }
    }

    public var body: any RecordBody {
        switch self {
        case .approval(let body): body
        case .return(let body): body
        case .acceptance(let body): body
        case .exception(let body): body
        case .withdrawal(let body): body
        }
    }

    /// The same without its texts.
    public var wordless: Self {
        switch self {
        case .approval(var body):
            body.comment = nil
            return .approval(body)
        case .return(var body):
            body.note = Redaction.removed
            return .return(body)
        case .acceptance(var body):
            body.comment = nil
            return .acceptance(body)
        case .exception(var body):
            body.reason = Redaction.removed
            return .exception(body)
        case .withdrawal(var body):
            body.reason = Redaction.removed
            return .withdrawal(body)
        }
    }
}

extension Redaction.Remains: Codable {
    /// Each of the kinds has a field that no other has, or lacks all of them.
    private enum Telling: String, CodingKey { case until, withdrawn, approval, note }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Telling.self)
        self =
            if fields.contains(.until) {
                .exception(try Exception(from: decoder))
            } else if fields.contains(.withdrawn) {
                .withdrawal(try Withdrawal(from: decoder))
            } else if fields.contains(.approval) {
                .acceptance(try Acceptance(from: decoder))
            } else if fields.contains(.note) {
                .return(try Return(from: decoder))
            } else {
                .approval(try Approval(from: decoder))
            }
    }

    public func encode(to encoder: any Encoder) throws { try body.encode(to: encoder) }
}
