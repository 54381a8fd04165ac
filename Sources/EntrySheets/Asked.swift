public import PluginKit
public import PolicyModel

/// What a forvaltning is asked for, with what has been said of it: what a template shows, and what a filled-in one is held
/// against.
public struct AskedList: Sendable {
    public var city: String
    public var forvaltning: Forvaltning
    public var isSynthetic: Bool
    /// The day it is made.
    public var day: Day
    /// How far the node has followed the ledger.
    public var position: Int64
    public var followUps: [AskedFollowUp]

    public init(
        city: String, forvaltning: Forvaltning, isSynthetic: Bool, day: Day, position: Int64,
        followUps: [AskedFollowUp]
    ) {
        self.city = city
        self.forvaltning = forvaltning
        self.isSynthetic = isSynthetic
        self.day = day
        self.position = position
        self.followUps = followUps
    }

    /// All that a node is asked for, from what it knows itself: no network is needed.
    public init(_ desk: NodeDesk, isSynthetic: Bool, on day: Day, position: Int64) {
        let due = desk.due(on: day, synthetic: isSynthetic)
        self.init(
            city: desk.city.name.da, forvaltning: desk.forvaltning, isSynthetic: isSynthetic, day: day,
            position: position,
            followUps: due.entries.map { entry in
                AskedFollowUp(entry: entry, things: entry.items.map { AskedThing($0, entry, desk) })
            })
    }
}

/// A follow-up with the things it asks for.
public struct AskedFollowUp: Sendable {
    /// Its dates and phase; ``things`` has its items.
    public var entry: DueList.Entry
    public var things: [AskedThing]

    public init(entry: DueList.Entry, things: [AskedThing]) {
        self.entry = entry
        self.things = things
    }

    public var id: String { entry.followUp }
    /// Whether something is still to be said: missing, a draft, or returned.
    public var isDue: Bool {
        entry.takesAnswers && things.contains { [.missing, .draft, .returned].contains($0.item.state) }
    }
}

/// One thing asked for.
public struct AskedThing: Sendable {
    public var followUp: String
    public var item: DueList.Item
    /// Of a figure; nil where the node does not know it.
    public var unit: MeasureUnit?
    /// Whether a figure is held against another, which is then given too.
    public var isParity: Bool
    /// What was last said of it for another follow-up, or for another year.
    public var lastStatus: StatusReport?
    public var lastReading: Reading?
    /// What is said for this follow-up: the draft where one waits, else what was handed in.
    public var status: StatusReport?
    public var reading: EnteredReading?

    public init(
        followUp: String, item: DueList.Item, unit: MeasureUnit? = nil, isParity: Bool = false,
        lastStatus: StatusReport? = nil, lastReading: Reading? = nil, status: StatusReport? = nil,
        reading: EnteredReading? = nil
    ) {
        self.followUp = followUp
        self.item = item
        self.unit = unit
        self.isParity = isParity
        self.lastStatus = lastStatus
        self.lastReading = lastReading
        self.status = status
        self.reading = reading
    }

    init(_ item: DueList.Item, _ entry: DueList.Entry, _ desk: NodeDesk) {
        self.init(followUp: entry.followUp, item: item)
        let draft = desk.draft(of: item.about, followUp: entry.followUp)
        switch item.kind {
        case .status:
            status = draft?.status ?? desk.status(of: item.about, followUp: entry.followUp)
            lastStatus = desk.statuses(of: item.about).last { $0.followUp != entry.followUp }
        case .reading:
            unit = desk.unit(of: item.about)
            isParity = desk.isParity(item.about)
            let obligation = Obligation(kind: .reading, about: item.about, title: item.title, year: item.year)
            let whole = desk.readings(of: item.about).filter { $0.breakdown == nil }
            reading = draft?.reading ?? whole.last(where: obligation.isMet).map(EnteredReading.init)
            lastReading = whole.last { !obligation.isMet(by: $0) }
        }
    }
}

extension EnteredReading {
    /// A figure as it left, entered again.
    fileprivate init(_ reading: Reading) {
        self.init(
            about: reading.about, period: reading.period, breakdown: reading.breakdown, value: reading.value,
            reference: reading.reference, dataSource: reading.dataSource, dataDate: reading.dataDate,
            comment: reading.comment)
    }
}
