import Broker
import Foundation
import Glibc
import Testing

private let analyze = ["/usr/bin/systemd-analyze", "/bin/systemd-analyze"].first {
    FileManager.default.isExecutableFile(atPath: $0)
}

@Suite("Units for systemd", .serialized, .oneAtATime)
struct ServiceTests {
    static let folder = Town.root + "/Packaging/systemd"
    static let units = [
        "pejling-broker.service", "pejling-coordinator.service", "pejling-node@.service", "pejling-check.service",
    ]

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

    @Test(
        "the timer looks more often than a mark of what is over stands, and systemd finds no fault in it",
        .enabled(if: analyze != nil, "skipped: systemd-analyze is not there"))
    func timer() throws {
        let town = try Town()
        for name in ["pejling-check.service", "pejling-check.timer"] {
            let text = try String(contentsOfFile: "\(Self.folder)/\(name)", encoding: .utf8)
            try text.replacing("/usr/lib/pejling/pejling", with: town.executables + "/pejling").write(
                toFile: "\(town.folder)/\(name)", atomically: true, encoding: .utf8)
        }
        let verified = try town.run(analyze ?? "", ["verify", "--man=no", town.folder + "/pejling-check.timer"])
        #expect(verified.code == 0 && !verified.errors.contains("pejling"), "\(verified.output) \(verified.errors)")
        let text = try String(contentsOfFile: "\(Self.folder)/pejling-check.timer", encoding: .utf8)
        let minutes = try #require(text.firstMatch(of: /\nOnUnitActiveSec=(\d+)min\n/)).1
        #expect(Int64(minutes).map { 2 * 60 * $0 < Health.recent } == true)
    }

    @Test(
        "what is installed runs where no Swift is, with all it hosts",
        .enabled(
            if: geteuid() == 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/chrpath"),
            "skipped: needs root, and chrpath, which `make test` installs"))
    func installed() throws {
        let town = try Town()
        let root = town.folder + "/root"
        let made = try town.run(Town.root + "/Packaging/install", [town.executables, "/usr", root])
        #expect(made.code == 0 && made.output.contains("libzmq5"), "\(made.output)\(made.errors)")
        for unit in Self.units + ["pejling-check.timer"] {
            #expect(FileManager.default.contents(atPath: "\(root)/usr/lib/systemd/system/\(unit)") != nil)
        }
        let libraries = try town.run("/usr/bin/ldd", [town.executables + "/pejling"]).output
        let swift = try #require(libraries.firstMatch(of: /=> (\/\S*)\/libswiftCore\.so/)).1
        func hidden(_ command: String) throws -> Town.Result {
            try town.run(
                "/usr/bin/unshare", ["--mount", "/bin/sh", "-c", "mount -t tmpfs tmpfs '\(swift)' && exec \(command)"])
        }
        #expect(try hidden(town.executables + "/pejling --version").code == 127, "it is hidden")
        let up = try hidden(
            "\(root)/usr/bin/pejling up --once --config \(root)/etc/pejling/Config --plugins \(root)/usr/lib/pejling/Plugins"
        )
        #expect(up.code == 0 && up.output.contains("ready after"), "\(up.output.suffix(300))\(up.errors)")
        // What the operator has changed stays.
        try "mine".write(toFile: root + "/etc/pejling/Config/pejling.yaml", atomically: true, encoding: .utf8)
        // Nor is anything copied where it cannot be said what the machine needs.
        let install = Town.root + "/Packaging/install"
        let blind = try town.run(
            "/bin/sh",
            [
                "-c",
                "cd '\(town.folder)' && mkdir blind && printf '#!/bin/sh\necho no such database >&2; exit 2' >blind/dpkg-query && chmod +x blind/dpkg-query && PATH=$PWD/blind:$PATH exec '\(install)' '\(town.executables)' /usr none",
            ])
        #expect(blind.code == 1 && blind.errors.contains("no such database"), "\(blind.output)\(blind.errors)")
        #expect(!FileManager.default.fileExists(atPath: town.folder + "/none"))
        // A plugin of an older release goes, in the folder as its caller sees it.
        let old = root + "/usr/lib/pejling/Plugins/Policies/Old"
        try FileManager.default.createDirectory(atPath: old, withIntermediateDirectories: true)
        try "{\n \"argv\": [\n \"pejling-policy-old\"\n ]\n}\n".write(
            toFile: old + "/plugin.json", atomically: true, encoding: .utf8)
        let again = try town.run(
            "/bin/sh",
            ["-c", "cd '\(town.folder)' && ln -s '\(town.executables)' built && exec '\(install)' built /usr root"])
        #expect(again.code == 0, "\(again.output)\(again.errors)")
        #expect(!FileManager.default.fileExists(atPath: old))
        #expect(
            FileManager.default.fileExists(atPath: (old as NSString).deletingLastPathComponent + "/LGBTI/plugin.json"))
        #expect(try String(contentsOfFile: root + "/etc/pejling/Config/pejling.yaml", encoding: .utf8) == "mine")
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

