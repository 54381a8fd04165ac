import Foundation
import Ledger
import PluginKit
import PolicyModel
import Reports
import Wire

/// Asks a person at a terminal for what is due, one thing after the other: shows last time's answer, keeps it with one key, asks
/// only for what is missing, and confirms in a sentence. Each answer is kept as a draft at once, so nothing is lost by stopping.
struct Conversation {
    let door: NodeDoor
    let language: Language
    let person: String?
    private let terminal = Terminal()

    init(door: NodeDoor, language: Language, person: String?) {
        self.door = door
        self.language = language
        self.person = person
    }

    private func say(_ da: String, _ en: String) -> String { language == .danish ? da : en }

    /// What the person wants next.
    private enum Step { case next, back, stop }

    /// Asks for one follow-up, or lets the person choose; for one thing, or all that is missing.
    ///
    /// - Parameter kind: Only figures, or only statuses; nil for both.
    func run(followUp wanted: String?, about: String?, kind: Obligation.Kind? = nil) async throws {
        let desk = try door.desk()
        let today = try door.today()
        let open = desk.due(on: today, synthetic: door.data.isSynthetic).entries.filter(\.takesAnswers)
        guard let entry = try choose(wanted, open, kind) else { return }
        let waiting = entry.items.filter { item in
            if let about { return item.about == about }
            guard kind.map({ $0 == item.kind }) ?? true else { return false }
            return item.isToBeSaid || item.hasDraft
        }
        guard !waiting.isEmpty else {
            guard about == nil else {
                throw Failure(
                    description:
                        "\(entry.followUp) does not ask \(door.forvaltning.code) about “\(about ?? "")”; `pejling due --node \(door.forvaltning.key)` lists what it asks"
                )
            }
            terminal.show(
                say("Alt er besvaret for \(entry.followUp).\n", "Everything is answered for \(entry.followUp).\n"))
            return try await offerHandIn(entry.followUp)
        }
        terminal.wrap(
            "\n\(entry.title[language]) · \(entry.followUp) · \(door.forvaltning.code)"
                + (entry.lastDay.map { say(" · frist \($0)", " · due \($0)") } ?? ""), indent: 0)
        terminal.wrap(
            say(
                "Enter beholder sidste svar · s springer over · b går tilbage · q stopper (det, der er sagt, er gemt)",
                "Enter keeps the last answer · s skips · b goes back · q stops (what was said is kept)"), indent: 0)
        var place = 0
        while place < waiting.count {
            let step = try await ask(waiting[place], entry, "\(place + 1)/\(waiting.count)")
            switch step {
            case .next: place += 1
            case .back: place = max(0, place - 1)
            case .stop:
                terminal.show(
                    say(
                        "Stoppet. Kladderne ligger hos \(door.forvaltning.code); fortsæt med samme kommando.\n",
                        "Stopped. The drafts lie at \(door.forvaltning.code); go on with the same command.\n"))
                return
            }
        }
        try await offerHandIn(entry.followUp)
    }

    private func choose(
        _ wanted: String?, _ open: [DueList.Entry], _ kind: Obligation.Kind?
    ) throws -> DueList.Entry? {
        if let wanted {
            guard let entry = open.first(where: { $0.followUp == wanted }) else {
                throw Failure(
                    description:
                        "\(door.forvaltning.code) is asked nothing for “\(wanted)” now; it is for \(open.isEmpty ? "nothing" : open.map(\.followUp).joined(separator: ", "))"
                )
            }
            return entry
        }
        func isLacking(_ item: DueList.Item) -> Bool {
            (kind.map { $0 == item.kind } ?? true) && item.isToBeSaid
        }
        let lacking = open.filter { $0.items.contains(where: isLacking) }
        guard lacking.count > 1 else {
            if lacking.isEmpty { terminal.show(say("Intet mangler.\n", "Nothing is missing.\n")) }
            return lacking.first
        }
        let chosen = try Asking(language).choice(
            nil, "--follow-up", LocalizedText(da: "Hvilken", en: "Which"),
            lacking.map { entry in
                let count = entry.items.count(where: isLacking)
                let missing = say(
                    "\(count) af \(entry.items.count) mangler", "\(count) of \(entry.items.count) missing")
                let due = entry.lastDay.map { say(", frist \($0)", ", due \($0)") } ?? ""
                return (entry.followUp, "\(entry.followUp): \(missing)\(due) · \(entry.title[language])")
            })
        return lacking.first { $0.followUp == chosen }
    }

