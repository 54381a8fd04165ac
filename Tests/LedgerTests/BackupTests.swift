import Foundation
import Glibc
import Testing
import TortureKit
import Wire

@testable import Ledger

/// A data folder of a broker, with the logs of two nodes.
private final class Town {
    let folder: TemporaryFolder
    let data: DataFolder
    private let backed: Backed
    var out: String { folder.path + "/out" }

    init() throws {
        backed = try Backed()
        folder = backed.folder
        data = backed.data
        let tmf = data.plugin("TMF", isNode: true)
        try makeFolder(tmf + "/keys")
        try writeFile(tmf + "/keys/sign.key", Backed.seed, mode: 0o600)
        try writeFile(tmf + "/keys/curve.key", Backed.curve, mode: 0o600)
        let log = try PublisherLog(folder: tmf, publisher: "TMF", synthetic: false, create: true)
        for place in 0..<3 { _ = try log.append(at: morning) { _ in [PublisherLogTests.draft("t\(place)")] } }
        _ = try PrivateStore(folder: tmf)
    }

    func backUp(from standing: LedgerStanding? = nil) throws -> Backup.Contents {
        try Backup.all(of: data, to: out, from: standing)
    }

    func restore() throws -> (data: DataFolder, outcome: Restore.Outcome) {
        let fresh = try DataFolder(creating: folder.path + "/fresh", synthetic: false)
        return (fresh, try Restore.all(from: try DataFolder(existing: out), to: fresh, at: morning))
    }

    /// One bit of a line, as a bad disk changes it: SQLite reads it, the hash does not fit.
    func flip(_ log: String, _ seq: Int) throws {
        try alter(
            "\(data.path)/\(log)",
            "UPDATE line SET line = CAST(replace(CAST(line AS TEXT), 't\(seq - 1)', 't9') AS BLOB) WHERE seq = \(seq)")
    }

    /// The whole file is no database any more.
    func smash(_ file: String) throws {
        let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: "\(data.path)/\(file)"))
        try handle.write(contentsOf: Data(repeating: 0x55, count: 4096))
        try handle.close()
        for end in ["-wal", "-shm"] { unlink("\(data.path)/\(file)\(end)") }
    }

    func beside() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !["var", "copy"].contains($0) }
            .sorted()
    }
}

@Suite("A backup of a damaged folder")
struct BackupTests {
    @Test(
        "one damaged file of a plugin keeps nothing else from being copied; it is named, in the copy and by restoring it"
    )
    func unreadable() throws {
        let town = try Town()
        try town.smash("nodes/TMF/log.sqlite")
        let contents = try town.backUp()
        let fault = try #require(contents.faults.first)
        #expect(contents.faults.count == 1 && fault.path == "nodes/TMF/log.sqlite" && !fault.isCopied, "\(fault)")
        #expect(fault.cause.contains("is damaged"), "\(fault)")
        #expect(contents.ledger?.records == 9 && contents.ledger?.fault == nil)
        #expect(contents.databases == 3 && contents.keys == 6, "ledger, BIF's log, TMF's private store, all keys")
        let note = try String(contentsOfFile: town.out + "/incomplete.txt", encoding: .utf8)
        #expect(note.contains("\nnodes/TMF/log.sqlite: not in the copy: "), "\(note)")
        #expect(try town.beside() == ["out"])
        let (fresh, outcome) = try town.restore()
        #expect(outcome.ledger.records == 9 && outcome.faults == [fault.description])
        #expect(access(fresh.path + "/nodes/TMF/private.sqlite", F_OK) == 0)
    }

    @Test("a log of which one bit changed is copied as it is, and named with the record; restoring it says so too")
    func flipped() throws {
        let town = try Town()
        try town.flip("nodes/TMF/log.sqlite", 2)
        let contents = try town.backUp()
        #expect(contents.faults.map(\.path) == ["nodes/TMF/log.sqlite"] && contents.faults.first?.isCopied == true)
        let cause = try #require(contents.faults.first?.cause)
        #expect(cause.hasPrefix("\(town.data.path)/nodes/TMF/log.sqlite: record 2: "), "\(cause)")
        #expect(try town.restore().outcome.faults.count == 1)
    }

