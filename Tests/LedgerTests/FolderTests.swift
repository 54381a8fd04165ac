import Foundation
import Glibc
import Testing

@testable import Ledger

@Suite("Data folders, locks and secrets")
struct FolderTests {
    func error(_ body: () throws -> Void) -> StoreError? {
        do {
            try body()
            return nil
        } catch { return error as? StoreError }
    }

    @Test("a new folder is made with what it holds, and found again")
    func made() throws {
        let folder = try TemporaryFolder()
        for synthetic in [false, true] {
            let path = folder.path + "/deep/\(synthetic)"
            #expect(try DataFolder(creating: path, synthetic: synthetic).isSynthetic == synthetic)
            #expect(try DataFolder(existing: path).isSynthetic == synthetic)
            #expect(try DataFolder(creating: path, synthetic: synthetic).path == path)
            #expect(try shell("stat -c %a '\(path)'") == "700\n")
        }
    }

    @Test("a folder without data is missing, with the way out")
    func missing() throws {
        let folder = try TemporaryFolder()
        for path in [folder.path, folder.path + "/none"] {
            let said = try #require(error { _ = try DataFolder(existing: path) })
            #expect(said.code == .missing)
            #expect(said.message.contains("\(path) holds no data of Pejling"))
            #expect(said.message.contains("Run `pejling up`, or name the folder with --data"))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("a folder of a newer format is refused by either way in")
    func newer() throws {
        let folder = try TemporaryFolder()
        try Data(#"{"format":2,"synthetic":false}"#.utf8).write(to: URL(fileURLWithPath: folder.path + "/pejling.json"))
        for body in [
            { _ = try DataFolder(existing: folder.path) },
            { _ = try DataFolder(creating: folder.path, synthetic: false) },
        ] as [() throws -> Void] {
            let said = try #require(error(body))
            #expect(said.code == .newerVersion)
            #expect(said.message.contains("has data format 2, this program knows 1. Install the newer Pejling"))
        }
    }

    @Test("a marker that is none, and a folder of something else, are foreign and left alone")
    func foreign() throws {
        let marked = try TemporaryFolder()
        try Data("{".utf8).write(to: URL(fileURLWithPath: marked.path + "/pejling.json"))
        #expect(error { _ = try DataFolder(existing: marked.path) }?.code == .foreign)
        let full = try TemporaryFolder()
        try Data("mine".utf8).write(to: URL(fileURLWithPath: full.path + "/thesis.txt"))
        let said = try #require(error { _ = try DataFolder(creating: full.path, synthetic: false) })
        #expect(said.code == .foreign)
        #expect(said.message.contains("is not empty and holds no data of Pejling. Name another --data folder"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: full.path) == ["thesis.txt"])
    }

    @Test("real and example data never meet in one folder", arguments: [true, false])
    func synthetic(isSynthetic: Bool) throws {
        let folder = try TemporaryFolder()
        _ = try DataFolder(creating: folder.path + "/var", synthetic: isSynthetic)
        let said = try #require(error { _ = try DataFolder(creating: folder.path + "/var", synthetic: !isSynthetic) })
        #expect(said.code == .foreign)
        #expect(said.message.contains("holds \(isSynthetic ? "example (synthetic)" : "real") data"))
    }

    @Test("a folder that cannot be made is said by name")
    func unmakeable() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        let said = try #require(error { _ = try DataFolder(creating: folder.path + "/file/var", synthetic: false) })
        #expect(said.message.contains(folder.path + "/file/var"))
    }

    @Test("a folder is held once, and free again with its holder")
    func lock() throws {
        let folder = try TemporaryFolder()
        do {
            let lock = try FolderLock(folder.path, what: "broker")
            let said = try #require(error { _ = try FolderLock(folder.path, what: "broker") })
            #expect(said.code == .held)
            #expect(said.message.contains("is held by another broker (process \(getpid()) since 20"))
            #expect(FolderLock.holder(of: folder.path) == getpid())
            let since = try #require(FolderLock.held(folder.path)?.since)
            #expect((0...60).contains(uptime() - since))
            withExtendedLifetime(lock) {}
        }
        try waitUntilFree(folder.path)
        let again = try FolderLock(folder.path, what: "broker")
        #expect(FolderLock.holder(of: folder.path) == getpid())
        withExtendedLifetime(again) {}
        #expect(FolderLock.holder(of: folder.path + "/none") == nil)
    }

    /// A child that another test starts at this moment holds the lock's descriptor too, until its exec.
    func waitUntilFree(_ path: String) throws {
        let end = ContinuousClock.now + .seconds(10)
        while FolderLock.holder(of: path) != nil, ContinuousClock.now < end { sched_yield() }
        try #require(FolderLock.holder(of: path) == nil)
    }

    @Test("a folder held by another process names it, and is free when that has ended")
    func heldByProcess() throws {
        let folder = try TemporaryFolder()
        let process = Process()
        let input = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        // The child of flock(1) holds the lock until its input ends.
        process.arguments = [
            "-c",
            "printf 'process %s since then' $$ > '\(folder.path)/lock'; exec flock -w 10 '\(folder.path)/lock' cat",
        ]
        process.standardInput = input
        try process.run()
        let end = ContinuousClock.now + .seconds(10)
        while FolderLock.holder(of: folder.path) == nil, ContinuousClock.now < end { sched_yield() }
        #expect(FolderLock.holder(of: folder.path) == process.processIdentifier)
        #expect(FolderLock.held(folder.path)?.since == nil, "as a program of before wrote it")
        let said = try #require(error { _ = try FolderLock(folder.path, what: "broker") })
        #expect(said.message.contains("(process \(process.processIdentifier) since then). Stop it first"))
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        try waitUntilFree(folder.path)
        _ = try FolderLock(folder.path, what: "broker")
    }

    @Test("a secret is made once, for its owner alone")
    func secret() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/key"
        #expect(try secretFile(path) { [1, 2, 3] } == [1, 2, 3])
        #expect(try secretFile(path) { [9] } == [1, 2, 3])
        #expect(try shell("stat -c %a '\(path)'") == "600\n")
        struct NoKey: Error {}
        #expect(throws: NoKey.self) { try secretFile(folder.path + "/other") { throw NoKey() } }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["key"])
    }

    @Test("a secret that others may read is none", arguments: ["640", "604", "620", "601", "644"])
    func leaked(mode: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/key"
        _ = try secretFile(path) { [1] }
        try shell("chmod \(mode) '\(path)'")
        let said = try #require(error { _ = try secretFile(path) { [2] } })
        #expect(said.message.contains("\(path) may be read by others"))
        #expect(said.message.contains("chmod 600"))
    }

    @Test("a file is written whole or not at all")
    func whole() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/state.json"
        try writeFile(path, Array("one".utf8), mode: 0o600)
        try writeFile(path, Array("two".utf8), mode: 0o600)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "two")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["state.json"])
        // A folder stands at the name: nothing is left beside it.
        try FileManager.default.createDirectory(
            atPath: folder.path + "/in-the-way/x", withIntermediateDirectories: true)
        #expect(error { try writeFile(folder.path + "/in-the-way", [1], mode: 0o600) }?.code == .failed)
        #expect(error { try writeFile(folder.path + "/none/file", [1], mode: 0o600) }?.code == .failed)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["in-the-way", "state.json"])
    }

    @Test("what lies in the way of a file, or of the lock, is not followed to another's file")
    func links() throws {
        let folder = try TemporaryFolder()
        let (path, other) = (folder.path + "/state.json", folder.path + "/other")
        try Data("another's".utf8).write(to: URL(fileURLWithPath: other))
        for name in [path, "\(path).\(getpid()).new", folder.path + "/lock"] { try #require(symlink(other, name) == 0) }
        try writeFile(path, Array("one".utf8), mode: 0o600)
        var status = stat()
        #expect(lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && status.st_mode & 0o777 == 0o600)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "one")
        #expect(error { _ = try FolderLock(folder.path, what: "broker") }?.code == .failed)
        #expect(FolderLock.holder(of: folder.path) == nil)
        #expect(try String(contentsOfFile: other, encoding: .utf8) == "another's")
    }

    @Test("somebody who only asks for the lock is no holder, and does not keep a broker from taking it")
    func askingIsNotHolding() throws {
        let folder = try TemporaryFolder()
        do { _ = try FolderLock(folder.path, what: "broker") }
        let asking = open(folder.path + "/lock", O_RDWR | O_CLOEXEC)
        try #require(asking >= 0 && flock(asking, LOCK_SH | LOCK_NB) == 0)
        #expect(FolderLock.holder(of: folder.path) == nil, "two who ask do not take each other for the holder")
        // The one who asks lets go while the taker is trying: its first try fails, a later one does not.
        let release = Thread {
            poll(nil, 0, 60)
            close(asking)
        }
        release.start()
        let lock = try FolderLock(folder.path, what: "broker")
        #expect(FolderLock.holder(of: folder.path) == getpid())
        withExtendedLifetime(lock) {}
    }
}
