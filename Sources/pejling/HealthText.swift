import Broker
import Foundation
import Wire

/// How a data folder stands, as it is printed.
extension Health {
    func text() -> String {
        var out: [String] = synthetic ? [exampleBanner] : []
        out.append(
            isRunning
                ? "broker: process \(pid)\(started.map { " since \($0)" } ?? "; it has not said how it stands")"
                    + (isSilent ? silentSeconds.map { "; it has said nothing for \($0) s" } ?? "" : "")
                : "broker: not running; this is how it ended")
        var held = "ledger: position \(ledger.position), root \(ledger.root.prefix(16))…, \(megabytes(ledger.bytes))"
        if ledger.checkpoint > 0 {
            held += ", checkpoint at \(ledger.checkpoint)" + (ledger.checkpointed.map { " of \($0)" } ?? "")
        }
        if let again = ledger.readAgain { held += ", read again \(again)" }
        out.append(held)
        var system = "disk: \(megabytes(diskFreeBytes)) free"
        if let process {
            system +=
                "; broker: \(megabytes(process.residentBytes)) of memory, \(process.descriptors) of \(process.maxDescriptors) descriptors"
        }
        out.append(system)
        out.append(
            textTable(
                [
                    "PUBLISHER", "STATE", "HEARD", "DURABLE", "UNSENT", "LAG", "STORED", "REFUSED", "AGAIN", "GAPS",
                    "NACKS",
                    "RESTARTS",
                ],
                publishers.map {
                    [
                        $0.publisher, $0.state ?? "-", heard($0), String($0.traffic.durable),
                        $0.unsent.map(String.init) ?? "-",
                        $0.lag.map(String.init) ?? "-", String($0.traffic.records), String($0.traffic.refused),
                        String($0.traffic.duplicates), String($0.traffic.gaps), String($0.traffic.nacks),
                        String($0.restarts),
                    ]
                }))
        out += marks.map { "! \($0.text)" } + notes.map { "- \($0)" }
        if marks.isEmpty { out.append("nothing needs attention") }
        return out.joined(separator: "\n")
    }

    /// How long ago: `now` within twice the step in which it is written down.
    private func heard(_ publisher: Publisher) -> String {
        guard let date = publisher.lastHeard.flatMap(Timestamp.date) else { return "-" }
        let seconds = Int64(max(0, Date().timeIntervalSince(date)))
        return switch seconds {
        case ...(2 * BrokerState.lastHeardSeconds): "now"
        default: Self.ago(seconds)
        }
    }

    /// Seconds since 1970, of a time with or without milliseconds.
    private static func seconds(_ time: String) -> Int64? {
        Timestamp.date(time.prefix(19) + "Z").map { Int64($0.timeIntervalSince1970) }
    }

    /// The same in the text format of Prometheus (version 0.0.4).
    func metrics() -> String {
        var out = MetricsText()
        func one(_ name: String, _ help: String, _ value: Int64) { out.one(name, help, value) }
        func each(_ name: String, _ type: String, _ help: String, _ value: (Publisher) -> Int64?) {
            out.family(name, type, help, of: publishers.map { ($0.publisher, value($0)) })
        }
        one("broker_up", "1 while the broker runs and says how it stands.", isRunning && !isSilent ? 1 : 0)
        if let silentSeconds {
            one("broker_silent_seconds", "How long the broker has not said that its loop turns.", silentSeconds)
        }
        if let date = started.flatMap(Self.seconds) {
            one("broker_start_time_seconds", "When the broker was started.", date)
        }
        one("ledger_position", "Records in the ledger.", ledger.position)
        if let date = ledger.received.flatMap(Self.seconds) {
            one("ledger_received_timestamp_seconds", "When the last record was received.", date)
        }
        one("ledger_checkpoint_position", "Position of the last signed checkpoint.", ledger.checkpoint)
        if let date = ledger.checkpointed.flatMap(Self.seconds) {
            one("ledger_checkpoint_timestamp_seconds", "When the last checkpoint was stored.", date)
        }
        one("ledger_damaged_records", "Records of the ledger that are damaged.", Int64(ledger.damaged))
        one("ledger_mended_records", "Damaged records put back since the start.", Int64(ledger.mended))
        one("ledger_bytes", "Size of the ledger's files.", ledger.bytes)
        one("marks", "How many things need a person (pejling stat says them).", Int64(marks.count))
        one("broker_failed", "1 when the broker stopped by itself.", hasFailed ? 1 : 0)
        one("waiting_logs", "Logs that wait for an operator's word, and quarantined keys.", Int64(waitingLogs))
        one("offenders", "Who was cut off since the broker's start.", Int64(offenders))
        one("broken_plugins", "Plugins that cannot be used.", Int64(brokenPlugins))
        one("pending_keys", "Keys that asked to connect and are not enrolled.", Int64(pendingKeys))
        out.family(
            "refused_starts_total", "counter", "Brokers started on this folder while this one ran, and refused.",
            [("", Int64(refusedStarts))])
        out.family(
            "dropped_messages_total", "counter", "Messages dropped since the broker's start.", [("", Int64(dropped))])
        out.family(
            "stray_messages_total", "counter", "Messages of sessions that are no more, since the broker's start.",
            [("", Int64(strays))])
        one("disk_free_bytes", "Free space where the data folder is.", diskFreeBytes)
        if let process {
            one("open_descriptors", "Descriptors the broker has open.", Int64(process.descriptors))
            one("max_descriptors", "Descriptors the broker may open.", Int64(process.maxDescriptors))
            one("resident_bytes", "Memory of the broker's process.", process.residentBytes)
        }
        each("publisher_up", "gauge", "1 while it runs and is heard.") { $0.state.map { $0 == "running" ? 1 : 0 } }
        each("last_heard_timestamp_seconds", "gauge", "When it was last heard, to 10 s.") {
            $0.lastHeard.flatMap(Self.seconds)
        }
        each("durable_seq", "counter", "Last seq of its log that is durable.") { $0.traffic.durable }
        each("unsent_records", "gauge", "Records in its log that are not durable yet.") { $0.unsent }
        each("feed_lag_records", "gauge", "Records of the ledger it has not stored yet.") { $0.lag }
        each("feed_stalled_seconds", "gauge", "For how long it has stored none of them; 0 while it comes on.") {
            $0.lag == nil ? nil : $0.stalledSeconds ?? 0
        }
        each("restarts_total", "counter", "Restarts since the broker's start.") {
            $0.state == nil ? nil : Int64($0.restarts)
        }
        each("stored_records_total", "counter", "Lines stored since the broker's start.") { $0.traffic.records }
        each("refused_records_total", "counter", "Lines whose content was refused.") { $0.traffic.refused }
        each("duplicate_batches_total", "counter", "Batches acknowledged again.") { $0.traffic.duplicates }
        each("gap_batches_total", "counter", "Batches that came before the one expected.") { $0.traffic.gaps }
        each("behind_total", "counter", "How often it came with less of its log than the ledger has.") {
            $0.traffic.behind ?? 0
        }
        each("begun_again_total", "counter", "How often its copy of the feed was of another history of the ledger.") {
            $0.traffic.begunAgain ?? 0
        }
        each("odd_times_records_total", "counter", "Records whose time cannot be: the publisher's clock is wrong.") {
            $0.traffic.oddTimes
        }
        each("refused_batches_total", "counter", "Batches refused whole.") { $0.traffic.nacks }
        each("storage_full_batches_total", "counter", "Batches turned away since the disk was full.") {
            $0.traffic.storage
        }
        return out.text
    }
}
