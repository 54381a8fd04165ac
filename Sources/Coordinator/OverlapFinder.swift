internal import PolicyModel

/// Finds pairs across policies by what they share (the rule: `OverlapsView`).
///
/// An index leads from each shared thing to those who have it; pairs are only ever made from things that at most
/// `commonFrom` have. A thing that more have is worth at most a seventh of its points, a partner 12, a group 8, a theme 7: a
/// pair that rests on such things alone comes to `threshold` only with three partners or five groups and themes, so next to
/// none worth a look is missed by not going through all pairs. When a pair is found, everything it shares counts.
struct OverlapFinder {
    static let threshold = 36
    /// A thing that more initiatives have makes no pairs by itself.
    static let commonFrom = 64

    struct Found {
        let a: Int, b: Int
        let strength: Int
    }

    /// What can be shared, by a folded name.
    private struct Item: Hashable {
        let kind: OverlapsView.Evidence.Kind
        let name: String
    }

    private struct Thing {
        var side: OverlapsView.Side
        var policy: Int
        var ownerHasNode = false
        var title: TitleWords
        /// Numbers of items, ascending.
        var items: [Int32] = []
        var places: Set<String> = []
        var sharesByNature: Set<Int32> = []
    }

    private let state: LedgerState
    private var things: [Thing] = []
    private var places: [String: Int] = [:]
    private var items: [Item] = []
    private var numbers: [Item: Int32] = [:]
    private var holders: [[Int32]] = []
    private var policyNumbers: [String: Int] = [:]
    /// By the title of a section: its telling words. Many initiatives stand in one.
    private var sectionWords: [String: Set<String>] = [:]
    /// Pairs of policies of which one carries out the other.
    private var kin: Set<PairKey> = []
    /// Links that documents print between two policies of the ledger, each end known; a policy's link to a goal that cites the
    /// lines of a goal of its own is that goal's.
    private(set) var printedLinks: [Link] = []
    /// By the number of the policy's thing: the group that it is about.
    private var coreGroups: [Int: Core] = [:]

    init(_ state: LedgerState) {
        self.state = state
        let policies = state.policies.identities.compactMap { state.policy($0)?.body }
        for policy in policies {
            if let other = policy.implements { kin.insert(PairKey(policy.id, other)) }
            let side = OverlapsView.Side(
                kind: .policy, id: policy.id, policy: policy.id, title: policy.title, source: policy.source)
            add(Thing(side: side, policy: number(policy.id), title: TitleWords("")))
        }
        for policy in policies {
            for goal in policy.goals {
                let side = OverlapsView.Side(
                    kind: .goal, id: goal.id, policy: policy.id, title: goal.title, source: goal.source)
                add(Thing(side: side, policy: number(policy.id), title: TitleWords(goal.title.da)))
            }
        }
        let codes = Set(state.city?.forvaltninger.map(\.code) ?? [])
        for id in state.initiatives.identities {
            guard let initiative = state.initiative(id)?.body else { continue }
            add(initiative, ownerHasNode: codes.contains(initiative.owner))
        }
        for number in things.indices { for item in things[number].items { holders[Int(item)].append(Int32(number)) } }
        printedLinks = links(policies)
        coreGroups = cores(policies.count)
    }

    private mutating func number(_ policy: String) -> Int {
        if let number = policyNumbers[policy] { return number }
        policyNumbers[policy] = policyNumbers.count
        return policyNumbers.count - 1
    }

    private mutating func add(_ thing: Thing) {
        guard places[thing.side.id] == nil else { return }
        places[thing.side.id] = things.count
        things.append(thing)
    }

    private mutating func number(_ kind: OverlapsView.Evidence.Kind, _ name: String) -> Int32 {
        let item = Item(kind: kind, name: name)
        if let number = numbers[item] { return number }
        let number = Int32(items.count)
        numbers[item] = number
        items.append(item)
        holders.append([])
        return number
    }

    private mutating func add(_ initiative: Initiative, ownerHasNode: Bool) {
        let side = OverlapsView.Side(
            kind: .initiative, id: initiative.id, policy: initiative.policy, owner: initiative.owner,
            title: initiative.title, source: initiative.source)
        var thing = Thing(
            side: side, policy: number(initiative.policy), ownerHasNode: ownerHasNode,
            title: TitleWords(initiative.title.da))
        thing.places = Set(initiative.places.map(folded))
        let groups = initiative.targetGroups.map { number(.targetGroup, $0) }
        let themes = initiative.themes.map { number(.theme, $0) }
        thing.sharesByNature = Set(groups + themes)
        let ofSection = sectionWords[initiative.section] ?? TitleWords(initiative.section).telling
        sectionWords[initiative.section] = ofSection
        let words = thing.title.telling.union(ofSection)
        let all =
            groups + themes + initiative.partners.map { number(.partner, folded($0)) }
            + thing.places.map { number(.place, $0) } + words.map { number(.word, $0) }
        thing.items = Set(all).sorted()
        add(thing)
    }

