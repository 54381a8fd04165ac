import Foundation
import Glibc
import Ledger
import Testing

/// How it stands, looked at from outside: `pejling stat`, metrics, `plugin retry`.
@Suite("How it stands, as operators see it", .serialized, .oneAtATime)
struct StatTests {
    @Test(
        "running: all durable, nothing to do; a node that is killed over and over is quarantined, marked, and retried")
    func stat() throws {
        let town = try Town()
        let before = try town.pejling("stat")
        #expect(before.code == 1 && before.errors.contains("Run `pejling up`"))
        let up = try town.up()
        defer { up.interrupt() }
        let calm = try town.pejling("stat", "--check")
        #expect(calm.code == 0 && calm.output.contains("nothing needs attention"), "\(calm.output)")
        #expect(calm.output.contains(/\nBIF +running +now +\d+ +0 +0 +/), "\(calm.output)")

        let other = try town.pejling("up")
        #expect(other.code == 1 && other.errors.contains("a broker runs on var already"), "\(other.errors)")
        try eventually("the first notes it, and nobody is needed") {
            let said = try town.pejling("stat", "--check")
            return said.code == 0 && said.output.contains("\n- a second broker was started on this folder 1 times")
                && said.output.contains("nothing needs attention")
        }

        let server = try town.start(town.executables + "/pejling", ["stat", "--serve", "127.0.0.1:0"])
        defer { server.terminate() }
        try eventually("the server says where it is") { server.errors.contains("/metrics;") }
        let address = try #require(server.errors.firstMatch(of: /http:\/\/(127\.0\.0\.1:\d+)\/metrics/)).1
        func metrics() throws -> String {
            let answer = try fetch("http://\(address)/metrics", town)
            #expect(answer.code == 0, "\(answer.errors)")
            return answer.output
        }
        let first = try metrics()
        #expect(first.contains("\npejling_broker_up 1\n") && first.contains("\npejling_marks 0\n"))
        let heard = try #require(
            first.firstMatch(of: /\npejling_last_heard_timestamp_seconds\{publisher="BIF"\} (\d+)\n/)
        ).1
        #expect(abs(Date().timeIntervalSince1970 - (Double(heard) ?? 0)) < 30)
        #expect(first.contains(/\npejling_durable_seq\{publisher="ØKF"\} [1-9]/))
        // Each family once, with help and type before its values; nothing else.
        let lines = first.split(separator: "\n")
        let form = /# (HELP|TYPE) pejling_[a-z_]+ .+|pejling_[a-z_]+(\{publisher="[^"]+"\})? -?\d+/
        #expect(lines.allSatisfy { $0.wholeMatch(of: form) != nil })
        let families = lines.filter { $0.hasPrefix("# TYPE") }
        #expect(Set(families).count == families.count)
        #expect(try fetch("http://\(address)/nothing", town).errors.contains("404"))