    private func ask(_ item: DueList.Item, _ entry: DueList.Entry, _ place: String) async throws -> Step {
        let desk = try door.desk()
        terminal.wrap("\n\(place)  \(item.title[language])  \(item.about)")
        if let note = item.note, item.state == .returned {
            terminal.wrap(say("   sendt tilbage: ", "   returned: ") + note[language])
        }
        return item.kind == .status
            ? try await askStatus(item, entry, desk) : try await askReading(item, entry, desk)
    }

    // MARK: A status

    private func askStatus(_ item: DueList.Item, _ entry: DueList.Entry, _ desk: NodeDesk) async throws -> Step {
        let draft = desk.draft(of: item.about, followUp: entry.followUp)?.status
        let last = draft ?? desk.status(of: item.about, followUp: entry.followUp) ?? desk.lastStatus(of: item.about)
        if let last {
            let when = draft == nil ? last.followUp : say("kladde", "draft")
            let text = last.done.map { " – “\($0[language])”" } ?? ""
            terminal.wrap(say("   sidst", "   last") + " (\(when)): \(last.delivery.name(in: language))\(text)")
        }
        let states = StatusReport.Delivery.allCases
        let menu = states.enumerated().map { "\($0 + 1) \($1.name(in: language))" }
        for row in stride(from: 0, to: menu.count, by: 3) {
            let cells = menu[row..<min(row + 3, menu.count)].map {
                $0.padding(toLength: max(25, $0.count), withPad: " ", startingAt: 0)
            }
            terminal.show("   " + cells.joined().trimmingSuffix(" ") + "\n")
        }
        while true {
            let prompt = last == nil ? "   > " : say("   > [Enter = som sidst] ", "   > [Enter = as last] ")
            guard let key = try terminal.key(prompt) else { return .stop }
            terminal.show(key == "\n" ? "\n" : "\(key)\n")
            switch key {
            case "\n":
                guard var kept = last else { continue }
                (kept.followUp, kept.reason, kept.printed, kept.source, kept.deliveryBasis) = (
                    entry.followUp, draft?.reason, nil, nil, nil
                )
                if try await keep(kept, item, before: desk.lastStatus(of: item.about)) { return .next }
                return try await fill(kept.delivery, last, item, entry, desk)
            case "s", "S": return .next
            case "b", "B": return .back
            case "q", "Q": return .stop
            default:
                guard let number = key.wholeNumberValue, states.indices.contains(number - 1) else { continue }
                return try await fill(states[number - 1], last, item, entry, desk)
            }
        }
    }

    /// Asks for the words that belong to a state, until the node takes the answer or the person gives up.
    private func fill(
        _ delivery: StatusReport.Delivery, _ last: StatusReport?, _ item: DueList.Item, _ entry: DueList.Entry,
        _ desk: NodeDesk
    ) async throws -> Step {
        var status = StatusReport(about: item.about, followUp: entry.followUp, delivery: delivery)
        let before = desk.lastStatus(of: item.about)
        while true {
            guard let done = text(say("hvad er gjort", "what was done"), status.done ?? last?.done) else {
                return .stop
            }
            status.done = done
            if [.delayed, .paused, .stopped, .awaitingFunding, .awaitingDecision].contains(delivery) {
                let why = say("afvigelse og årsag", "deviation and cause")
                guard let deviation = text(why, status.deviation ?? last?.deviation) else { return .stop }
                status.deviation = deviation
                let what = say("hvad gøres ved det", "what is done about it")
                guard let action = text(what, status.action ?? last?.action) else { return .stop }
                status.action = action
            }
            if let before, before.delivery != delivery {
                let from = before.delivery.name(in: language), to = delivery.name(in: language)
                repeat {
                    let question = say("hvorfor fra “\(from)” til “\(to)”", "why from “\(from)” to “\(to)”")
                    guard let reason = text(question, status.reason) else { return .stop }
                    status.reason = reason
                } while status.reason == nil
            }
            if demandsEfforts(item.about, entry.followUp, desk) {
                let what = say("nye indsatser (krævet: målet er bagud)", "new efforts (demanded: the goal is behind)")
                guard let proposals = text(what, status.proposals) else { return .stop }
                status.proposals = proposals
            }
            if try await keep(status, item, before: before) { return .next }
        }
    }

