import Foundation
import Testing

/// Holds Package.swift and the import lines to the table of the layout: who may know whom. Whoever adds an arrow adds it
/// here, and says why in the commit.
@Suite("Architecture")
struct ArchitectureTests {
    /// What a module may import: of ours, of other packages, and of the system.
    struct Rule {
        var ours: Set<String> = []
        var others: Set<String> = []
        var system: Set<String> = []
    }

    static let rules: [String: Rule] = [
        "CZeroMQ": Rule(),
        "CXlsxWriter": Rule(),
        // A table to and from files: it knows nothing of policies.
        "Spreadsheets": Rule(
            ours: ["CXlsxWriter"], others: ["Subprocess"], system: ["Foundation", "Glibc"]),
        "ZeroMQ": Rule(ours: ["CZeroMQ"], system: ["Glibc"]),
        // The domain is pure: no I/O, so not even Foundation.
        // Foundation for Decimal, in which attainment is reckoned; no I/O of it.
        "PolicyModel": Rule(system: ["Foundation"]),
        "Catalogue": Rule(ours: ["PolicyModel"], others: ["Yams"], system: ["Foundation"]),
        "Wire": Rule(ours: ["PolicyModel"], others: ["Crypto"], system: ["Foundation"]),
        // PolicyModel comes with Wire, whose lines carry its bodies.
        "Ledger": Rule(
            ours: ["Wire", "PolicyModel"], others: ["GRDB", "GRDBSQLite"],
            system: ["Foundation", "Glibc", "Synchronization"]),
        // What services say happens, in one form: whoever runs one uses it.
        "LogLines": Rule(
            ours: ["PolicyModel", "Wire"], others: ["Logging"], system: ["Foundation", "Glibc", "Synchronization"]),
        "Broker": Rule(
            ours: ["PolicyModel", "Catalogue", "Ledger", "LogLines", "Wire", "ZeroMQ"],
            others: ["Subprocess", "Logging"],
            system: ["Foundation", "Glibc", "Synchronization"]),
        "PluginKit": Rule(
            ours: ["Catalogue", "PolicyModel", "Wire", "Ledger", "LogLines", "ZeroMQ"], others: ["Logging"],
            system: ["Foundation", "Glibc"]),
        "Coordinator": Rule(
            ours: ["PolicyModel", "Catalogue", "Wire", "PluginKit"], system: ["Foundation", "Synchronization"]),
        "Reports": Rule(ours: ["PolicyModel", "Coordinator"], system: ["Foundation", "Synchronization"]),
        "EntrySheets": Rule(ours: ["PluginKit", "PolicyModel", "Reports", "Spreadsheets", "Wire"]),
        // Pure but for the decimals: who says what in example years. The driver is in pejling.
        "Examples": Rule(
            ours: ["PolicyModel", "Wire", "Ledger", "PluginKit", "Coordinator"], system: ["Foundation"]),
        "pejling": Rule(
            ours: [
                "Broker", "Catalogue", "Coordinator", "EntrySheets", "Examples", "Ledger", "LogLines", "PluginKit",
                "PolicyModel", "Reports", "Spreadsheets", "Wire", "ZeroMQ",
            ], others: ["ArgumentParser", "Logging", "Subprocess", "Crypto"],
            system: ["Foundation", "Glibc", "Synchronization"]),
    ]
    /// Node and policy plugins: rules only.
    static let pluginRule = Rule(ours: ["PluginKit", "PolicyModel"])

    /// The repository; this file may be seen through a link.
    static let root = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path

    /// The Swift files below `folder`, by path from the repository.
    static func files(_ folder: String) throws -> [(path: String, text: String)] {
        let walker = try #require(FileManager.default.enumerator(atPath: root + "/" + folder))
        return try walker.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().map {
            ("\(folder)/\($0)", try String(contentsOfFile: "\(root)/\(folder)/\($0)", encoding: .utf8))
        }
    }