    // MARK: Weights

    private static func base(_ kind: OverlapsView.Evidence.Kind) -> Int {
        switch kind {
        case .partner, .place: 90
        case .targetGroup: 60
        case .theme: 54
        case .word: 24
        case .printed, .title: 0
        }
    }

    /// `base` in full for two holders; divided once more with each doubling.
    private static func points(_ base: Int, holders: Int) -> Int {
        let doublings = Int.bitWidth - (max(holders, 2) - 1).leadingZeroBitCount
        return base / doublings
    }

    private func points(_ item: Int32) -> Int {
        Self.points(Self.base(items[Int(item)].kind), holders: holders[Int(item)].count)
    }

    /// What near-same titles count; 0 where they are not.
    private func titlePoints(_ a: Thing, _ b: Thing) -> Int {
        switch likeness(a, b) {
        case .none: 0
        case .same: areKin(a, b) ? 100 : 150
        case .lookAlike: 45
        }
    }

    private enum Likeness { case none, same, lookAlike }

    /// Near-same titles are the same thing only where nothing says otherwise: another forvaltning, another place, or nobody
    /// and nothing in common but the words.
    private func likeness(_ a: Thing, _ b: Thing) -> Likeness {
        guard a.side.kind == b.side.kind else { return .none }
        if a.side.kind == .goal { return a.title.words.count > 1 && a.title.isSame(as: b.title) ? .same : .none }
        guard a.title.isSame(as: b.title) || a.title.beginsLike(b.title) else { return .none }
        if a.side.owner != b.side.owner, a.ownerHasNode, b.ownerHasNode { return .lookAlike }
        if !a.places.isEmpty, !b.places.isEmpty, a.places.isDisjoint(with: b.places) { return .lookAlike }
        if !a.sharesByNature.isEmpty, !b.sharesByNature.isEmpty, a.sharesByNature.isDisjoint(with: b.sharesByNature) {
            return .lookAlike
        }
        return .same
    }

    private func areKin(_ a: Thing, _ b: Thing) -> Bool { kin.contains(PairKey(a.side.policy, b.side.policy)) }

    // MARK: Finding

    func side(_ number: Int) -> OverlapsView.Side { things[number].side }

    /// Pairs from the threshold on, the strongest first. `isOpen` leaves out those that are printed or decided.
    func found(_ isOpen: (PairKey) -> Bool) -> [Found] {
        let weights = items.indices.map { points(Int32($0)) }
        let isRare = holders.map { $0.count <= Self.commonFrom }
        var found: [Found] = []
        var shared = [Bool](repeating: false, count: things.count)
        var touched: [Int] = []
        for (a, thing) in things.enumerated() where thing.side.kind == .initiative {
            for item in thing.items where isRare[Int(item)] {
                for b in holders[Int(item)] where Int(b) > a && !shared[Int(b)] {
                    guard things[Int(b)].policy != thing.policy else { continue }
                    shared[Int(b)] = true
                    touched.append(Int(b))
                }
            }
            for b in touched {
                shared[b] = false
                let other = things[b]
                let strength = common(thing.items, other.items).reduce(titlePoints(thing, other)) {
                    $0 + weights[Int($1)]
                }
                if strength >= Self.threshold { found.append(Found(a: a, b: b, strength: strength)) }
            }
            touched.removeAll(keepingCapacity: true)
        }
        found += goals() + coreFound()
        return found.filter { isOpen(PairKey(things[$0.a].side.id, things[$0.b].side.id)) }.sorted {
            ($1.strength, things[$0.a].side.id, things[$0.b].side.id)
                < ($0.strength, things[$1.a].side.id, things[$1.b].side.id)
        }
    }

    /// Goals of different policies whose titles are the same words; a title of one word (“Deltagelse”) says too little.
    private func goals() -> [Found] {
        var byTitle: [Set<String>: [Int]] = [:]
        for (number, thing) in things.enumerated() where thing.side.kind == .goal && thing.title.words.count > 1 {
            byTitle[Set(thing.title.words), default: []].append(number)
        }
        return byTitle.values.filter { $0.count <= Self.commonFrom }.flatMap { numbers in
            numbers.indices.flatMap { index in
                numbers[(index + 1)...].compactMap { other in
                    let (a, b) = (numbers[index], other)
                    guard things[a].policy != things[b].policy else { return nil }
                    return Found(a: a, b: b, strength: titlePoints(things[a], things[b]))
                }
            }
        }
    }