    @Test("a node's own backup with a damaged log does not get the name of a good one; what there is lies beside it")
    func node() throws {
        let town = try Town()
        try town.flip("nodes/TMF/log.sqlite", 3)
        for name in ["out.incomplete", "out.incomplete-2"] {
            let error = #expect(throws: StoreError.self) {
                try Backup.part("nodes/TMF", of: town.data, to: town.out)
            }
            #expect(error?.code == .damaged && error?.message.contains("no copy was made") == true)
            #expect(error?.message.contains("record 3") == true, "\(error?.message ?? "")")
            #expect(error?.message.contains(town.folder.path + "/\(name),") == true, "\(error?.message ?? "")")
        }
        #expect(try town.beside() == ["out.incomplete", "out.incomplete-2"])
        #expect(try Backup.part("nodes/BIF", of: town.data, to: town.out).faults == [])
    }

    @Test(
        "a ledger that does not verify, that lost its end, or whose keys are gone is no backup: nothing gets its name",
        arguments: ["line", "end", "page", "gone", "curve.key", "sign.key"])
    func ledger(what: String) throws {
        let town = try Town()
        let ledger = town.data.broker + "/ledger.sqlite"
        var standing: LedgerStanding?
        switch what {
        case "line": try alter(ledger, "UPDATE record SET line = x'00' WHERE position = 4")
        case "end": standing = LedgerStanding(position: 12, root: String(repeating: "0", count: 64))
        case "page": try town.smash("broker/ledger.sqlite")
        case "gone": for end in ["", "-wal", "-shm"] { unlink(ledger + end) }
        default: unlink("\(town.data.broker)/\(what)")
        }
        let error = #expect(throws: StoreError.self) { try town.backUp(from: standing) }
        #expect(error?.message.contains("no copy was made: broker/") == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("is kept in \(town.out).incomplete,") == true, "\(error?.message ?? "")")
        #expect(try town.beside() == ["out.incomplete"])
        // The logs, from which the ledger is mended, are all there; and nobody restores it as a whole.
        let kept = try DataFolder(existing: town.out + ".incomplete")
        #expect(try PublisherLog.verified(kept.plugin("TMF", isNode: true), of: "it") == 3)
        let fresh = try DataFolder(creating: town.folder.path + "/fresh", synthetic: false)
        if what != "end" { #expect(throws: StoreError.self) { try Restore.all(from: kept, to: fresh, at: morning) } }
    }

    @Test("a key that cannot be read, or is none, is named; so is a folder that half a restore left")
    func keys() throws {
        let town = try Town()
        let tmf = town.data.plugin("TMF", isNode: true)
        unlink(tmf + "/keys/sign.key")
        try writeFile(town.data.plugin("BIF", isNode: true) + "/keys/curve.key", [0, 0], mode: 0o600)
        #expect(try town.backUp().faults.map(\.path) == ["nodes/BIF/keys/curve.key", "nodes/TMF/keys/sign.key"])
        try writeFile(tmf + "/restore.unfinished", [], mode: 0o600)
        let half = try Backup.all(of: town.data, to: town.out + "2").faults
        #expect(half.map(\.path) == ["nodes/BIF/keys/curve.key", "nodes/TMF"], "\(half)")
        #expect(half.last?.cause.contains("run the same `pejling ledger restore` again") == true)
    }

    @Test("a machine of a node only is copied whole; nothing of a broker is made, in the copy neither")
    func nodeMachine() throws {
        let town = try Town()
        let away = try DataFolder(creating: town.folder.path + "/away", synthetic: false)
        try makeFolder(away.path + "/nodes")
        #expect(throws: StoreError.self, "nothing there") { try Backup.all(of: away, to: town.out) }
        try FileManager.default.moveItem(
            atPath: town.data.plugin("TMF", isNode: true), toPath: away.plugin("TMF", isNode: true))
        let contents = try Backup.all(of: away, to: town.out)
        #expect(contents.faults == [] && contents.ledger == nil)
        #expect((contents.databases, contents.keys) == (2, 2))
        #expect(try FileManager.default.contentsOfDirectory(atPath: town.out).sorted() == ["nodes", "pejling.json"])
    }

    @Test("a copy inside the folder that is copied is refused, by whatever name")
    func inside() throws {
        let town = try Town()
        try FileManager.default.createSymbolicLink(
            atPath: town.folder.path + "/link", withDestinationPath: town.data.path)
        for out in ["/var/copy", "/var/new/folder/copy", "/link/copy", "/var/nodes/../copy/"] {
            let error = #expect(throws: StoreError.self) {
                try Backup.all(of: town.data, to: town.folder.path + out)
            }
            #expect(error?.message.contains("which it is to be a copy of") == true, "\(out): \(error?.message ?? "")")
        }
        #expect(try town.beside() == ["link"])
        _ = try Backup.all(of: town.data, to: town.folder.path + "/variant/")
        #expect(try town.beside() == ["link", "variant"], "a slash at the end is no name")
    }

    @Test("what killed backups left is removed and named; one that runs, and folders of others, stay")
    func leftovers() throws {
        let town = try Town()
        // A process that is no more: its number is in the name and in the lock.
        for name in ["yesterday.4194303.new", "running.4194302.new"] {
            try makeFolder("\(town.folder.path)/\(name)/broker")
            let process = name.split(separator: ".")[1]
            try writeFile("\(town.folder.path)/\(name)/lock", Array("process \(process) since then".utf8), mode: 0o600)
        }
        try makeFolder(town.folder.path + "/mine.17.new")
        let running = open(town.folder.path + "/running.4194302.new/lock", O_RDWR | O_CLOEXEC)
        defer { close(running) }
        try #require(flock(running, LOCK_EX | LOCK_NB) == 0)
        let contents = try town.backUp()
        let gone = Backup.Leftover(path: town.folder.path + "/yesterday.4194303.new", isRemoved: true)
        #expect(contents.leftovers == [gone])
        #expect(try town.beside() == ["mine.17.new", "out", "running.4194302.new"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: town.out).contains("lock") == false)
    }

    @Test(
        "where the place of the copy is full it says so, and leaves nothing there",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func full() throws {
        let town = try Town()
        let disk = try #require(try TinyDisk(town.folder.path + "/disk", mebibytes: 1))
        for room in 0..<40 {
            try disk.fill()
            // From no room at all, four pages more each time, until it is enough.
            let ballast = disk.path + "/ballast"
            var status = stat()
            try #require(stat(ballast, &status) == 0)
            truncate(ballast, max(0, status.st_size - off_t(room * 16 * 1024)))
            do {
                let contents = try Backup.all(of: town.data, to: disk.path + "/out")
                #expect(contents.faults == [] && room > 3, "\(room): \(contents.faults)")
                return
            } catch let error as StoreError {
                #expect(error.code == .full || error.message.contains("No space left"), "\(room): \(error)")
                #expect(!error.message.contains("nothing was saved"), "\(room): \(error)")
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path) == ["ballast"], "\(room)")
            disk.free()
        }
        Issue.record("it never had enough room")
    }
}