    /// The modules that a file imports.
    static func imports(_ text: String) -> [String] {
        let pattern =
            /^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:struct|class|enum|protocol|func|var|let|typealias)\s+)?(\w+)/
        return text.split(separator: "\n").compactMap { line in line.prefixMatch(of: pattern).map { String($0.1) } }
    }

    @Test(
        "an import line is known in each form",
        arguments: [
            ("import A", "A"), ("@testable import A", "A"), ("public import A", "A"), ("import struct A.B", "A"),
            ("@preconcurrency internal import A", "A"), ("@_spi(X) import A", "A"), ("// import A", ""),
            ("let x = 1", ""), ("importing(A)", ""),
        ])
    func importForms(line: String, module: String) {
        #expect(Self.imports(line) == (module.isEmpty ? [] : [module]))
    }

    @Test("each source file imports what its module may, and nothing else")
    func sources() throws {
        var seen: Set<String> = []
        for (path, text) in try Self.files("Sources") {
            let module = String(path.split(separator: "/")[1])
            seen.insert(module)
            let rule = try #require(Self.rules[module], "\(path): the table has no module \(module)")
            for name in Self.imports(text) {
                let allowed = rule.ours.union(rule.others).union(rule.system)
                #expect(allowed.contains(name), "\(path) imports \(name)")
            }
        }
        #expect(seen.union(["CZeroMQ", "CXlsxWriter"]) == Set(Self.rules.keys))
    }

    @Test("each plugin imports PluginKit and PolicyModel, and nothing else")
    func plugins() throws {
        let files = try Self.files("Plugins")
        #expect(files.count >= 8)
        for (path, text) in files {
            for name in Self.imports(text) { #expect(Self.pluginRule.ours.contains(name), "\(path) imports \(name)") }
        }
    }

    @Test("Package.swift gives each module what it may import, and nothing else")
    func package() throws {
        let package = try String(contentsOfFile: Self.root + "/Package.swift", encoding: .utf8)
        // The constants at the top of the manifest that stand for products.
        let products = [
            "crypto": "Crypto", "grdb": "GRDB", "sqlite": "GRDBSQLite", "logging": "Logging",
            "arguments": "ArgumentParser",
            "subprocess": "Subprocess", "yams": "Yams", "zeroMQ": "ZeroMQ",
        ]
        for (name, product) in products where name != "zeroMQ" {
            #expect(package.contains("let \(name) = Target.Dependency.product(name: \"\(product)\""))
        }
        func dependencies(_ text: Substring) -> Set<String> {
            Set(
                text.split(whereSeparator: { ", \n".contains($0) }).map { word in
                    let name = word.trimmingCharacters(in: CharacterSet(charactersIn: "\""))
                    return products[name] ?? name
                })
        }
        // What tests alone use lies in their folder, and is bound by no table.
        let ofTests = try Set(FileManager.default.contentsOfDirectory(atPath: Self.root + "/Tests"))
        let pattern = /\.(?:target|executableTarget)\(\s*name: "(\w+)"(?:,\s*dependencies: \[([^\]]*)\])?/
        var seen: Set<String> = ["CZeroMQ", "CXlsxWriter"]
        for match in package.matches(of: pattern) {
            let module = String(match.1)
            if ofTests.contains(module) { continue }
            seen.insert(module)
            let rule = try #require(Self.rules[module], "Package.swift has a target \(module) that the table lacks")
            let given = dependencies(match.2 ?? "")
            #expect(given.subtracting(rule.ours.union(rule.others)).sorted() == [], "\(module) in Package.swift")
        }
        #expect(seen == Set(Self.rules.keys))
        let plugin = /dependencies: \["PluginKit", "PolicyModel"\],\s*path: "Plugins\/(?:Forvaltninger|Policies)\//
        #expect(package.matches(of: plugin).count == 2, "node() and policy() give PluginKit and PolicyModel")
    }

    /// A file without its comments. A comment's `//` has a blank in front or begins the line, which `ipc://` does not.
    static func code(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            if line.drop(while: { $0 == " " }).hasPrefix("//") { return "" }
            return line.range(of: " //").map { String(line[..<$0.lowerBound]) } ?? String(line)
        }.joined(separator: "\n")
    }

    static let codes = ["BIF", "BUF", "KFF", "SOF", "SUF", "TMF", "ØKF"]

    /// Whether a forvaltning of Copenhagen stands in `line` as a whole word.
    static func namesOne(_ line: Substring) -> Bool {
        guard codes.contains(where: { line.contains($0) }) else { return false }
        return line.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.contains { codes.contains(String($0)) }
    }

    /// An example for people may name one: help, the way out of an error, a command line to copy.
    static func isExample(_ line: Substring) -> Bool {
        line.contains("help: \"") || line.contains("fix: \"") || line.drop { $0 == " " }.hasPrefix("pejling ")
    }

    @Test("no source names a forvaltning of Copenhagen: another city has others")
    func cityNeutral() throws {
        #expect(Self.namesOne("case \"BIF\":"))
        #expect(Self.namesOne("ØKF"))
        #expect(!Self.namesOne("let BIFURCATION, xØKF, BIF_1"))
        #expect(Self.code("a // BIF") == "a")
        #expect(Self.namesOne(Self.code("\"ipc://BIF\"")[...]))
        for (path, text) in try Self.files("Sources") {
            for (index, line) in Self.code(text).split(separator: "\n", omittingEmptySubsequences: false).enumerated()
            where Self.namesOne(line) && !Self.isExample(line) {
                Issue.record("\(path):\(index + 1): \(line)")
            }
        }
    }

    /// Times that stand in no record: when the broker's process started, since when a lock is held, since when a key asks to connect, how
    /// long ago somebody was heard, when a plugin printed a line or ended, when somebody was cut off, when a line of a log was written.
    static let systemTimes = [
        "Sources/Broker/Broker.swift": 1, "Sources/Broker/PendingKeys.swift": 1, "Sources/Broker/PluginHost.swift": 1,
        "Sources/Broker/PluginOutput.swift": 1, "Sources/pejling/HealthText.swift": 1,
        "Sources/Broker/Worker+Connections.swift": 1,
        "Sources/Ledger/DataFolder.swift": 1, "Sources/Ledger/RecordClock.swift": 1,
        "Sources/LogLines/ServiceLog.swift": 1,
    ]

    @Test("only the clock of records asks the system what time it is: example data has a clock of its own")
    func clock() throws {
        for (path, text) in try Self.files("Sources") + Self.files("Plugins") {
            let code = Self.code(text)
            let asked = [#/\bDate\(\)/#, #/\bDate\.now\b/#].reduce(0) { $0 + code.matches(of: $1).count }
            #expect(
                asked == Self.systemTimes[path] ?? 0,
                "\(path) asks the system's clock: what goes into records takes `DataFolder.clock.now()` (RecordClock)")
        }
    }

    @Test("no source file is longer than 500 lines")
    func lengths() throws {
        for (path, text) in try Self.files("Sources") {
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).count - 1
            #expect(lines <= 500, "\(path) has \(lines) lines: what could stand in a file of its own?")
        }
    }
    @Test("each failure of Docs/failures.md names tests that are there")
    func failures() throws {
        let rows = try String(contentsOfFile: Self.root + "/Docs/failures.md", encoding: .utf8).split(separator: "\n")
            .filter { $0.contains(#/^\| \d+ \|/#) }
        #expect(rows.count == 27)
        let files = try Self.files("Tests").map(\.text)
        for row in rows {
            let tests = (row.split(separator: "|").last ?? "").matches(of: #/`(\w+)/(\w+)`/#)
            #expect(!tests.isEmpty, "\(row)")
            for test in tests {
                let isThere = files.contains { $0.contains("func \(test.2)(") && $0.contains("\(test.1)") }
                #expect(isThere, "there is no test \(test.1)/\(test.2)")
            }
        }
    }

    @Test(
        "each broken build of `make mutants` still fits the code, and says which rule it breaks and which test sees it")
    func mutants() throws {
        let folder = Self.root + "/Tests/Mutants"
        let patches = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".patch") }
        #expect(!patches.isEmpty)
        let tests = try Self.files("Tests").map(\.text).joined()
        for patch in patches.sorted() {
            let text = try String(contentsOfFile: "\(folder)/\(patch)", encoding: .utf8)
            let head =
                text.prefix { !$0.isNewline } + "\n" + text.drop { !$0.isNewline }.dropFirst().prefix { !$0.isNewline }
            let match = try #require(
                head.wholeMatch(of: #/Breaks: (.+)\nCaught by: (.+)/#), "\(patch): its first two lines")
            let test = try #require(match.2.split(separator: "/").last?.prefix { $0.isLetter || $0.isNumber })
            #expect(tests.contains("func \(test)("), "\(patch): there is no test “\(test)”")
            let git = Process()
            let said = Pipe()
            git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            git.arguments = ["git", "apply", "--check", "\(folder)/\(patch)"]
            git.currentDirectoryURL = URL(fileURLWithPath: Self.root)
            git.standardError = said
            try git.run()
            let words = String(decoding: try said.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            git.waitUntilExit()
            #expect(git.terminationStatus == 0, "\(patch) does not fit the code any more: \(words)")
        }
    }
}