    @Test(
        "the broker of the unit listens for nodes elsewhere with the sockets that the unit lets it have; with fewer it says why not"
    )
    func families() throws {
        let town = try Town.made()
        let text = try String(contentsOfFile: "\(Self.folder)/pejling-broker.service", encoding: .utf8)
        let families = String(try #require(text.firstMatch(of: /\nRestrictAddressFamilies=(.*)/)).1)
        func broker(_ families: String) throws -> Running {
            try town.start(
                "/usr/bin/python3",
                [
                    "-c", Self.restrict, families, town.executables + "/pejling", "broker", "--config",
                    town.folder + "/Config",
                    "--plugins", town.folder + "/Plugins", "--data", town.folder + "/var", "--remote", "SOF",
                    "--listen",
                    "tcp://127.0.0.1:0",
                ])
        }
        let allowed = try broker(families)
        try eventually("it listens", 30) {
            let state = try town.state()
            return state.pid == allowed.pid && state.endpoints.count == 2 || !allowed.isRunning
        }
        #expect(allowed.isRunning, "\(allowed.errors)")
        allowed.interrupt()
        #expect(try allowed.wait(30) == 0, "\(allowed.errors)")
        let denied = try broker("AF_UNIX AF_INET AF_INET6")
        #expect(try denied.wait(30) == 1)
        #expect(
            denied.errors.contains("AF_NETLINK") && !denied.errors.contains("crashed"), "\(denied.errors)")
    }

    @Test("the broker tells a service manager when it is ready, each second that it is at work, and that it stops")
    func notices() throws {
        let text = try String(contentsOfFile: "\(Self.folder)/pejling-broker.service", encoding: .utf8)
        let bound = try #require(text.firstMatch(of: /\nWatchdogSec=(\d+)\n/)).1
        #expect(text.contains("\nType=notify\n") && Int(bound) ?? 0 >= 30)
        let town = try Town.made()
        let heard = try town.run(
            "/usr/bin/python3", ["-c", Self.manage, town.executables + "/pejling", "broker", "--data", "var"])
        let words = heard.output.split(separator: "\n").map(String.init)
        let ready = try #require(words.firstIndex(of: "READY=1"), "\(heard.output) \(heard.errors)")
        let stops = try #require(words.firstIndex(of: "STOPPING=1"))
        let signs = words.filter { $0.hasPrefix("WATCHDOG=1 ") }.compactMap { Double($0.dropFirst(11)) }
        #expect(ready < stops && words.last == "exit code 0", "\(words)")
        // The first as soon as its loop turns, the others a turn of half a second after a second at most.
        #expect(signs.count >= 4 && signs.dropFirst().allSatisfy { (0.4..<10).contains($0) }, "\(signs)")
    }

    /// Python that does as a service manager: it starts the program, prints what is said on the socket (of signs of life, with the seconds
    /// since the one before), and ends it after four of them.
    private static let manage = """
        import os, socket, subprocess, sys, time
        board = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        board.bind("notify")
        board.settimeout(30)
        child = subprocess.Popen(sys.argv[1:], env=dict(os.environ, NOTIFY_SOCKET=os.path.abspath("notify")))
        signs, before = 0, time.monotonic()
        while True:
            word = board.recv(256).decode()
            if word == "WATCHDOG=1":
                now = time.monotonic()
                print(word, now - before)
                signs, before = signs + 1, now
                if signs == 4: child.terminate()
            else:
                print(word)
                if word == "STOPPING=1": break
        print("exit code", child.wait(30))
        """

    /// Python that lets its program open sockets of the named families only, with systemd's own means (seccomp; systemd.exec(5),
    /// `RestrictAddressFamilies=`), and becomes the program.
    private static let restrict = """
        import ctypes, os, platform, socket, struct, sys
        families = [getattr(socket, name) for name in sys.argv[1].split()]
        call = {"x86_64": 41, "aarch64": 198}[platform.machine()]
        def step(code, yes, no, value): return struct.pack("HBBI", code, yes, no, value)
        # Loads the number of the call and, of socket(2), its family; allows what is not socket(2) and what is in the list.
        program = step(0x20, 0, 0, 0) + step(0x15, 0, len(families) + 2, call) + step(0x20, 0, 0, 16)
        for at, family in enumerate(families): program += step(0x15, len(families) - at, 0, family)
        program += step(0x06, 0, 0, 0x00050000 | 97) + step(0x06, 0, 0, 0x7FFF0000)
        class Program(ctypes.Structure): _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]
        steps = ctypes.create_string_buffer(program)
        whole = Program(len(program) // 8, ctypes.addressof(steps))
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, ctypes.byref(whole), 0, 0):
            sys.exit("seccomp: " + os.strerror(ctypes.get_errno()))
        os.execv(sys.argv[2], sys.argv[2:])
        """
}