    /// Initiatives for the people that another policy is about: those that at least a third of its initiatives, and at least
    /// four, are for, more than any other group.
    private func coreFound() -> [Found] {
        coreGroups.flatMap { policy, core in
            outsiders(of: core.item, policy: policy).compactMap { number -> Found? in
                guard !areKin(things[number], things[policy]) else { return nil }
                let strength = Self.points(90, holders: core.outside)
                return strength >= Self.threshold ? Found(a: number, b: policy, strength: strength) : nil
            }
        }
    }

    private struct Core {
        let item: Int32
        let inside: Int, of: Int, outside: Int
    }

    /// Policies are the first things.
    private func cores(_ policies: Int) -> [Int: Core] {
        let initiatives = Dictionary(grouping: things.filter { $0.side.kind == .initiative }, by: \.policy)
        let pairs: [(Int, Core)] = (0..<policies).compactMap { number in
            let own = initiatives[things[number].policy] ?? []
            var counts: [Int32: Int] = [:]
            for thing in own {
                for item in thing.items where items[Int(item)].kind == .targetGroup { counts[item, default: 0] += 1 }
            }
            guard let most = counts.max(by: { ($0.value, $1.key) < ($1.value, $0.key) }), most.value >= 4,
                most.value * 3 >= own.count, counts.values.count(where: { $0 == most.value }) == 1
            else { return nil }
            let outside = outsiders(of: most.key, policy: number).count
            guard outside > 0 else { return nil }
            return (number, Core(item: most.key, inside: most.value, of: own.count, outside: outside))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    private func outsiders(of item: Int32, policy: Int) -> [Int] {
        holders[Int(item)].map(Int.init).filter { things[$0].policy != things[policy].policy }
    }

    private func common(_ a: [Int32], _ b: [Int32]) -> [Int32] {
        var (i, j) = (0, 0)
        var result: [Int32] = []
        while i < a.count, j < b.count {
            if a[i] == b[j] {
                result.append(a[i])
                i += 1
                j += 1
            } else if a[i] < b[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return result
    }
}

// MARK: - Rows

extension OverlapFinder {
    func row(_ found: Found) -> OverlapsView.Row {
        let evidence = evidence(found.a, found.b)
        let (from, to) = ordered(found.a, found.b)
        return OverlapsView.Row(
            from: things[from].side, to: things[to].side, kind: suggestedKind(found.a, found.b), state: .suggested,
            printed: false, strength: evidence.reduce(0) { $0 + $1.points }, evidence: evidence)
    }

    /// A pair that is printed or decided; nil where the ledger does not hold both ends.
    func row(_ key: PairKey, links: [Link], decisions: [LedgerVersion<LinkDecision>]) -> OverlapsView.Row? {
        guard let a = places[key.first], let b = places[key.second] else { return nil }
        let (from, to) = ordered(a, b)
        var row = OverlapsView.Row(
            from: things[from].side, to: things[to].side, kind: suggestedKind(a, b), state: .suggested,
            printed: !links.isEmpty, strength: 0, evidence: evidence(a, b))
        row.strength = row.evidence.reduce(0) { $0 + $1.points }
        row.evidence =
            links.map {
                OverlapsView.Evidence(
                    kind: .printed, what: $0.kind.rawValue, points: 0, text: $0.evidence, source: $0.source)
            } + row.evidence
        func point(from id: String) { if row.from.id != id { (row.from, row.to) = (row.to, row.from) } }
        if let link = links.first {
            (row.kind, row.state) = (link.kind, .stated)
            point(from: link.from)
        }
        // One word for the pair: what was accepted stands before what was rejected as another kind.
        guard let said = decisions.last(where: { $0.body.state == .accepted }) ?? decisions.last else { return row }
        point(from: said.body.from)
        (row.kind, row.state) = (said.body.kind, said.body.state)
        row.decision = OverlapsView.Decision(
            state: said.body.state, kind: said.body.kind, reason: said.body.reason, record: said.name,
            received: said.received, forvaltning: said.by.forvaltning)
        return row
    }

    /// By policy, then id: a pair is always written the same way round.
    private func ordered(_ a: Int, _ b: Int) -> (Int, Int) {
        let (left, right) = (things[a].side, things[b].side)
        return (left.policy, left.id) < (right.policy, right.id) ? (a, b) : (b, a)
    }

    private func suggestedKind(_ a: Int, _ b: Int) -> Link.Kind {
        likeness(things[a], things[b]) == .same ? .sameAs : .shares
    }

    private func evidence(_ a: Int, _ b: Int) -> [OverlapsView.Evidence] {
        let (first, second) = ordered(a, b)
        let (from, to) = (things[first], things[second])
        var result = common(from.items, to.items).compactMap { item in evidence(of: item, from) }
        switch likeness(from, to) {
        case .none: break
        case .same:
            let text = LocalizedText(
                da: "Næsten samme titel: “\(from.side.title.da)” og “\(to.side.title.da)”",
                en: "Near-same title: “\(from.side.title[.english])” and “\(to.side.title[.english])”")
            result.append(.init(kind: .title, what: to.side.title.da, points: titlePoints(from, to), text: text))
        case .lookAlike:
            let text = LocalizedText(
                da: "Titlerne ligner hinanden, men ejer, sted eller emne er et andet: ikke nødvendigvis det samme",
                en: "The titles look alike, but owner, place or subject differ: not necessarily the same")
            result.append(.init(kind: .title, what: to.side.title.da, points: titlePoints(from, to), text: text))
        }
        for (policy, other) in [(first, second), (second, first)] where things[policy].side.kind == .policy {
            if let text = coreEvidence(policy, other) { result.append(text) }
        }
        return result.sorted { ($1.points, $0.kind.rawValue, $0.what) < ($0.points, $1.kind.rawValue, $1.what) }
    }

    private func evidence(of number: Int32, _ from: Thing) -> OverlapsView.Evidence {
        let item = items[Int(number)]
        let count = holders[Int(number)].count
        let name = name(of: item, from)
        let kinds: (String, String)
        switch item.kind {
        case .partner: kinds = ("Samme partner", "Same partner")
        case .place: kinds = ("Samme sted", "Same place")
        case .targetGroup: kinds = ("Samme målgruppe", "Same target group")
        case .theme: kinds = ("Samme tema (vores inddeling)", "Same theme (our classification)")
        default: kinds = ("Samme ord i titel eller overskrift", "Same word in title or heading")
        }
        let text = LocalizedText(
            da: "\(kinds.0): \(name.da) (\(count) har det)", en: "\(kinds.1): \(name[.english]) (\(count) have it)")
        return .init(kind: item.kind, what: item.name, holders: count, points: points(number), text: text)
    }

    private func name(of item: Item, _ from: Thing) -> LocalizedText {
        switch item.kind {
        case .targetGroup:
            return state.city?.targetGroups.first { $0.id == item.name }?.name ?? LocalizedText(da: item.name)
        case .theme: return state.city?.themes.first { $0.id == item.name }?.name ?? LocalizedText(da: item.name)
        case .partner, .place:
            let initiative = state.initiative(from.side.id)?.body
            let names = (item.kind == .partner ? initiative?.partners : initiative?.places) ?? []
            return LocalizedText(da: names.first { folded($0) == item.name } ?? item.name)
        default:
            let text = [from.side.title.da, state.initiative(from.side.id)?.body.section ?? ""].joined(separator: " ")
            return LocalizedText(da: TitleWords.printed(item.name, in: text) ?? item.name)
        }
    }

    private func coreEvidence(_ policy: Int, _ other: Int) -> OverlapsView.Evidence? {
        guard let core = coreGroups[policy], things[other].items.contains(core.item) else {
            return nil
        }
        let name = name(of: items[Int(core.item)], things[other])
        let text = LocalizedText(
            da: "Målgruppen \(name.da) er den, politikken handler om (\(core.inside) af dens \(core.of) indsatser)",
            en:
                "The target group \(name[.english]) is whom the policy is about (\(core.inside) of its \(core.of) initiatives)"
        )
        return .init(
            kind: .targetGroup, what: items[Int(core.item)].name, holders: core.outside,
            points: Self.points(90, holders: core.outside), text: text)
    }

    private func links(_ policies: [Policy]) -> [Link] {
        let bodies = things.compactMap { $0.side.kind == .initiative ? state.initiative($0.side.id)?.body : nil }
        return (policies.flatMap(\.links) + bodies.flatMap(\.links)).compactMap { link in
            guard let from = places[link.from], let to = places[link.to], things[from].policy != things[to].policy
            else {
                return nil
            }
            guard things[from].side.kind == .policy, things[to].side.kind == .goal,
                let goal = things.first(where: {
                    $0.side.kind == .goal && $0.policy == things[from].policy && $0.side.source == link.source
                })
            else { return link }
            var link = link
            link.from = goal.side.id
            return link
        }
    }
}

/// A name as it is compared: upper and lower case, “&” and “og” alike.
private func folded(_ name: String) -> String {
    name.lowercased().replacing("&", with: "og").split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
