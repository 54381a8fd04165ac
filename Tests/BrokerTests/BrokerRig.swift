import Foundation
import Glibc
import Logging
import PolicyModel
import Testing
import Wire
import ZeroMQ

@testable import Broker
@testable import Ledger

/// The repository's configuration; this file may be seen through a link.
let repository = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

/// Waits until `condition` holds, at most `seconds`; false when it never did.
func eventually(_ seconds: Double = 20, _ condition: () async throws -> Bool) async rethrows -> Bool {
    let end = ContinuousClock.now + .seconds(seconds)
    while try await !condition() {
        if ContinuousClock.now > end { return false }
        try? await Task.sleep(for: .milliseconds(10))
    }
    return true
}

/// Runs `body` on a thread of its own: sockets stay on one thread, and waiting holds up nobody else's tests.
func onThread<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<T, any Error>) in
        _ = SocketThread { continuation.resume(with: Result { try body() }) }
    }
}

extension Broker {
    /// Enrols a test's publisher; its connections have `keys`.
    func enrol(_ sender: Sender, keys: CurveKeyPair) {
        var word = sender.enrolment
        word.curveKey = keys.publicKey.z85
        enrol(word)
    }
}

/// A broker in a temporary folder, stopped by `run`.
struct BrokerRig {
    let folder: TemporaryFolder
    let data: DataFolder

    init() throws {
        folder = try TemporaryFolder()
        data = try DataFolder(creating: folder.path + "/var", synthetic: false)
    }

    func start(
        _ installations: [Installation] = [], listen: [String] = [], pulse: @escaping @Sendable () -> Void = {}
    ) async throws -> Broker {
        var log = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        log.logLevel = .critical
        return try await Broker.start(
            Broker.Options(
                data: data, config: repository + "/Config", listen: listen, installations: installations, pulse: pulse),
            log: log)
    }

    /// Starts a broker, gives it to `body`, and stops it whatever comes.
    func run<T>(
        _ installations: [Installation] = [], listen: [String] = [], _ body: (Broker) async throws -> T
    ) async throws -> T {
        let broker = try await start(installations, listen: listen)
        do {
            let result = try await body(broker)
            await broker.stop()
            return result
        } catch {
            await broker.stop()
            throw error
        }
    }

    /// A plugin made of a shell script; `$first` in it holds a good key announcement.
    func script(
        _ name: String, _ text: String, publisher: String = "BIF", keys: CurveKeyPair? = nil,
        startTimeout: Double? = nil,
        maxMemory: Int? = nil, maxDescriptors: Int? = nil
    ) throws -> Installation {
        let path = "\(folder.path)/\(name)"
        let signing = SigningKey().publicKey.hex
        let keys = try keys ?? CurveKeyPair.generate()
        let announcement = try encodeBody(
            KeyAnnouncement(publisher: publisher, curveKey: keys.publicKey.z85, signKey: signing))
        try Data(announcement).write(to: URL(fileURLWithPath: path + ".first"))
        try Data("#!/bin/sh\nfirst=$(cat '\(path).first')\n\(text)\n".utf8).write(to: URL(fileURLWithPath: path))
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        let manifest = Manifest(
            name: name, role: .node, publisher: publisher, argv: [path], kinds: ["funding"], startTimeout: startTimeout,
            maxMemory: maxMemory, maxDescriptors: maxDescriptors)
        return Installation(manifest: manifest, place: path + ".json", executable: path)
    }
}

/// A tiny client: what a plugin in any language does, from ZeroMQ and Wire alone.
final class TinyClient {
    let context: Context
    let socket: Socket
    private var token: String?

    /// - Parameter keys: nil connects without CURVE.
    init(_ endpoint: String, keys: CurveKeyPair?, server: String) throws {
        let context = try Context()
        let socket = try Socket(context, kind: .dealer)
        try socket.setLimits(
            maxMessageBytes: Int64(Limits.batchBytes + Limits.batchLines * 128 + Limits.header), local: true)
        if let keys { try socket.useCurve(keys, server: try #require(CurvePublicKey(z85: server))) }
        try socket.connect(endpoint)
        self.context = context
        self.socket = socket
    }

    func send(_ header: Header, _ body: [UInt8] = []) throws {
        var header = header
        header.token = header.type == .hello ? nil : token
        #expect(try socket.send([try header.encoded(), body]) == .sent)
    }

    /// The next message; nil when none comes within `seconds`.
    func receive(_ seconds: Double = 10) throws -> (header: Header, body: [UInt8])? {
        var poller = Poller()
        _ = poller.watch(socket)
        let end = ContinuousClock.now + .seconds(seconds)
        repeat {
            _ = try poller.wait(milliseconds: 20)
            guard let message = try socket.receive() else { continue }
            try #require(message.frames.count == 2)
            let header = try Header.parse(message.frames[0])
            if header.type == .welcome { token = header.token }
            return (header, message.frames[1])
        } while ContinuousClock.now < end
        return nil
    }

    /// - Parameter kind: nil: whatever comes.
    func expect(_ kind: Header.Kind?) throws -> (header: Header, body: [UInt8]) {
        let message = try #require(try receive(), "no \(kind?.rawValue ?? "message") came")
        try #require(kind == nil || message.header.type == kind, "\(message.header)")
        return message
    }
}
