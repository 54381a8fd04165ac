import Foundation
import Testing

private let analyze = ["/usr/bin/systemd-analyze", "/bin/systemd-analyze"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

@Suite("Units for systemd", .serialized, .oneAtATime)
struct ServiceTests {
    static let folder = Town.root + "/Packaging/systemd"
    static let units = ["pejling-broker.service", "pejling-coordinator.service", "pejling-node@.service"]

    @Test(
        "systemd finds no fault in a unit, and rates it as well hardened",
        .enabled(if: analyze != nil, "skipped: systemd-analyze is not there"), arguments: units)
    func unit(name: String) throws {
        let town = try Town()
        let text = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
        // Verify looks whether the executable is there: it is ours, at another place.
        let here = text.replacingOccurrences(of: "/usr/lib/pejling/pejling", with: town.executables + "/pejling")
        let path = town.folder + "/" + name.replacingOccurrences(of: "@.", with: "@SOF.")
        try here.write(toFile: path, atomically: true, encoding: .utf8)
        let verified = try town.run(analyze ?? "", ["verify", "--man=no", path])
        #expect(verified.code == 0 && !verified.errors.contains("pejling"), "\(verified.output) \(verified.errors)")
        // 0 is best, 10 worst; what the network needs is left open. A unit without the hardening has 9.2.
        let rated = try town.run(analyze ?? "", ["security", "--offline=true", "--threshold=20", "--no-pager", path])
        #expect(rated.code == 0, "\(rated.output.suffix(300)) \(rated.errors)")
    }

    @Test("the command line of a unit is one that the program knows", arguments: units)
    func commandLine(name: String) throws {
        let town = try Town()
        let text = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
        let start = try #require(text.firstMatch(of: /ExecStart=\S+ (.*)/)).1
        let known = [
            "%i": "SOF", "${PEJLING_BROKER}": "tcp://127.0.0.1:1",
            "${PEJLING_BROKER_KEY}": String(repeating: "1", count: 64),
            "$PEJLING_BROKER_OPTIONS": "", "/etc/pejling/Config": "/nowhere",
        ]
        var words = start.split(separator: " ").map(String.init)
        words = words.map { known[$0] ?? $0 }.filter { !$0.isEmpty }
        words = words.map { $0 == "/var/lib/pejling" ? town.folder + "/var" : $0 }
        // Understood, and refused for what is not there: not for its form (64).
        let result = try town.pejling(words)
        #expect([1, 78].contains(result.code), "\(words): \(result.errors)")
        #expect(result.errors.contains("nowhere") || result.errors.contains("holds no data"), "\(result.errors)")
    }
}
