import ArgumentParser
import Broker
import Catalogue
import Foundation
import Glibc
import Ledger
import PluginKit
import PolicyModel
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

                Exit codes: 0 ended as asked; 1 passing trouble (a full disk), start it again; 64 the command line is wrong; 78 a \
                person must mend something: standard error says what.
                """)

        @OptionGroup var folders: Folders
        @OptionGroup var plugins: PluginFolder
        @Argument(help: "The forvaltning: SOF, ØKF or OKF …") var code: String
        @Option(help: "Where the broker listens: tcp://HOST:PORT.") var broker: String
        @Option(help: "The broker's CURVE public key, as `pejling keys show` prints it there.") var brokerKey: String
        @Flag(help: "For a ledger of example data.") var synthetic = false

        func validate() throws {
            guard
                broker.wholeMatch(of: /tcp:\/\/[^\s\/]+:(\d{1,5})/).flatMap({ Int($0.1) }).map((1...65535).contains)
                    == true
            else { throw ValidationError("--broker “\(broker)”: give tcp://HOST:PORT") }
            guard CurvePublicKey(typed: brokerKey) != nil else {
                throw ValidationError(
                    "--broker-key “\(brokerKey)” is no CURVE key: 64 hexadecimal digits, as `pejling keys show` prints at the broker"
                )
            }
        }

        func run() throws {
            try orFail {
                guard curveIsAvailable() else {
                    throw Failure(
                        description: "this libzmq has no CURVE: install Debian's libzmq5, built with libsodium")
                }
                let city = try ConfigurationFolder(folders.config).city()
                let forvaltning = try forvaltning(code, in: city, "CODE")
                let (found, broken) = PluginFinder.find(in: plugins.plugins, executables: executableFolder())
                guard let installation = found.first(where: { $0.manifest.publisher == forvaltning.code }) else {
                    throw Failure(
                        description: ([
                            "no node of \(forvaltning.code) is installed here (--plugins \(plugins.plugins))"
                        ]
                            + broken.map(\.description)).joined(separator: "\n"))
                }
                let data = try DataFolder(creating: folders.data, synthetic: synthetic)
                let folder = data.plugin(forvaltning.key, isNode: true)
                let keys = KeyText(try PluginKeys(folder: folder))
                standardError(
                    """
                    \(forvaltning.code): data in \(folder), fingerprint \(keys.fingerprint)
                    where it is not enrolled yet, the broker's operator types:
                      pejling keys enrol \(forvaltning.key) \(keys)
                    """)
                try replace(
                    by: installation,
                    [
                        "run", "--data", folder, "--config", folders.config, "--broker", broker, "--broker-key",
                        CurvePublicKey(typed: brokerKey)?.z85 ?? "",
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
            execv(installation.executable, &pointers)
            throw Failure(
                description: "\(installation.executable) cannot be started: \(String(cString: strerror(errno)))")
        }
    }
}