    private func demandsEfforts(_ about: String, _ followUp: String, _ desk: NodeDesk) -> Bool {
        guard desk.followUp(followUp)?.effortsWhereBehind == true else { return false }
        let policy = String(followUp.prefix { $0 != "/" })
        let judged =
            desk.copy.assessments["\(about)|\(followUp)"] ?? desk.copy.assessments["\(about)|\(policy)/opening"]
        return judged?.judgement == .behind
    }

    /// A text; Enter keeps what stands, a hyphen takes it out. Outer nil: end of input.
    private func text(_ what: String, _ standing: LocalizedText?) -> LocalizedText?? {
        let hint = standing.map { " [Enter: “\($0[language].prefix(60))”, - \(say("tømmer", "clears"))]" } ?? ""
        guard let line = terminal.line("   \(what)\(hint): ") else { return nil }
        if line.isEmpty { return .some(standing) }
        return .some(line == "-" ? nil : LocalizedText(da: line))
    }

    /// Keeps the answer as a draft and says so in a sentence; false when the node does not take it, with its reason shown.
    private func keep(_ status: StatusReport, _ item: DueList.Item, before: StatusReport?) async throws -> Bool {
        do {
            _ = try await door.enter([EntryLine(status: status, draft: true, person: person)], dryRun: false)
        } catch let refusal as Failure {
            terminal.wrap("   ! \(refusal.description)")
            return false
        }
        let state = status.delivery.name(in: language).lowercased()
        let change = before.flatMap { before in
            before.delivery == status.delivery
                ? nil
                : say(
                    " (før: \(before.delivery.name(in: language).lowercased()))",
                    " (before: \(before.delivery.name(in: language).lowercased()))")
        }
        let why = status.reason.map { say(", fordi: \($0[language])", ", because: \($0[language])") }
        let deviation = status.deviation.map { say("; afvigelse: \($0[language])", "; deviation: \($0[language])") }
        terminal.wrap(
            say("   Kladde: ", "   Draft: ")
                + "“\(item.title[language])” \(say("er", "is")) \(state)\(change ?? "")\(why ?? "")\(deviation ?? "").")
        return true
    }

    // MARK: A figure

    private func askReading(_ item: DueList.Item, _ entry: DueList.Entry, _ desk: NodeDesk) async throws -> Step {
        guard let year = item.year.flatMap({ PartialDate(String($0)) }), let unit = desk.unit(of: item.about) else {
            return .next
        }
        let readings = desk.readings(of: item.about).filter { $0.breakdown == nil }.suffix(2)
        for reading in readings {
            terminal.show(say("   sidst", "   last") + " (\(reading.period)): \(shown(reading.value))\n")
        }
        let draft = desk.draft(of: item.about, followUp: entry.followUp)?.reading
        if let draft { terminal.show(say("   kladde", "   draft") + ": \(draft.value.map(shown) ?? "…")\n") }
        terminal.show(
            say(
                "   m = ikke målt · i = kan ikke opgøres · Enter eller s springer over\n",
                "   m = not measured · i = cannot be given · Enter or s skips\n"))
        while true {
            let what = say("værdi for \(year)", "value for \(year)") + " (\(unit.rawValue))"
            guard let line = terminal.line("   \(what): ") else { return .stop }
            var entered = EnteredReading(about: item.about, period: Period(from: year, until: year))
            switch line.lowercased() {
            case "", "s": return .next
            case "b": return .back
            case "q": return .stop
            case "m", "i":
                guard let why = terminal.line("   " + say("hvorfor: ", "why: ")) else { return .stop }
                entered.value = line.lowercased() == "m" ? .missing : .notApplicable
                entered.comment = why.isEmpty ? nil : LocalizedText(da: why)
            default:
                guard let value = number(line) else { continue }
                entered.value = .number(value)
                if unit == .percent {
                    let question = say("af hvor mange (nævner): ", "of how many (denominator): ")
                    guard let text = terminal.line("   " + question) else { return .stop }
                    guard let under = number(text) else { continue }
                    entered.denominator = under
                }
                if desk.isParity(item.about) {
                    let question = say("det, der holdes op imod: ", "what it is held against: ")
                    guard let text = terminal.line("   " + question) else { return .stop }
                    guard let reference = number(text) else { continue }
                    entered.reference = .number(reference, denominator: nil)
                    if unit == .percent {
                        let question = say("af hvor mange: ", "of how many: ")
                        guard let text = terminal.line("   " + question) else { return .stop }
                        guard let under = number(text) else { continue }
                        entered.reference = .number(reference, denominator: under)
                    }
                }
            }
            let said = EntryLine(reading: entered, draft: true, followUp: entry.followUp, person: person)
            do {
                let results = try await door.enter([said], dryRun: false)
                terminal.show(
                    say("   Kladde: ", "   Draft: ")
                        + "“\(item.title[language])” \(year): \(entered.value.map(shown) ?? "")\n")
                for note in results.compactMap(\.note) { terminal.wrap("   \(note)") }
                return .next
            } catch let refusal as Failure {
                terminal.wrap("   ! \(refusal.description)")
            }
        }
    }

