import Ledger

// What is marked, and what is only noted. What stands for as long as it lasts needs a person: a mark. What is over is marked, or noted,
// while it is recent (`Health.recent`), and so that `stat --check` is 0 again when all is well; its counter stays.

extension Health {
    func findMarks(
        _ state: BrokerState, _ presence: Presence, obstacle: String?, now: Int64, patience: Int64
    ) -> (marks: [Mark], notes: [String]) {
        let lately = Recently(now: now)
        var (marks, notes): ([Mark], [String]) = ([], [])
        func mark(_ kind: Mark.Kind, _ text: String) { marks.append(Mark(kind, text)) }
        if let failure = state.failure { mark(.failure, "the broker stopped by itself: \(failure)") }
        if let failure = state.startFailure { mark(.failure, "the broker does not start: \(failure)") }
        if let before = state.failureBefore, lately.isRecent(before.restarted) {
            let ago = Health.ago(now - before.restarted)
            mark(.failure, "the broker stopped by itself, and was started again \(ago): \(before.text)")
        }
        if let text = presence.brokerMark { mark(.silence, text + (obstacle.map { ". Seen: \($0)" } ?? "")) }
        for text in state.damage ?? [] {
            let kept = state.damageKept.map { "; the damaged file is kept in \($0)" } ?? ""
            mark(
                .damage,
                "the ledger is damaged: \(text). Its publisher is asked for it when it connects, and stopped until then\(kept)"
            )
        }
        if let remade = state.remade, state.mendedUnread ?? true {
            mark(
                .mended,
                "the ledger was damaged, and made anew at the start: \(remade). Look at the disk. It is said until all of it has been read again"
            )
        } else if let mended = state.mended, mended > 0, state.mendedUnread ?? true {
            mark(
                .mended,
                "\(mended) damaged records of the ledger were mended from their publishers' logs or from copies: look at the disk. It is said until all of it has been read again"
            )
        }
        if let since = state.clockBehindSince, let received = state.received {
            // For an hour somebody is to look at the clock; the rest of the time nothing helps but to know it.
            let text =
                "the ledger's last record is of \(received), ahead of the broker's clock: it was wrong when that came, or is now. What comes gets that time too until it is over, for time never runs back in a ledger, and what is late is judged by it. See that the clock is right, and tell who judges by it"
            if lately.isRecent(since) { mark(.clock, text) } else { notes.append(text) }
        }
        marks += (state.waitingLogs ?? []).map { Mark(.waitingLog, $0.text) }
        marks += (state.offences ?? []).filter { $0.lastSeconds.map(lately.isRecent) ?? true }.map {
            Mark(.offence, "\($0.who): \($0.what), \($0.count) times, last \($0.last)")
        }
        marks += state.broken.map { Mark(.brokenPlugin, "a plugin cannot be used: \($0)") }
        for publisher in publishers {
            marks += Self.standing(publisher, presence, isDamaged: state.damage?.isEmpty == false, patience: patience)
            let found = lately.happened(to: publisher.publisher, publisher.traffic)
            marks += found.marks
            notes += found.notes
        }
        let asking = state.pending?.filter { $0.last.map(lately.isRecent) ?? true }.count ?? pendingKeys
        if asking > 0 {
            mark(.pendingKeys, "\(asking) keys asked to connect and are not enrolled: `pejling keys list`")
        }
        if dropped > 0, state.droppedLast.map({ lately.isRecent($0.last) }) ?? true {
            mark(
                .dropped, "\(dropped) messages were dropped that are none of the protocol: the broker's log says whose")
        }
        if let found = state.refusedStarts.flatMap(lately.started) {
            marks += found.marks
            notes += found.notes
        }
        if let again = state.startedAgain, lately.isRecent(again), presence == .heard {
            notes.append(
                "the broker had ended without a word (killed, hung and then ended, or the machine went down), and was started again \(Health.ago(now - again))"
            )
        }
        if presence == .heard { notes += state.plugins.compactMap(lately.restarted) }
        if let text = Disk(free: diskFreeBytes, size: diskBytes).mark { mark(.disk, text) }
        if let process, Double(process.descriptors) > Self.mostDescriptors * Double(process.maxDescriptors) {
            mark(
                .descriptors,
                "the broker has \(process.descriptors) of \(process.maxDescriptors) descriptors open: raise the limit (LimitNOFILE)"
            )
        }
        return (marks, notes)
    }

    /// What stands while it lasts.
    private static func standing(
        _ publisher: Publisher, _ presence: Presence, isDamaged: Bool, patience: Int64
    ) -> [Mark] {
        var marks: [Mark] = []
        let name = publisher.publisher
        switch publisher.state {
        case "stale", "away", "waiting", "quarantined", "failed":
            let cause = publisher.cause.map { ": \($0.replacing("\n", with: " / "))" } ?? ""
            marks.append(Mark(.condition, "\(name) is \(publisher.state ?? "")\(cause)"))
        case "running":
            if let cause = publisher.cause {
                marks.append(Mark(.lag, "\(name) cannot keep what comes, and goes on by itself when it can: \(cause)"))
                return marks
            }
        default: break
        }
        guard let lag = publisher.lag else { return marks }
        // In front of what is damaged all wait, and that has its mark; of a silent broker nobody knows.
        if let stalled = publisher.stalledSeconds, stalled >= patience, lag > 0, presence == .heard, !isDamaged {
            marks.append(
                Mark(
                    .lag,
                    "\(name) is \(lag) records behind the ledger and has stored none for \(stalled) s, though it answers: is its disk well? End its process, it is started again and reads on from where it was. The others do not wait for it"
                ))
        } else if lag > mostLag {
            marks.append(
                Mark(
                    .lag,
                    "\(name) is \(lag) records behind the ledger: does it keep up? Nothing is lost, it reads on from there"
                ))
        }
        return marks
    }

