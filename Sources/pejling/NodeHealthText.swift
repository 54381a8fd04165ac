extension NodeHealth.Publisher {
    /// The log, what waits in it, and the room for that.
    var logText: String {
        guard let log, let seq, let durable, let unsent, let unsentBytes, let deadLetters else {
            return "its log cannot be read now"
        }
        let room = maxUnsentBytes.map { " of \(megabytes($0))" } ?? ""
        return
            "log \(log): record \(seq), durable \(durable), unsent \(unsent) (\(megabytes(unsentBytes))\(room)), refused \(deadLetters)"
    }
}

extension NodeHealth {
    func text() -> String {
        var out: [String] = synthetic ? [exampleBanner] : []
        out.append("no broker here; what runs by itself on this machine:")
        for it in publishers {
            let process = it.pid.map { "process \($0), " } ?? ""
            out.append("\(it.publisher): \(process)\(it.state.rawValue)\(connection(it))")
            out.append("  " + it.logText)
        }
        out.append("disk: \(megabytes(diskFreeBytes)) free")
        out += marks.map { "! \($0)" }
        if marks.isEmpty { out.append("nothing needs attention") }
        return out.joined(separator: "\n")
    }

    private func connection(_ it: Publisher) -> String {
        guard let connection = it.connection else { return "" }
        let heard = it.heardSecondsAgo.map { $0 < 2 * 10 ? "heard now" : "heard \($0) s ago" } ?? "not heard yet"
        return "; \(connection), \(it.endpoint ?? ""), \(heard)"
    }

    func metrics() -> String {
        var out = MetricsText()
        func each(_ name: String, _ type: String, _ help: String, _ value: (Publisher) -> Int64?) {
            out.family(name, type, help, of: publishers.map { ($0.publisher, value($0)) })
        }
        each("publisher_up", "gauge", "1 while it runs and says how it is.") { $0.state == .running ? 1 : 0 }
        each("publisher_silent_seconds", "gauge", "How long it has not said that its loop turns.") { $0.silentSeconds }
        each("connected", "gauge", "1 while it has a session with the broker.") {
            $0.state == .running && $0.connection == "connected" ? 1 : 0
        }
        each("turned_away", "gauge", "1 while the broker turns its records away, or does not hear it.") {
            $0.turnedAway == nil ? 0 : 1
        }
        each("broker_heard_seconds", "gauge", "How long ago it heard the broker, to 10 s.") { $0.heardSecondsAgo }
        each("log_seq", "counter", "Last seq of its log.") { $0.seq }
        each("durable_seq", "counter", "Last seq of its log that is durable.") { $0.durable }
        each("unsent_records", "gauge", "Records in its log that are not durable yet.") { $0.unsent }
        each("unsent_bytes", "gauge", "Their size.") { $0.unsentBytes }
        each("max_unsent_bytes", "gauge", "How much may wait (max_unsent_mib).") { $0.maxUnsentBytes }
        each("dead_letters", "gauge", "Records whose content the broker refused.") { $0.deadLetters }
        each("new_dead_letters", "gauge", "Those of them that nobody has looked at.") { $0.newDeadLetters }
        out.one("disk_free_bytes", "Free space where the data folder is.", diskFreeBytes)
        out.one("marks", "How many things need a person (pejling stat says them).", Int64(marks.count))
        return out.text
    }
}

func megabytes(_ bytes: Int64) -> String { "\((bytes + 500_000) / 1_000_000) MB" }

/// Metrics in the text format of Prometheus (version 0.0.4): each family once, with help and type before its values.
struct MetricsText {
    private(set) var text = ""

    mutating func family(_ name: String, _ type: String, _ help: String, _ values: [(labels: String, value: Int64)]) {
        guard !values.isEmpty else { return }
        text += "# HELP pejling_\(name) \(help)\n# TYPE pejling_\(name) \(type)\n"
        for value in values { text += "pejling_\(name)\(value.labels) \(value.value)\n" }
    }

    mutating func one(_ name: String, _ help: String, _ value: Int64) { family(name, "gauge", help, [("", value)]) }

    /// A value for each publisher; nil leaves it out.
    mutating func family(
        _ name: String, _ type: String, _ help: String, of publishers: [(publisher: String, value: Int64?)]
    ) {
        let values = publishers.compactMap { item in item.value.map { ("{publisher=\"\(item.publisher)\"}", $0) } }
        family(name, type, help, values)
    }
}