        var killed: Set<Int32> = []
        try eventually("BIF is quarantined", 90) {
            let bif = try #require(try town.state().plugins.first { $0.publisher == "BIF" })
            if let pid = bif.pid, killed.insert(pid).inserted { Glibc.kill(pid, SIGKILL) }
            return bif.condition == "quarantined"
        }
        let marked = try town.pejling("stat", "--check")
        #expect(marked.code == 1)
        #expect(marked.output.contains("! BIF is quarantined: it was ended by signal 9"), "\(marked.output)")
        let second = try metrics()
        #expect(second.contains("\npejling_publisher_up{publisher=\"BIF\"} 0\n"))
        #expect(
            second.contains("\npejling_publisher_up{publisher=\"BUF\"} 1\n") && second.contains("\npejling_marks 1\n"))

        let retried = try town.pejling("plugin", "retry", "bif")
        #expect(retried.code == 0 && retried.output.contains("bif runs"), "\(retried.output)\(retried.errors)")
        let again = try town.pejling("plugin", "retry", "bif")
        #expect(again.code == 1 && again.errors.contains("nothing to retry"))
        #expect(try town.pejling("plugin", "retry", "nix").errors.contains("there is no plugin “nix”"))

        up.interrupt()
        _ = try up.wait(30)
        #expect(try metrics().contains("\npejling_broker_up 0\n"), "metrics are there when the broker is not")
        #expect(try town.pejling("stat").output.contains("! the broker does not run"))
    }

    /// By another's HTTP: Python's.
    private func fetch(_ address: String, _ town: Town) throws -> Town.Result {
        try town.run(
            "/usr/bin/python3",
            [
                "-c",
                "import sys, urllib.request as u; sys.stdout.write(u.urlopen(sys.argv[1], timeout=10).read().decode())",
                address,
            ])
    }

    @Test("each thing that needs a person is marked, with its number in the metrics")
    func marks() throws {
        let town = try Town.made()
        let calm = try town.pejling("stat").output
        #expect(calm.matches(of: #/\n! /#).count == 1 && calm.contains("! the broker does not run"), "\(calm)")
        let path = town.folder + "/var/broker/state.json"
        var state = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
        var traffic = try #require(state["traffic"] as? [String: [String: Any]])
        let counted = [
            "nacks": 2, "refused": 3, "oddTimes": 4, "storage": 5, "duplicates": 6, "gaps": 7, "behind": 10,
            "begunAgain": 11,
        ]
        traffic["BIF"]?.merge(counted) { $1 }
        let now = uptime()
        let always = ["refused_whole", "refused", "odd_time", "storage"]
        func lately(_ last: Int64) -> [String: [String: Int64]] {
            Dictionary(
                uniqueKeysWithValues: always.map { ($0, ["last": last, "often": last]) }
                    + ["duplicate", "gap", "behind", "begun_again"].map { ($0, ["last": last]) })
        }
        traffic["BIF"]?["lately"] = lately(now - 600)
        state.merge(
            [
                "traffic": traffic, "failure": "the commit failed", "damage": ["ledger.sqlite, position 5: gone"],
                "damage_kept": "var/broker/damaged-1", "mended": 8, "mended_unread": true, "checkpointed": 440,
                "checkpointed_at": "2026-11-26T08:00:00.000Z", "last_heard": ["BIF": "2026-11-20T08:00:00Z"],
                "pending_keys": ["k": 1],
                "pending": [["key": "k", "count": 1, "since": "2026-11-26T08:00:00Z", "address": "", "last": now]],
                "refused_starts": ["count": 12, "pid": 77, "lately": ["last": now - 7100]],
                "dropped": 9,
                "waiting_logs": [["publisher": "BUF", "log": "af", "seq": 30, "quarantined": true]],
                "offences": [
                    ["who": "10.0.0.9", "what": "too many connections", "count": 10, "last": "2026-11-26T08:00:00Z"]
                ],
            ] as [String: Any]
        ) { $1 }
        try JSONSerialization.data(withJSONObject: state).write(to: URL(fileURLWithPath: path))
        let stat = try town.pejling("stat", "--check")
        #expect(stat.code == 1)
        #expect(
            stat.output.contains(/ledger: position \d+, root .+, checkpoint at 440 of 2026-11-26T08:00:00.000Z\n/),
            "\(stat.output)")
        for mark in [
            "the broker stopped by itself: the commit failed", "the ledger is damaged: ledger.sqlite, position 5: gone",
            "the damaged file is kept in var/broker/damaged-1", "8 damaged records of the ledger were mended",
            "record 30 of log af of BUF came with two contents: its key is quarantined",
            "10.0.0.9: too many connections, 10 times", "BIF: 2 batches were refused whole",
            "BIF: the content of 3 records was refused", "BIF: 4 records have a time ahead",
            "BIF: 5 batches were turned away since the disk was full, the last 10 min ago",
            "1 keys asked to connect and are not enrolled",
            "9 messages were dropped",
        ] { #expect(stat.output.contains(mark), "\(mark) in \(stat.output)") }
        for note in [
            "- BIF: 6 batches came that were durable already, the last 10 min ago: acknowledged again",
            "- BIF: 7 batches came before the one that is expected, the last 10 min ago",
            "- BIF came back behind the ledger, the last 10 min ago (restored from a backup?)",
            "- BIF came with a copy of another history of the ledger, the last 10 min ago",
        ] { #expect(stat.output.contains("\n\(note)"), "\(note) in \(stat.output)") }
        #expect(!stat.output.contains("a second broker"), "that was almost two hours ago")
        let metrics = try town.pejling("stat", "--format", "prometheus").output
        for line in [
            "pejling_broker_up 0", "pejling_broker_failed 1", "pejling_waiting_logs 1", "pejling_offenders 1",
            "pejling_ledger_checkpoint_timestamp_seconds 1795680000",
            "pejling_last_heard_timestamp_seconds{publisher=\"BIF\"} 1795161600", "pejling_ledger_damaged_records 1",
            "pejling_ledger_mended_records 8",
            "pejling_pending_keys 1", "pejling_dropped_messages_total 9",
            "pejling_refused_batches_total{publisher=\"BIF\"} 2",
            "pejling_refused_records_total{publisher=\"BIF\"} 3",
            "pejling_storage_full_batches_total{publisher=\"BIF\"} 5",
            "pejling_duplicate_batches_total{publisher=\"BIF\"} 6", "pejling_gap_batches_total{publisher=\"BIF\"} 7",
            "pejling_behind_total{publisher=\"BIF\"} 10", "pejling_begun_again_total{publisher=\"BIF\"} 11",
            "pejling_refused_starts_total 12",
        ] { #expect(metrics.contains("\n\(line)\n"), "\(line) in \(metrics)") }

        // An hour later what is over is no mark any more, and its counters stay; what lasts is.
        traffic["BIF"]?["lately"] = lately(now - 3700)
        state.merge(
            [
                "traffic": traffic, "mended_unread": false, "dropped_last": ["last": now - 3700],
                "pending": [
                    ["key": "k", "count": 1, "since": "2026-11-26T08:00:00Z", "address": "", "last": now - 3700]
                ],
                "offences": [
                    [
                        "who": "10.0.0.9", "what": "too many connections", "count": 10, "last": "2026-11-26T08:00:00Z",
                        "lastSeconds": now - 3700,
                    ]
                ],
            ] as [String: Any]
        ) { $1 }
        try JSONSerialization.data(withJSONObject: state).write(to: URL(fileURLWithPath: path))
        let later = try town.pejling("stat").output
        let left = later.split(separator: "\n").filter { $0.hasPrefix("! ") || $0.hasPrefix("- ") }
        for lasting in [
            "! the broker stopped by itself", "! the broker does not run", "! the ledger is damaged",
            "! record 30 of log af of BUF",
        ] { #expect(left.contains { $0.hasPrefix(lasting) }, "\(lasting) in \(later)") }
        #expect(left.count == 4, "\(later)")
        let same = try town.pejling("stat", "--format", "prometheus").output
        #expect(same.contains("\npejling_refused_batches_total{publisher=\"BIF\"} 2\n"), "\(same)")
    }

    @Test("doctor says what stat marks, but for the publishers that it lists: by what a mark is, not by its words")
    func doctor() throws {
        let town = try Town.made()
        // Somebody runs there, who has not said how it stands: this process.
        let lock = try FolderLock(town.folder + "/var/broker", what: "broker")
        defer { lock.release() }
        let starting = try town.pejling("doctor")
        #expect(
            starting.code == 1 && starting.output.contains("\nPROBLEM  the broker runs and has not said how it stands"))

        let path = town.folder + "/var/broker/state.json"
        var state = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: path))) as? [String: Any])
        let plugins = try #require(state["plugins"] as? [[String: Any]]).map { plugin in
            let isQuarantined = plugin["publisher"] as? String == "BIF"
            return plugin.merging(
                isQuarantined
                    ? ["condition": "quarantined", "heard": false, "cause": "exit code 3: one\nok       two"]
                    : ["condition": "running", "heard": true]
            ) { $1 }
        }
        state.merge(
            [
                "pid": Int(getpid()), "last_turn": uptime(), "plugins": plugins,
                "waiting_logs": [
                    ["publisher": "X", "log": "af", "seq": 30, "quarantined": true, "rule": "signature"]
                ],
            ] as [String: Any]
        ) { $1 }
        try JSONSerialization.data(withJSONObject: state).write(to: URL(fileURLWithPath: path))
        let said = try town.pejling("doctor").output
        let problems = said.split(separator: "\n").filter {
            $0.hasPrefix("PROBLEM  ") && !$0.contains("the disk of the")
        }
        #expect(problems.count == 2, "\(said)")
        #expect(problems.first == "PROBLEM  BIF: quarantined, exit code 3: one / ok       two")
        #expect(problems.last?.hasPrefix("PROBLEM  the key of X is quarantined: it was used again") == true)
        #expect(try town.pejling("stat").output.contains("\n! BIF is quarantined: exit code 3: one / ok       two\n"))
    }

    @Test("metrics are for this machine", arguments: ["0.0.0.0:9464", "127.0.0.1", "127.0.0.1:x", ":9464"])
    func elsewhere(place: String) throws {
        let town = try Town.made()
        let refused = try town.pejling("stat", "--serve", place)
        #expect(refused.code == 1 && refused.errors.contains("--serve takes 127.0.0.1:PORT"))
    }
}