    /// How long ago, in the largest unit that says enough.
    public static func ago(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(max(0, seconds)) s ago"
        case ..<7200: "\(seconds / 60) min ago"
        case ..<172_800: "\(seconds / 3600) h ago"
        default: "\(seconds / 86400) days ago"
        }
    }
}

/// What is said of what is over, while it is recent.
private struct Recently {
    /// As `uptime`.
    let now: Int64

    typealias Found = (marks: [Mark], notes: [String])

    /// What is ahead was before the machine was started again.
    func isRecent(_ seconds: Int64) -> Bool { (-2..<Health.recent).contains(now - seconds) }

    func happened(to name: String, _ traffic: Traffic) -> Found {
        var (marks, notes): Found = ([], [])
        for what in Happening.allCases {
            guard let lately = traffic.lately?[what.rawValue], isRecent(lately.last) else { continue }
            let last = "the last \(Health.ago(now - lately.last))"
            if lately.often.map(isRecent) ?? false {
                marks.append(Mark(.traffic, "\(name)\(Self.mark(what, traffic, last))"))
            } else if let note = Self.note(what, traffic, last) {
                notes.append("\(name)\(note)")
            }
        }
        return (marks, notes)
    }

    private static func mark(_ what: Happening, _ traffic: Traffic, _ last: String) -> String {
        switch what {
        case .duplicate:
            ": \(traffic.duplicates) batches came that were durable already, \(last), \(what.often) or more within an hour: does the network lose the answers, or do two processes use its key? Nothing was stored twice"
        case .gap:
            ": \(traffic.gaps) batches came before the one that is expected, \(last), \(what.often) or more within an hour: does the network lose messages, is it its own program? Nothing was stored out of order"
        case .refusedWhole: ": \(traffic.nacks) batches were refused whole, \(last) (the broker's log says why)"
        case .refused:
            ": the content of \(traffic.refused) records was refused, \(last); each has a refusal in the ledger"
        case .oddTime:
            ": \(traffic.oddTimes ?? 0) records have a time ahead of the broker's, or before the record in front, \(last): is its clock right? They count like all others"
        case .storage: ": \(traffic.storage) batches were turned away since the disk was full, \(last)"
        case .behind:
            " came back behind the ledger \(traffic.behind ?? 0) times, \(last), \(what.often) or more within an hour: does its disk lose what was saved, or is an old copy of its folder put there again and again? What it lacks it fetches"
        case .begunAgain:
            " came with a copy of another history of the ledger \(traffic.begunAgain ?? 0) times, \(last), \(what.often) or more within an hour: does its disk lose what was saved? It reads the ledger again from the start"
        }
    }

    /// Nil for what is always marked.
    private static func note(_ what: Happening, _ traffic: Traffic, _ last: String) -> String? {
        switch what {
        case .duplicate:
            ": \(traffic.duplicates) batches came that were durable already, \(last): acknowledged again, nothing stored twice"
        case .gap:
            ": \(traffic.gaps) batches came before the one that is expected, \(last): it was told to go back"
        case .behind:
            " came back behind the ledger, \(last) (restored from a backup?): it fetches the records that it lacks"
        case .begunAgain:
            " came with a copy of another history of the ledger, \(last) (the ledger was restored from an older copy?): it reads it again from the start"
        case .refusedWhole, .refused, .oddTime, .storage: nil
        }
    }

    /// One that runs again.
    func restarted(_ plugin: BrokerState.Plugin) -> String? {
        guard plugin.condition == .running, let ended = plugin.endedAt, isRecent(ended), let last = plugin.lastEnd
        else {
            return nil
        }
        let times = plugin.restarts == 1 ? "once" : "\(plugin.restarts) times"
        return
            "\(plugin.publisher) was started again \(times) since the broker's start, the last time \(Health.ago(now - ended)): it ended \(last.replacing("\n", with: " / "))"
    }

    func started(_ starts: BrokerState.RefusedStarts) -> Found? {
        guard isRecent(starts.lately.last) else { return nil }
        let which = "\(starts.count) times, last as process \(starts.pid), \(Health.ago(now - starts.lately.last))"
        guard starts.lately.often.map(isRecent) ?? false else {
            return ([], ["a second broker was started on this folder \(which): it was refused"])
        }
        return (
            [
                Mark(
                    .refusedStarts,
                    "brokers are started on this folder again and again, \(which), each refused: is there a service beside `pejling up`? Stop one of them"
                )
            ],
            []
        )
    }
}
