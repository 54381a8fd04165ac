import ArgumentParser
import Broker
import Catalogue
import Foundation
import Glibc
import Ledger
import LogLines
import Logging
import PluginKit
import PolicyModel
import Wire
import ZeroMQ

struct NodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "The node of a forvaltning on a machine of its own.", subcommands: [Run.self])

    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Runs a node against a broker on another machine, until Ctrl-C or SIGTERM.",
            discussion: """
                pejling node run SOF --broker tcp://pejling.example.dk:7415 --broker-key 5f1c… --data /var/lib/pejling

                Address and key are what `pejling up --listen …` or `pejling keys show` prints at the broker. At its first start it \
                makes its keys and its log in the data folder, and says what the broker's operator does to admit it; it connects as \
                soon as that is done. With or without a connection everything can be entered on this machine (`pejling status --node \
                CODE --data …`); what is entered is kept, and sent when the broker answers. It is the same executable as under \
                `pejling up`, and needs the same configuration folder.

                On a full disk it goes on, or waits, until there is room. Exit codes: 0 ended as asked; 1 passing trouble, start it \
                again; 64 the command line is wrong; 78 a person must mend something: standard error says what.
                """)

        @OptionGroup var folders: Folders
        @OptionGroup var plugins: PluginFolder
        @Argument(help: "The forvaltning: SOF, ØKF or OKF …") var code: String
        @Option(help: "Where the broker listens: tcp://HOST:PORT, or ipc://PATH on its own machine.") var broker: String
        @Option(help: "The broker's CURVE public key, as `pejling keys show` prints it there.") var brokerKey: String
        @Flag(help: "For a ledger of example data.") var synthetic = false

        func validate() throws { _ = try Elsewhere(broker, brokerKey) }

        func run() throws {
            let log = Logger.ofService(Role.node.rawValue)
            try orFail(log) {
                let broker = try Elsewhere(broker, brokerKey)
                let city = try ConfigurationFolder(folders.config).city()
                let forvaltning = try forvaltning(code, in: city, "CODE", exitCode: Wire.ExitCode.configuration)
                let (found, broken) = PluginFinder.find(in: plugins.plugins, executables: executableFolder())
                guard let installation = found.first(where: { $0.manifest.publisher == forvaltning.code }) else {
                    throw Failure(
                        description: ([
                            "no node of \(forvaltning.code) is installed here (--plugins \(plugins.plugins))"
                        ]
                            + broken.map(\.description)).joined(separator: "\n"), code: Wire.ExitCode.configuration)
                }
                let data = try folders.madeData(synthetic: synthetic)
                let folder = data.plugin(forvaltning.key, isNode: true)
                try broker.sayHowToEnrol(forvaltning.code, typed: forvaltning.key, folder: folder, log)
                try replace(
                    by: installation,
                    [
                        "run", "--data", folder, "--config", folders.config, "--broker",
                        broker.endpoint, "--broker-key", broker.key.z85,
                    ] + (synthetic ? ["--synthetic"] : []))
            }
        }

        /// This process becomes the node: signals, exit code and process id are its own.
        private func replace(by installation: Installation, _ arguments: [String]) throws {
            let words = [installation.executable] + installation.manifest.argv.dropFirst() + arguments
            var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
            pointers.append(nil)
            // Swift's own threads run with all signals blocked, and a process that takes over keeps that.
            var none = sigset_t()
            sigemptyset(&none)
            sigprocmask(SIG_SETMASK, &none, nil)
            LogOutput.finishStandardError()
            execv(installation.executable, &pointers)
            throw Failure(
                description: "\(installation.executable) cannot be started: \(String(cString: strerror(errno)))")
        }
    }
}

/// A broker that this process did not come from: where it listens, and its key.
struct Elsewhere {
    let endpoint: String
    let key: CurvePublicKey

    /// - Throws: `ValidationError` for what cannot be one.
    init(_ endpoint: String, _ key: String) throws {
        let port = endpoint.wholeMatch(of: /tcp:\/\/[^\s\/]+:(\d{1,5})/).flatMap { Int($0.1) }
        let isLocal = endpoint.hasPrefix("ipc:///")
        guard isLocal || port.map((1...65535).contains) == true else {
            throw ValidationError(
                "--broker “\(endpoint)”: give tcp://HOST:PORT, or ipc:///PATH on the broker's own machine")
        }
        guard !isLocal || endpoint.dropFirst("ipc://".count).utf8.count <= Socket.longestPath else {
            throw ValidationError("--broker \(endpoint): the path of a socket has at most \(Socket.longestPath) bytes")
        }
        guard let key = CurvePublicKey(typed: key) else {
            throw ValidationError(
                "--broker-key “\(key)” is no CURVE key: 64 hexadecimal digits, as `pejling keys show` prints at the broker"
            )
        }
        (self.endpoint, self.key) = (endpoint, key)
    }

    /// Makes the keys in `folder` where there are none, and says what the broker's operator does with them.
    ///
    /// - Parameter log: where that goes when no person watches standard error.
    func sayHowToEnrol(_ publisher: String, typed name: String, folder: String, _ log: Logger) throws {
        guard curveIsAvailable() else {
            throw Failure(description: "this libzmq has no CURVE: install Debian's libzmq5, built with libsodium")
        }
        let keys = KeyText(try PluginKeys(folder: folder))
        guard isWatched else {
            return log.notice(
                "data in \(folder); where it is not enrolled yet, the broker's operator types: pejling keys enrol \(name) \(keys) (fingerprint \(keys.fingerprint) to be compared by telephone)",
                metadata: .about(publisher: publisher, broker: endpoint))
        }
        standardError(
            """
            \(publisher): data in \(folder), fingerprint \(keys.fingerprint)
            where it is not enrolled yet, the broker's operator types:
              pejling keys enrol \(name) \(keys)
            """)
    }
}
