public import PolicyModel
public import Wire

/// Why a word of the coordinator cannot be taken, with the way out.
public struct DeskRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    public struct Code: Hashable, Sendable {
        public let name: String
        /// Something named is not in the ledger.
        public static let unknown = Code(name: "desk.unknown")
        /// The forvaltning does not coordinate the policy.
        public static let notCoordinator = Code(name: "desk.coordinator")
        /// The forvaltning owes nothing there.
        public static let notOwed = Code(name: "desk.not_owed")
        /// There is nothing to say it of: nothing was handed in, or approved.
        public static let nothing = Code(name: "desk.nothing")
        /// The same was said before.
        public static let already = Code(name: "desk.already")
        /// Something came since that the word would not cover.
        public static let changed = Code(name: "desk.changed")
        /// A text, a date or a name that cannot be right.
        public static let value = Code(name: "desk.value")
    }
    public let code: Code
    public let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

/// Where the coordinator speaks about collecting: returns, acceptances, exceptions, decisions, contributions, and what it takes
/// back. Each word is checked against the ledger as it stands with what the coordinator has said since; only the forvaltning that
/// coordinates a policy speaks about it.
///
/// Pure: what is said is appended by the caller, under the lock of the coordinator's log.
public struct CoordinatorDesk {
    /// The ledger, and behind it what the coordinator has said that the broker has not got yet (`LedgerState.ahead`).
    public let state: LedgerState
    /// The forvaltning that speaks, by code or key, as it was typed.
    public let code: String
    /// What today is: nothing is decided after it.
    public let today: Day
    /// Identities that the coordinator's log holds of a kind, refused ones too: numbers are never used twice.
    public let taken: (RecordKind) throws -> [String]

    public init(
        _ state: LedgerState, as code: String, today: Day, taken: @escaping (RecordKind) throws -> [String]
    ) {
        (self.state, self.code, self.today, self.taken) = (state, code, today, taken)
    }

    // MARK: Who speaks, of what

    /// The policy, when the forvaltning coordinates it.
    func policy(_ id: String) throws -> Policy {
        guard let policy = state.policy(id)?.body else {
            let known = state.policies.identities
            throw DeskRefusal(
                .unknown,
                "the ledger has no policy “\(id)”"
                    + (known.isEmpty ? ": run `pejling up` once" : "; it has \(known.joined(separator: ", "))"))
        }
        guard let own = state.city?.forvaltning(code)?.code else {
            throw DeskRefusal(
                .notCoordinator,
                "“\(code)” is no forvaltning of the city: \((state.city?.forvaltninger ?? []).map(\.code).joined(separator: ", "))"
            )
        }
        guard policy.coordinator == own else {
            throw DeskRefusal(
                .notCoordinator, "\(own) does not coordinate \(id): only \(policy.coordinator) speaks about it")
        }
        return policy
    }

    /// A follow-up with its policy.
    func followUp(_ id: String) throws -> (policy: Policy, followUp: FollowUp) {
        let name = id.split(separator: "/").first.map(String.init) ?? ""
        guard state.policy(name) != nil else {
            throw DeskRefusal(.unknown, unknown("follow-up", id, among: allFollowUps, or: "`pejling due` lists them"))
        }
        let policy = try policy(name)
        guard let found = policy.followUps.first(where: { $0.id == id }) else {
            let own = policy.followUps.map(\.id)
            throw DeskRefusal(
                .unknown, unknown("follow-up", id, among: own, or: "\(name) has \(own.joined(separator: ", "))"))
        }
        return (policy, found)
    }

    private var allFollowUps: [String] {
        state.policies.identities.flatMap { state.policy($0)?.body.followUps.map(\.id) ?? [] }
    }

    /// What a forvaltning owes for a follow-up.
    func entry(_ id: String, of name: String) throws -> DueList.Entry {
        let (_, followUp) = try followUp(id)
        guard let forvaltning = state.city?.forvaltning(name)?.code else {
            let codes = (state.city?.forvaltninger ?? []).map(\.code)
            throw DeskRefusal(
                .unknown,
                "“\(name)” is no forvaltning of the city: \(codes.joined(separator: ", "))")
        }
        guard let entry = state.due(id, of: forvaltning, on: today) else {
            let why =
                followUp.condition == .notMet
                ? "it will not happen"
                : followUp.owedBy.isEmpty ? "nobody does" : "\(followUp.owedBy.joined(separator: ", ")) do"
            throw DeskRefusal(.notOwed, "\(forvaltning) owes nothing for \(id): \(why)")
        }
        return entry
    }

    // MARK: What is said

    /// The text without blanks around it.
    func text(_ given: String, _ option: String) throws -> LocalizedText {
        let text = String(given.drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
        guard !text.isEmpty else { throw DeskRefusal(.value, "\(option) is empty: say it in words") }
        guard !text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" && $0 != "\t" }) else {
            throw DeskRefusal(.value, "\(option) holds a control character: take it out")
        }
        return LocalizedText(da: text)
    }

    /// The first number not used yet behind `prefix`, in the ledger or the coordinator's log.
    func number<Body>(after prefix: String, _ table: LedgerTable<Body>) throws -> Int {
        let said = table.all.filter { $0.publisher == coordinatorName }.map(\.identity)
        let numbers = try (said + taken(Body.kind)).compactMap { id in
            id.hasPrefix(prefix) ? Int(id.dropFirst(prefix.count)) : nil
        }
        return (numbers.max() ?? 0) + 1
    }

    func unknown(_ what: String, _ id: String, among ids: [String], or way: String) -> String {
        let nearest = nearestIDs(to: id, among: ids, count: 1).first
        return "there is no \(what) “\(id)”\(nearest.map { ": did you mean \($0)?" } ?? "; \(way)")"
    }

    /// The body as it may be appended.
    func checked<Body: RecordBody>(_ body: Body) throws -> Body {
        if let violation = body.violation { throw violation }
        if let city = state.city,
            let violation = body.ownerViolation(publisher: coordinatorName, role: .coordinator, city: city)
        {
            throw violation
        }
        return body
    }
}

extension LedgerState {
    /// The ledger as it will stand when these lines of the coordinator's own log have come to it. A check against it sees what
    /// was said while the broker was away.
    ///
    /// - Parameters:
    ///   - lines: in the order of the log; those the ledger has already, and those of other logs, are left out.
    ///   - now: taken for the time of receipt.
    public func ahead(with lines: [Line], at now: String) -> LedgerState {
        var state = self
        for line in lines {
            let last = publishers[line.envelope.publisher]?.lastSeq[line.envelope.log] ?? 0
            guard line.envelope.seq > last else { continue }
            let received = max(state.received ?? now, now)
            state.apply(DeliveredLine(position: state.position + 1, received: received, root: nil, line: line))
        }
        return state
    }

    /// The seq up to which the ledger has a log of the coordinator; 0 where it has nothing of it.
    public func lastSeq(ofCoordinatorLog log: String) -> Int64 {
        publishers[coordinatorName]?.lastSeq[log] ?? 0
    }
}
