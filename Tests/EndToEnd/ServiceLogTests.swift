import Foundation
import Glibc
import LogLines
import PolicyModel
import Testing
import Wire

@testable import Ledger

@Suite("What services write into their logs", .serialized, .oneAtATime)
struct ServiceLogTests {
    /// All lines of a service's standard error, each of which is one of a log.
    private func lines(_ process: Running) throws -> [LogLine] {
        try lines(process.errors, of: "standard error")
    }

    private func lines(_ text: String, of what: String) throws -> [LogLine] {
        try text.split(separator: "\n").map { line in
            try #require(LogLine(parsing: line), "\(what) has a line without form: \(line)")
        }
    }

    @Test("broker, node and coordinator write lines of one form, each with what it is about by the same names")
    func oneForm() throws {
        let lone = try LoneNode(with: [("coordinator", .coordinator)])
        let stand = lone.stand
        let node = try lone.start()
        let coordinator = try stand.town.start(
            stand.town.executables + "/pejling",
            [
                "coordinator", "--broker", stand.endpoint, "--broker-key", stand.brokerKey.hex, "--data",
                stand.data.path, "--config", stand.town.folder + "/Config", "--synthetic",
            ])
        for service in [node, coordinator] {
            try eventually("it is connected", 30) { service.errors.contains("connected to ") || !service.isRunning }
        }
        // A record that the rules refuse: the broker says so, and then the node.
        let bad = PublisherLog.Draft(
            kind: .status, id: "lgbti/bif/x|lgbti/2019", policy: "lgbti", by: Author(role: "node"),
            body: Array(#"{"initiative":"lgbti/bif/x"}"#.utf8))
        let seq = try #require(try lone.log.append(at: Date()) { _ in [bad] }.last?.envelope.seq)
        try eventually("its refusal is said") { node.errors.contains("the broker refused record ") }
        let broker = try #require(stand.broker)
        let ofBroker = try #require(try lines(broker).first { $0.message.hasPrefix("refused: ") })
        broker.kill()
        for service in [node, coordinator] {
            try eventually("it says that the broker is gone", 30) { service.errors.contains("no word from ") }
            service.terminate()
            #expect(try service.wait(10) == 0)
        }

        let about = ["publisher": "BIF", "log": lone.log.log, "seq": String(seq), "rule": "body.schema"]
        #expect(ofBroker.process == "broker" && ofBroker.level == .warning && ofBroker.fields == about)
        for (service, process, publisher) in [(node, "node", "BIF"), (coordinator, "coordinator", "coordinator")] {
            #expect(service.output.isEmpty)
            let lines = try lines(service)
            #expect(lines.allSatisfy { $0.process == process && $0.fields["publisher"] == publisher })
            #expect(lines.allSatisfy { $0.fields["broker"] == stand.endpoint }, "\(lines.map(\.text))")
            #expect(lines.map(\.time) == lines.map(\.time).sorted())
            let enrol = try #require(lines.first)
            #expect(enrol.level == .notice && enrol.message.contains("pejling keys enrol "), "\(enrol.text)")
            let connected = try #require(lines.first { $0.message == "connected to \(stand.endpoint)" })
            #expect(connected.level == .info && connected.fields["attempt"].flatMap { Int($0) } ?? 0 > 0)
            #expect(connected.fields["log"]?.count == 32)
            let lost = try #require(lines.last { $0.message.hasPrefix("no word from ") })
            #expect(lost.level == .warning && lost.fields["log"] == connected.fields["log"])
        }
        let refused = try #require(try lines(node).first { $0.message.hasPrefix("the broker refused record ") })
        #expect(refused.level == .warning)
        #expect(refused.fields == about.merging(["broker": stand.endpoint]) { $1 })
    }

    @Test("a node and the coordinator go on when the reader of their standard error is gone")
    func readerGone() throws {
        let lone = try LoneNode(with: [("coordinator", .coordinator)])
        let stand = lone.stand
        // SIGPIPE as a shell or a service manager leaves it.
        let shell = ["-c", "trap - PIPE; exec \"$0\" \"$@\" 2>&1 >/dev/null", stand.town.executables + "/pejling"]
        let elsewhere = ["--broker", stand.endpoint, "--broker-key", stand.brokerKey.hex, "--synthetic"]
        let shared = ["--config", stand.town.folder + "/Config"]
        let node =
            ["node", "run", "BIF", "--data", lone.data.path, "--plugins", stand.town.folder + "/Plugins"] + elsewhere
        let coordinator = ["coordinator", "--data", stand.data.path] + elsewhere
        let last = try lone.enter(3)
        var services: [Process] = []
        defer { for service in services where service.isRunning { Glibc.kill(service.processIdentifier, SIGKILL) } }
        for arguments in [node, coordinator] {
            let (service, gone) = (Process(), Pipe())
            service.executableURL = URL(fileURLWithPath: "/bin/sh")
            service.arguments = shell + arguments + shared
            service.currentDirectoryURL = URL(fileURLWithPath: stand.town.folder)
            (service.standardInput, service.standardOutput) = (FileHandle.nullDevice, gone)
            try gone.fileHandleForReading.close()
            try service.run()
            services.append(service)
        }
        // Each has said how it is enrolled and where it is connected before it is heard.
        try eventually("what the node entered is acknowledged", 30) {
            try services.contains { !$0.isRunning } || lone.log.acked() >= last
        }
        try eventually("the coordinator has it", 30) {
            try services.contains { !$0.isRunning }
                || Replica(folder: stand.data.coordinator, create: false, readOnly: true).position() >= last
        }
        for service in services {
            #expect(service.isRunning)
            service.terminate()
            try eventually("it ends", 10) { !service.isRunning }
            #expect(service.terminationReason == .exit && service.terminationStatus == 0)
        }
    }

    @Test("the broker and its plugins do all their work when nobody reads its standard error, and say it later")
    func readerStalls() throws {
        let town = try Town.made()
        // Of which it says something before it does anything.
        let broken = town.folder + "/Plugins/Broken"
        try FileManager.default.createDirectory(atPath: broken, withIntermediateDirectories: true)
        try Data("{".utf8).write(to: URL(fileURLWithPath: broken + "/plugin.json"))
        let (broker, stalled) = (Process(), Pipe())
        let end = stalled.fileHandleForWriting.fileDescriptor
        // Full before it says its first word.
        let flags = fcntl(end, F_GETFL)
        _ = fcntl(end, F_SETFL, flags | O_NONBLOCK)
        while Glibc.write(end, ".", 1) == 1 {}
        _ = fcntl(end, F_SETFL, flags)
        broker.executableURL = URL(fileURLWithPath: town.executables + "/pejling")
        broker.arguments = ["broker", "--verbose"]
        broker.currentDirectoryURL = URL(fileURLWithPath: town.folder)
        (broker.standardInput, broker.standardOutput) = (FileHandle.nullDevice, FileHandle.nullDevice)
        broker.standardError = stalled
        try broker.run()
        try stalled.fileHandleForWriting.close()
        defer { if broker.isRunning { Glibc.kill(broker.processIdentifier, SIGKILL) } }
        try eventually("all are heard", 40) {
            guard let state = try? town.state(), state.pid == broker.processIdentifier else { return false }
            return state.plugins.count > 10 && state.plugins.allSatisfy(\.heard)
        }
        #expect(broker.isRunning)
        Glibc.kill(broker.processIdentifier, SIGTERM)
        let all = try #require(try stalled.fileHandleForReading.readToEnd())
        try eventually("it ends", 10) { !broker.isRunning }
        #expect(broker.terminationStatus == 0)
        let said = String(decoding: all, as: UTF8.self).drop { $0 == "." }
        let lines = try lines(String(said), of: "standard error")
        #expect(lines.contains { $0.level == .error && $0.message.contains("Broken/plugin.json") }, "\(said)")
    }

    @Test("what is wrong in the configuration has its file and line, from a node by itself and from a hosted one")
    func configuration() throws {
        let town = try Town.made()
        let file = "Config/forvaltninger/SOF/lgbti.yaml"
        try town.edit(file) { $0.replacingOccurrences(of: "kind: marked", with: "kind: makred") }
        let node = try town.start(
            town.executables + "/pejling",
            [
                "node", "run", "SOF", "--broker", "tcp://127.0.0.1:9", "--broker-key",
                String(repeating: "5a", count: 32), "--data", "at-sof",
            ])
        #expect(try node.wait(20) == 78)
        let unknown = try town.pejling(
            "node", "run", "XYZ", "--broker", "tcp://127.0.0.1:9", "--broker-key", String(repeating: "5a", count: 32))
        #expect(unknown.code == 78 && unknown.errors.contains("XYZ"), "\(unknown)")
        let problems = try lines(node).filter { $0.level == .critical }
        #expect(problems.count > 1 && problems.allSatisfy { $0.fields["file"] == file }, "\(node.errors)")
        let places = problems.compactMap { $0.fields["line"].flatMap { Int($0) } }
        #expect(places.count == problems.count && places == places.sorted() && places.first ?? 0 > 1)
        for (problem, place) in zip(problems, places) { #expect(problem.message.hasPrefix("\(file):\(place): ")) }

        // Under a broker: its log has the node's lines once, with one time each, and people see the words.
        let broker = try town.start(town.executables + "/pejling", ["broker"])
        try eventually("it has failed", 30) {
            try town.state().pid == broker.pid
                && town.state().plugins.contains { $0.publisher == "SOF" && $0.condition == "failed" }
        }
        let cause = try #require(try town.state().plugins.first { $0.publisher == "SOF" }?.cause)
        // It gets the folder by its whole path.
        let words = problems.map { "\(town.folder)/\($0.message)" }
        #expect(cause.hasSuffix("\n\(words.last ?? "")") && !cause.contains("time="), "\(cause)")
        broker.terminate()
        #expect(try broker.wait(10) == 0)
        let said = try #require(try lines(broker).first { $0.fields["plugin"] == "sof" })
        #expect(said.message == "sof: \(cause)" && said.fields["publisher"] == "SOF")
        for name in try FileManager.default.contentsOfDirectory(atPath: town.folder + "/var/broker/log") {
            let lines = try lines(town.read("var/broker/log/\(name)"), of: name)
            #expect(!lines.contains { $0.message.contains("time=") }, "\(name)")
            if name == "sof.log" {
                let own = lines.filter { $0.process == "node" }
                #expect(own.map(\.message) == words)
                #expect(own.map(\.fields["line"]) == problems.map(\.fields["line"]))
            }
        }
    }
}
