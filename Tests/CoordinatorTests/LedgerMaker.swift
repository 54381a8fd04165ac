import PolicyModel
import Wire

@testable import Coordinator

/// Makes a ledger line by line, as publishers and broker would: chains, positions and roots are real, times are given.
struct LedgerMaker {
    private(set) var state = LedgerState()
    /// What was appended, in order.
    private(set) var lines: [Line] = []
    /// When each of them was received.
    private(set) var receipts: [String] = []
    private var heads: [String: ChainHead] = [:]
    private var root = Hash.zero
    private var position: Int64 = 0
    var synthetic = false
    var received = "2019-06-01T08:00:00.000Z"
    /// When publishers made what they add, by their own clocks.
    var at = "2019-06-01T07:59:00Z"

    /// The day on which what follows is made and received.
    mutating func on(_ day: String) {
        received = "\(day)T08:00:00.000Z"
        at = "\(day)T07:59:00Z"
    }

    /// Appends one record and returns its name.
    @discardableResult
    mutating func add(
        _ publisher: String, _ body: some RecordBody, kind: RecordKind? = nil, by speaker: String? = nil
    ) throws -> RecordName {
        try add(
            publisher, kind: kind ?? type(of: body).kind, id: body.identity, policy: body.policyID,
            json: encodeBody(body), by: speaker)
    }

    @discardableResult
    mutating func add(
        _ publisher: String, kind: RecordKind, id: String, policy: String? = nil, json: [UInt8],
        by speaker: String? = nil
    ) throws -> RecordName {
        var head = heads[publisher] ?? .empty
        let line = try head.next(
            publisher: publisher, log: String(repeating: "0", count: 32), at: at,
            by: Author(forvaltning: speaker ?? publisher, role: "officer", person: "p1"), kind: kind, id: id,
            policy: policy,
            body: json,
            synthetic: synthetic)
        head.advance(over: line)
        heads[publisher] = head
        position += 1
        root = root.root(position: position, received: received, record: line.hash)
        lines.append(line)
        receipts.append(received)
        state.apply(DeliveredLine(position: position, received: received, root: root, line: line))
        return line.name
    }
}

extension LedgerMaker {
    /// A forvaltning answers all that a follow-up asks of it, and hands it in. Returns the records handed in; figures are none.
    @discardableResult
    mutating func answerAll(_ followUp: String, of code: String, _ delivery: StatusReport.Delivery = .onTrack) throws
        -> [RecordName]
    {
        let items = state.due(followUp, of: code, on: day("2030-01-01"))?.items ?? []
        var records: [RecordName] = []
        for item in items {
            switch item.kind {
            case .status: records.append(try add(code, Sample.status(item.about, followUp, delivery, printed: false)))
            case .reading:
                let date = PartialDate("\(item.year ?? 2019)")
                try add(
                    code,
                    Reading(
                        about: item.about, unit: .persons, period: Period(from: date, until: date),
                        value: .number(DecimalText(7))))
            }
        }
        if !records.isEmpty { try add(code, HandIn(followUp: followUp, forvaltning: code, records: records)) }
        return records
    }
}

/// A small made-up city: two forvaltninger, one policy `p` with an opening and two follow-ups.
enum Sample {
    static let source = Source(document: "kilde.txt", lines: [LineRange(first: 5, last: 7)!])

    static let city = City(
        name: LocalizedText(da: "Prøveby", en: "Sampletown"), suppressionThreshold: 5,
        forvaltninger: [
            Forvaltning(
                code: "BIF", key: "BIF", name: LocalizedText(da: "Jobforvaltningen", en: "Jobs"), committee: "BIU"),
            Forvaltning(
                code: "ØKF", key: "OKF", name: LocalizedText(da: "Økonomiforvaltningen", en: "Finance"), committee: "ØU"
            ),
        ],
        bodies: [
            Body(id: "BIU", kind: .committee, name: LocalizedText(da: "Jobudvalget", en: "Jobs Committee")),
            Body(id: "ØU", kind: .committee, name: LocalizedText(da: "Økonomiudvalget", en: "Finance Committee")),
        ],
        documents: [
            Document(
                id: "d", file: "kilde.txt",
                title: LocalizedText(da: "Prøve politik: En prøve", en: "Sample policy: A sample"),
                lines: LineRange(first: 1, last: 90)!, sha256: String(repeating: "ab", count: 32))
        ],
        targetGroups: [TargetGroup(id: "unge", name: LocalizedText(da: "Unge", en: "Young people"))], policies: ["p"])

    static func followUp(
        _ id: String, opens: String? = nil, due: String? = nil, owedBy: [String] = ["BIF", "ØKF"],
        condition: FollowUp.Condition? = nil, kind: FollowUp.Kind = .annual
    ) -> FollowUp {
        FollowUp(
            id: id, kind: kind, title: LocalizedText(da: "Status \(id)", en: "Status \(id)"),
            opens: opens.flatMap { PartialDate($0) }.map { DatedFact(date: $0, basis: .derived) },
            due: due.flatMap { PartialDate($0) }.map { DatedFact(date: $0, basis: .printed) }, owedBy: owedBy,
            owedByBasis: .printed, goesTo: ["ØU"], isPublic: true, condition: condition, source: source)
    }

    static func policy(_ followUps: [FollowUp]? = nil) -> Policy {
        Policy(
            id: "p", title: LocalizedText(da: "Prøve politik: En prøve", en: "Sample policy: A sample"),
            period: Period(until: PartialDate("2021-12-31")), coordinator: "ØKF", coordinatorBasis: .printed,
            bodies: ["ØU"],
            goals: [
                Goal(
                    id: "p/maal", kind: .goal, title: LocalizedText(da: "Målet"), forvaltninger: ["BIF"],
                    forvaltningerBasis: .printed, source: source)
            ],
            followUps: followUps ?? [
                followUp("p/opening", owedBy: [], kind: .opening),
                followUp("p/2019", opens: "2019-12", due: "2019-12-31"),
            ], source: source)
    }

    static func initiative(
        _ id: String, owner: String = "BIF", title: String? = nil, kind: Initiative.Kind = .marked, line: Int = 10,
        goals: [String] = ["p/maal"], figures: [Figure] = []
    ) -> Initiative {
        Initiative(
            id: id, policy: "p", owner: owner, kind: kind, mandate: .decided,
            title: LocalizedText(da: title ?? "Titel \(id)"),
            titleBasis: .printed, purpose: LocalizedText(da: "Formålet.", en: "The purpose."), section: "Afsnittet",
            goals: goals,
            targetGroups: ["unge"], partners: ["En forening"], figures: figures,
            source: Source(document: "kilde.txt", lines: [LineRange(first: line, last: line + 2)!]))
    }

    static func status(
        _ about: String, _ followUp: String = "p/opening", _ delivery: StatusReport.Delivery = .completed,
        printed: Bool = true
    ) -> StatusReport {
        StatusReport(
            about: about, followUp: followUp, delivery: delivery, done: LocalizedText(da: "Det er gjort."),
            printed: printed ? "er gennemført" : nil, source: printed ? source : nil)
    }
}

func day(_ text: String) -> Day { Day(text)! }
