import Broker
import CReferenceLoop
import Foundation
import Ledger
import Logging
import PolicyModel
import Wire
import ZeroMQ

/// Which way records reach a socket.
enum Transport: String, CaseIterable { case ipc, tcp }

/// Something that takes batches by the protocol, in a process of its own.
final class Server {
    let child: Child
    let key: CurvePublicKey
    private let endpoints: [String]

    private init(_ child: Child, _ endpoints: [String], _ key: CurvePublicKey) {
        (self.child, self.endpoints, self.key) = (child, endpoints, key)
    }

    func endpoint(_ transport: Transport) throws -> String {
        guard let endpoint = endpoints.first(where: { $0.hasPrefix(transport.rawValue) }) else {
            throw Failure("nobody listens on \(transport.rawValue)")
        }
        return endpoint
    }

    /// Pejling's broker on a data folder, as `pejling broker` runs it but without the coordinator that this always starts.
    static func broker(_ folder: String, _ bench: Bench, listen: String) throws -> Server {
        let child = try Child.own([BrokerChild.word, folder, bench.config, listen], folder: bench.folder)
        let words = try child.firstLine().split(separator: " ").map(String.init)
        guard let key = words.first.flatMap(CurvePublicKey.init(z85:)) else { throw Failure("no key of the broker") }
        return Server(child, Array(words.dropFirst()), key)
    }

    /// The loop in C, on a folder that is there.
    static func reference(_ folder: String, _ bench: Bench, _ supplies: [Supply]) throws -> Server {
        let keys = try CurveKeyPair.generate()
        let list = supplies.map {
            "\($0.forvaltning.code) \($0.curve.publicKey.z85) \($0.signing.publicKey.hex)\n"
        }.joined()
        try list.write(toFile: folder + "/publishers", atomically: true, encoding: .utf8)
        let child = try Child.own(
            [ReferenceChild.word, folder, "ipc://\(folder)/socket tcp://127.0.0.1:*", keys.secret],
            folder: bench.folder)
        let endpoints = try child.firstLine().split(separator: " ").map(String.init)
        return Server(child, endpoints, keys.publicKey)
    }
}

/// A new data folder whose ledger has admitted `enrolments`: as after `pejling up` has started them once.
func makeData(_ folder: String, admitting enrolments: [Enrolment]) throws -> DataFolder {
    let data = try DataFolder(creating: folder, synthetic: true)
    try makeFolder(data.broker)
    let keys = try BrokerKeys(folder: data.broker)
    let ledger = try LedgerStore(folder: data.broker, synthetic: true, key: keys.signing)
    try ledger.commit(at: Date()) { transaction in for enrolment in enrolments { try transaction.own(enrolment) } }
    return data
}

/// The broker's process: data folder, configuration, TCP endpoint.
enum BrokerChild {
    static let word = "serve"

    static func main(_ arguments: [String]) async {
        do {
            guard arguments.count == 3 else { throw Failure("serve takes a data folder, a configuration, an endpoint") }
            var log = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
            log.logLevel = .warning
            let data = try DataFolder(existing: arguments[0])
            let broker = try await Broker.start(
                Broker.Options(data: data, config: arguments[1], listen: [arguments[2]]), log: log)
            let state = await broker.state()
            print(([state.key] + state.endpoints).joined(separator: " "))
            fflush(nil)
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                _ = SocketThread {
                    waitForEnd()
                    continuation.resume()
                }
            }
            if let failure = broker.failure { say("the broker stopped by itself: \(failure)") }
            await broker.stop()
        } catch {
            say("\(error)")
            exit(1)
        }
    }

    private static func waitForEnd() {
        var byte: UInt8 = 0
        while true {
            let count = read(0, &byte, 1)
            if count == 0 || (count < 0 && errno != EINTR) { return }
        }
    }
}

/// The process of the loop in C: folder, endpoints, secret key.
enum ReferenceChild {
    static let word = "reference"

    static func main(_ arguments: [String]) -> Never {
        guard arguments.count == 3 else {
            say("reference takes a folder, endpoints, a secret key")
            exit(1)
        }
        exit(reference_loop(arguments[0], arguments[1], arguments[2], arguments[0] + "/publishers"))
    }
}
