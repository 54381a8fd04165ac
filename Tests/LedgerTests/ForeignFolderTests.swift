import Foundation
import Glibc
import Testing

@testable import Ledger

@Suite(
    "Root at the data folder of a service's user",
    .enabled(if: geteuid() == 0, "skipped: only root is led by another user's links"))
struct ForeignFolderTests {
    private let user: uid_t = 65534

    private func give(_ paths: String...) throws {
        for path in paths { try #require(lchown(path, user, user) == 0) }
    }

    @Test("who has it, or a part of it, is named, with how to run it; root's own is let pass")
    func named() throws {
        let folder = try TemporaryFolder()
        let data = try DataFolder(creating: folder.path + "/var", synthetic: false)
        let node = data.plugin("SOF", isNode: true)
        try makeFolder(data.broker)
        try makeFolder(node)
        try DataFolder.refuseRootInAnothers(data.path)
        try DataFolder.refuseRootInAnothers(folder.path + "/none")
        for place in [data.path, data.broker, node] {
            try give(place)
            let error = #expect(throws: StoreError.self) { try DataFolder.refuseRootInAnothers(data.path) }
            #expect(
                error?.message.hasPrefix("\(place) is the folder of user nobody") == true, "\(error?.message ?? "")")
            for way in ["sudo -u nobody pejling", "runuser -u nobody -- pejling"] {
                #expect(error?.message.contains(way) == true, "\(error?.message ?? "")")
            }
            try #require(chown(place, 0, 0) == 0)
        }
        // Of a user that only another system knows.
        try #require(getpwuid(4_000_000) == nil && lchown(data.path, 4_000_000, 4_000_000) == 0)
        let nameless = #expect(throws: StoreError.self) { try DataFolder.refuseRootInAnothers(data.path) }
        #expect(
            nameless?.message.contains("setpriv --reuid=4000000 --regid=4000000 --clear-groups pejling") == true,
            "\(nameless?.message ?? "")")
        // By whatever name it is reached.
        try give(data.path)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/link", withDestinationPath: data.path)
        #expect(throws: StoreError.self) { try DataFolder.refuseRootInAnothers(folder.path + "/link") }
    }

    @Test("a restored copy is not written through a link that lies in the place of the broker's folder, or a node's")
    func restore() throws {
        let backed = try Backed()
        let elsewhere = backed.folder.path + "/elsewhere"
        try makeFolder(elsewhere)
        for part in [backed.data.broker, backed.data.plugin("BIF", isNode: true)] {
            try FileManager.default.removeItem(atPath: part)
            try FileManager.default.createSymbolicLink(atPath: part, withDestinationPath: elsewhere)
            try give(part)
        }
        try give(backed.data.path)
        #expect(throws: StoreError.self) { try backed.restore() }
        #expect(throws: StoreError.self) {
            try Restore.part("nodes/BIF", from: backed.copy, to: backed.data, at: morning)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere).isEmpty)
    }

    @Test("a backup takes no file of root's that a link in the folder leads to, and says so")
    func backup() throws {
        let backed = try Backed()
        let (secret, key) = (backed.folder.path + "/secret", backed.data.plugin("BIF", isNode: true) + "/keys/sign.key")
        try writeFile(secret, Array("of root alone".utf8), mode: 0o600)
        try shell("chown -R \(user):\(user) '\(backed.data.path)'")
        try FileManager.default.removeItem(atPath: key)
        try FileManager.default.createSymbolicLink(atPath: key, withDestinationPath: secret)
        let made = try Backup.all(of: backed.data, to: backed.folder.path + "/again")
        #expect(made.faults.map(\.path) == ["nodes/BIF/keys/sign.key"], "\(made.faults)")
        #expect(access(backed.folder.path + "/again/nodes/BIF/keys/sign.key", F_OK) != 0)
        // What is the user's is copied as ever, and is root's then.
        #expect(made.ledger?.fault == nil && made.ledger?.records == 9 && made.keys == 3)
    }

    @Test(
        "what root left in the place of a state file is no obstacle to whose folder it is; another's folder is, and is named"
    )
    func stateFile() throws {
        let folder = try TemporaryFolder()
        let file = ReservedFile(folder.path + "/state.json")
        try file.write(Array("of root".utf8))
        try give(folder.path)
        // This thread alone is no root to the file system; setfsuid(2) is in no header that Swift sees.
        typealias SetFileUser = @convention(c) (uid_t) -> CInt
        let setfsuid = unsafeBitCast(try #require(dlsym(nil, "setfsuid")), to: SetFileUser.self)
        func asUser<T>(_ body: () throws -> T) throws -> T {
            _ = setfsuid(user)
            defer { _ = setfsuid(0) }
            return try body()
        }
        for word in ["one", "two", "three"] {
            try asUser { try file.write(Array(word.utf8)) }
            let said = try #require(FileManager.default.contents(atPath: file.path))
            #expect(String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespaces) == word)
        }
        var status = stat()
        for name in [file.path, file.path + ".spare"] {
            #expect(lstat(name, &status) == 0 && status.st_uid == user && status.st_mode & 0o777 == 0o600, "\(name)")
        }
        #expect(file.obstacle(to: getpid()) == nil, "root writes everywhere")
        let service = Process()
        service.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
        service.arguments = ["--reuid=\(user)", "--clear-groups", "cat"]
        let input = Pipe()
        service.standardInput = input
        try service.run()
        defer { try? input.fileHandleForWriting.close() }
        let pid = service.processIdentifier
        let end = ContinuousClock.now + .seconds(10)
        try #require(chown(folder.path, 0, 0) == 0)
        while file.obstacle(to: pid) == nil, ContinuousClock.now < end { sched_yield() }
        #expect(
            file.obstacle(to: pid)
                == "\(folder.path) is the folder of user root, and process \(pid) runs as user nobody: chown -R nobody \(folder.path)"
        )
        try give(folder.path)
        #expect(file.obstacle(to: pid) == nil)
        try #require(chmod(folder.path, 0o500) == 0)
        #expect(file.obstacle(to: pid)?.contains("lets its own user nobody write nothing") == true)
        try #require(chown(folder.path, 0, 0) == 0 && chmod(folder.path, 0o700) == 0)
        unlink(file.path + ".spare")
        try makeFolder(file.path + ".spare")
        #expect(file.obstacle(to: pid) == "\(file.path).spare is no file")
    }
}