    private func shown(_ value: Value) -> String {
        switch value {
        case .number(let number, _, let under):
            number.description + (under.map { say(" af \($0)", " of \($0)") } ?? "")
        case .suppressed: say("undertrykt (for lille til at oplyses)", "suppressed (too small to be told)")
        case .missing: say("ikke målt", "not measured")
        case .notApplicable: say("kan ikke opgøres", "cannot be given")
        }
    }

    /// A number as people write it: decimal comma or point. What can be two numbers (1.000) is asked about, never guessed.
    private func number(_ text: String) -> DecimalText? {
        let bare = text.replacing("%", with: "").trimmingCharacters(in: .whitespaces)
        let groups = bare.split(separator: ".", omittingEmptySubsequences: false)
        if groups.count > 1, groups.dropFirst().allSatisfy({ $0.count == 3 }) {
            let joined = groups.joined()
            terminal.show(
                say(
                    "   ! “\(text)” kan læses på to måder: skriv \(joined), eller \(groups.joined(separator: ","))0 med komma\n",
                    "   ! “\(text)” can be read in two ways: write \(joined), or \(groups.joined(separator: ","))0 with a comma\n"
                ))
            return nil
        }
        guard let number = DecimalText(bare.replacing(",", with: ".")) else {
            terminal.show(say("   ! “\(text)” er intet tal\n", "   ! “\(text)” is no number\n"))
            return nil
        }
        return number
    }

    // MARK: The end

    private func offerHandIn(_ followUp: String) async throws {
        let desk = try door.desk()
        let drafts = desk.drafts.count { $0.followUp == followUp }
        guard drafts > 0 else { return }
        let question = say(
            "\n\(drafts) svar er klar til \(followUp). Indlever nu? [J/n] ",
            "\n\(drafts) answers are ready for \(followUp). Hand in now? [Y/n] ")
        guard let key = try terminal.key(question, fresh: true), "jJyY\n".contains(key) else {
            terminal.show(
                say(
                    "\nIkke indleveret. Senere: pejling hand-in \(followUp) --node \(door.forvaltning.key)\n",
                    "\nNot handed in. Later: pejling hand-in \(followUp) --node \(door.forvaltning.key)\n"))
            return
        }
        terminal.show("\n")
        try await handIn(followUp)
    }

    func handIn(_ followUp: String) async throws {
        let results = try await door.enter([EntryLine(handIn: followUp, person: person)], dryRun: false)
        for note in results.compactMap(\.note) { terminal.wrap("   \(note)") }
        guard let handIn = results.last(where: { $0.kind == RecordKind.handin.rawValue }) else { return }
        let count = handIn.count ?? 0
        let code = door.forvaltning.code
        terminal.wrap(
            say(
                "\(code) har indleveret \(count) svar til \(followUp), som record \(handIn.record ?? "").",
                "\(code) has handed in \(count) answers for \(followUp), as record \(handIn.record ?? "")."), indent: 0)
        let isRunning = FolderLock.holder(of: door.data.broker) != nil
        terminal.wrap(
            isRunning
                ? say("Brokeren kører: det er sendt.", "The broker runs: it is sent.")
                : say(
                    "Brokeren kører ikke: det tæller, fra den har fået det.",
                    "The broker does not run: it counts from when it has it."), indent: 0)
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        var text = self
        while text.last == character { text.removeLast() }
        return text
    }
}
