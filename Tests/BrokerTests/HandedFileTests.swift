import Foundation
import Glibc
import Testing
import TortureKit

@testable import Broker
@testable import Ledger

@Suite("A file on its way to a running broker")
struct HandedFileTests {
    let folder: TemporaryFolder
    let data: DataFolder
    let orders: OperatorOrders
    var path: String { folder.path + "/bif.lines" }

    init() throws {
        folder = try TemporaryFolder()
        data = try DataFolder(creating: folder.path + "/var", synthetic: false)
        orders = OperatorOrders(data)
        try orders.tidy()
    }

    func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: orders.folder).sorted() }

    @Test("its content is there for the owner alone, whatever becomes of the file; it goes with the command")
    func copied() throws {
        let content = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) })
        try content.write(to: URL(fileURLWithPath: path))
        do {
            let file = try HandedFile(path, at: orders.lines("a"), in: orders.folder)
            defer { withExtendedLifetime(file) {} }
            unlink(path)
            #expect(FileManager.default.contents(atPath: orders.lines("a")) == content)
            var status = stat()
            #expect(stat(orders.lines("a"), &status) == 0 && status.st_mode & 0o777 == 0o600)
            // The order is on its way: nobody takes the lines for left ones.
            #expect(orders.take().isEmpty)
            #expect(try names() == ["a.lines"])
        }
        #expect(try names() == [])
    }

    @Test("what a killed command left goes at the next look, and at the start; lines of an order that waits stay")
    func left() throws {
        func write(_ name: String) throws { try writeFile("\(orders.folder)/\(name)", [], mode: 0o600) }
        for name in ["b.lines", "c.lines", "c.order", "d.lines", "d.taken"] { try write(name) }
        #expect(orders.take().map(\.id) == ["c"])
        #expect(try names() == ["c.lines", "c.taken", "d.lines", "d.taken"])
        for name in ["e.lines", "e.order", "f.lines", "g.lines.new", "h.draft"] { try write(name) }
        try orders.tidy()
        #expect(try names() == ["e.lines", "e.order"])
    }

    @Test("what is no file, or not there, is said by the command, and nothing is left")
    func refused() throws {
        try #require(mkfifo(path, 0o600) == 0)
        for other in [path, folder.path, folder.path + "/none"] {
            let error = #expect(throws: StoreError.self) {
                try HandedFile(other, at: orders.lines("a"), in: orders.folder)
            }
            #expect(error?.message.hasPrefix(other + " ") == true, "\(error?.message ?? "")")
        }
        #expect(try names() == [])
    }

    @Test(
        "on a full disk of the data folder nothing is handed over, and that is said",
        .enabled(if: TinyDisk.isAllowed, "mounting a tmpfs needs root with CAP_SYS_ADMIN"))
    func full() throws {
        let disk = try #require(try TinyDisk(folder.path + "/disk", mebibytes: 1))
        try Data(count: 2 << 20).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: StoreError.self) {
            try HandedFile(path, at: disk.path + "/a.lines", in: disk.path)
        }
        #expect(error?.code == .full && error?.message.contains("Nothing was taken in") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: disk.path).isEmpty)
    }

    @Test(
        "what root hands over belongs to the user that runs the broker",
        .enabled(if: geteuid() == 0, "only root gives files away"))
    func owned() throws {
        try Data("x".utf8).write(to: URL(fileURLWithPath: path))
        try #require(chown(orders.folder, 65534, 65534) == 0)
        let file = try HandedFile(path, at: orders.lines("a"), in: orders.folder)
        defer { withExtendedLifetime(file) {} }
        var status = stat()
        #expect(stat(orders.lines("a"), &status) == 0 && status.st_uid == 65534 && status.st_mode & 0o777 == 0o600)
    }

    /// The folder is another user's, who may be anybody's tool: each name that comes up there is turned into a link to a file of root's.
    @Test(
        "an order of root's gives nothing away but itself, whatever its names are turned into meanwhile",
        .enabled(if: geteuid() == 0, "only root gives files away"))
    func turnedIntoLinks() async throws {
        let roots = folder.path + "/roots"
        try writeFile(roots, Array("root's".utf8), mode: 0o600)
        try Data(count: 100_000).write(to: URL(fileURLWithPath: path))
        try #require(chown(orders.folder, 65534, 65534) == 0)
        let orders = orders
        let racer = Task.detached {
            var seen: Set<String> = []
            while !Task.isCancelled {
                for name in (try? FileManager.default.contentsOfDirectory(atPath: orders.folder)) ?? [] {
                    let place = "\(orders.folder)/\(name)"
                    if name.hasSuffix(".order") {
                        if seen.insert(name).inserted { orders.answer(String(name.dropLast(6)), .init(.done, "taken")) }
                    } else if !name.hasSuffix(".answer"), seen.insert(name).inserted, unlink(place) == 0 {
                        symlink(roots, place)
                    }
                }
            }
        }
        defer { racer.cancel() }
        for _ in 0..<20 {
            // That it cannot be put in place is no fault: it may be gone for an instant.
            let said = try? await orders.give(.handOver(file: path), handing: path)
            #expect(said == "taken" || said == nil)
        }
        var status = stat()
        #expect(stat(roots, &status) == 0 && status.st_uid == 0 && status.st_gid == 0)
        #expect(try String(contentsOfFile: roots, encoding: .utf8) == "root's")
    }
}
