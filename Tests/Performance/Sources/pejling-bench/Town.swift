import Foundation
import Ledger
import PolicyModel

/// Everything as `pejling up` starts it: broker, a node for each forvaltning, the policies' plugins and the coordinator.
final class Town {
    let child: Child
    let data: DataFolder

    /// Returns when all are heard and the report is written.
    init(_ bench: Bench, synthetic: Bool) throws {
        let folder = try bench.newFolder()
        child = try Child(
            try bench.pejling(), Self.arguments(bench, folder) + (synthetic ? ["--synthetic"] : []), folder: folder)
        let child = self.child
        do {
            try eventually("`pejling up` is ready", 60) {
                guard child.isRunning else { throw Failure("`pejling up` ended: \(child.said)") }
                return child.said.contains("running; Ctrl-C")
            }
            data = try DataFolder(existing: folder + "/var")
        } catch {
            child.kill()
            throw error
        }
    }

    static func arguments(_ bench: Bench, _ folder: String) -> [String] {
        [
            "up", "--config", bench.config, "--plugins", bench.plugins, "--data", folder + "/var", "--out",
            folder + "/reports",
        ]
    }

    func stop() {
        child.interrupt()
        try? FileManager.default.removeItem(atPath: (data.path as NSString).deletingLastPathComponent)
    }

    /// All processes of it, with `pejling up` itself.
    var processes: [ProcessFacts] { ProcessFacts.tree(from: child.pid) }
}

/// What the system says of a process (proc(5)).
struct ProcessFacts {
    let pid: Int32
    let parent: Int32
    let name: String
    /// Seconds that its threads ran.
    let cpu: Double

    init?(_ pid: Int32) {
        guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
            let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[close...].dropFirst(2).split(separator: " ")
        guard fields.count > 12, let parent = Int32(fields[1])
        else { return nil }
        self.pid = pid
        self.parent = parent
        name = String(stat[stat.index(after: open)..<close])
        // To the nanosecond, thread by thread: the ticks of `stat` would hide what wakes for less than one.
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        cpu = threads.reduce(0) { sum, thread in
            let text = (try? String(contentsOfFile: "/proc/\(pid)/task/\(thread)/schedstat", encoding: .utf8)) ?? ""
            return sum + (text.split(separator: " ").first.flatMap { Double($0) } ?? 0) / 1e9
        }
    }

    /// Resident memory with what is shared counted in parts, in KiB.
    var proportionalKiB: Double {
        let text = (try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("Pss:") } ?? ""
        return line.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
    }

    static func tree(from root: Int32) -> [ProcessFacts] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        let all = names.compactMap { Int32($0) }.compactMap { ProcessFacts($0) }
        var found = all.filter { $0.pid == root }
        var next = 0
        while next < found.count {
            found += all.filter { $0.parent == found[next].pid }
            next += 1
        }
        return found
    }
}
