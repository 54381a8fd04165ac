import Glibc

/// What /proc tells of the plugins' processes. They are ours, so it may be read; what has ended meanwhile counts as nothing.
enum ProcessTree {
    /// In the environment of a plugin and of all it starts: which life of it they belong to, and on which broker's folder. A process
    /// that has left its group, or outlived its broker, is still known by it.
    static let lifeMark = "PEJLING_INCARNATION"
    static let brokerMark = "PEJLING_BROKER"

    /// The process and all that it started and that still hang on it.
    static func family(of pid: pid_t) -> [pid_t] {
        var all: [pid_t] = []
        var open = [pid]
        // Bounded: a plugin that forks without end is past its memory long before.
        while let next = open.popLast(), all.count < 4096 {
            all.append(next)
            for thread in numbers(in: "/proc/\(next)/task") {
                let text = String(decoding: read("/proc/\(next)/task/\(thread)/children"), as: UTF8.self)
                open += text.split(separator: " ").compactMap { pid_t($0) }
            }
        }
        return all
    }

    /// Bytes of memory that these have resident, shared pages counted in each.
    static func residentBytes(_ pids: [pid_t]) -> Int {
        let page = Int(sysconf(CInt(_SC_PAGESIZE)))
        return pids.reduce(0) { sum, pid in
            let fields = String(decoding: read("/proc/\(pid)/statm"), as: UTF8.self).split(separator: " ")
            return sum + (fields.count > 1 ? Int(fields[1]) ?? 0 : 0) * page
        }
    }

    /// Files and sockets that it has open.
    static func descriptors(_ pid: pid_t) -> Int { numbers(in: "/proc/\(pid)/fd").count }

    /// Kills each process of ours, but this one, whose environment says `name`=`value`. Returns how many; looks again until there is
    /// none left, since they may be starting others meanwhile.
    @discardableResult
    static func killMarked(_ name: String, _ value: String) -> Int {
        let mark = Array("\(name)=\(value)".utf8)
        var killed = 0
        for _ in 0..<10 {
            let found = numbers(in: "/proc").filter { pid in
                pid != getpid() && read("/proc/\(pid)/environ").split(separator: 0).contains { $0.elementsEqual(mark) }
            }
            if found.isEmpty { break }
            for pid in found where kill(pid, SIGKILL) == 0 { killed += 1 }
        }
        return killed
    }

    private static func numbers(in folder: String) -> [pid_t] {
        guard let stream = opendir(folder) else { return [] }
        defer { closedir(stream) }
        var found: [pid_t] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if let number = pid_t(name) { found.append(number) }
        }
        return found
    }

    /// What the file holds; empty when it cannot be read.
    private static func read(_ path: String) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count <= 0 { return bytes }
            bytes += buffer[..<count]
        }
    }
}
