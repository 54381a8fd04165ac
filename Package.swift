// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is compiled with: Swift 6 mode (by the tools version) and no warning left standing.
let strict: [SwiftSetting] = [
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
]

let zeroMQ: Target.Dependency = "ZeroMQ"
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
/// SQLite's own functions, for the few places where a million values go in or out.
let sqlite = Target.Dependency.product(name: "GRDBSQLite", package: "GRDB.swift")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

/// The node of one forvaltning: an executable of its own (Docs/plugin-guide.md).
func node(_ key: String) -> Target {
    .executableTarget(
        name: "pejling-node-\(key.lowercased())", dependencies: ["PluginKit", "PolicyModel"],
        path: "Plugins/Forvaltninger/\(key)", exclude: ["plugin.json"], swiftSettings: strict)
}

/// The plugin of one policy.
func policy(_ folder: String, _ id: String) -> Target {
    .executableTarget(
        name: "pejling-policy-\(id)", dependencies: ["PluginKit", "PolicyModel"],
        path: "Plugins/Policies/\(folder)", exclude: ["plugin.json"], swiftSettings: strict)
}

let package = Package(
    name: "Pejling",
    products: [
        .executable(name: "pejling", targets: ["pejling"]),
        .library(name: "PluginKit", targets: ["PluginKit"]),
        // For Tests/Performance, a package of its own so that users never resolve what it needs.
        .library(
            name: "PejlingParts",
            targets: ["Broker", "Catalogue", "Coordinator", "Ledger", "PolicyModel", "Reports", "Wire", "ZeroMQ"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    ],
    targets: [
        .systemLibrary(name: "CZeroMQ", path: "Sources/CZeroMQ", providers: [.apt(["libzmq3-dev"])]),
        .target(name: "ZeroMQ", dependencies: ["CZeroMQ"], swiftSettings: strict),
        .target(name: "PolicyModel", swiftSettings: strict),
        .target(name: "Catalogue", dependencies: ["PolicyModel", yams], swiftSettings: strict),
        .target(name: "Wire", dependencies: ["PolicyModel", crypto], swiftSettings: strict),
        .target(name: "Ledger", dependencies: ["Wire", grdb, sqlite], swiftSettings: strict),
        .target(name: "LogLines", dependencies: ["PolicyModel", "Wire", logging], swiftSettings: strict),
        .target(
            name: "Broker",
            dependencies: ["PolicyModel", "Catalogue", "Ledger", "LogLines", "Wire", zeroMQ, subprocess, logging],
            swiftSettings: strict),
        .target(
            name: "PluginKit",
            dependencies: ["Catalogue", "PolicyModel", "Wire", "Ledger", "LogLines", zeroMQ, logging],
            swiftSettings: strict),
        .target(
            name: "Coordinator", dependencies: ["PolicyModel", "Catalogue", "Wire", "PluginKit"],
            swiftSettings: strict),
        .target(
            name: "Examples", dependencies: ["PolicyModel", "Wire", "Ledger", "PluginKit", "Coordinator"],
            swiftSettings: strict),
        .target(name: "Reports", dependencies: ["PolicyModel", "Coordinator"], swiftSettings: strict),
        .systemLibrary(
            name: "CXlsxWriter", path: "Sources/CXlsxWriter", providers: [.apt(["libxlsxwriter-dev"])]),
        .target(name: "Spreadsheets", dependencies: ["CXlsxWriter", subprocess], swiftSettings: strict),
        .target(
            name: "EntrySheets", dependencies: ["PluginKit", "PolicyModel", "Reports", "Spreadsheets", "Wire"],
            swiftSettings: strict),
        .executableTarget(
            name: "pejling",
            dependencies: [
                "Broker", "Catalogue", "Coordinator", "EntrySheets", "Examples", "Ledger", "LogLines", "PluginKit",
                "PolicyModel", "Reports", "Spreadsheets", "Wire", zeroMQ, arguments, logging, subprocess,
            ], swiftSettings: strict),
        node("BIF"), node("BUF"), node("KFF"), node("SOF"), node("SUF"), node("TMF"), node("OKF"),
        policy("LGBTI", "lgbti"), policy("Handicap", "handicap"), policy("Integration", "integration"),
        policy("Integrationshandleplan", "integrationshandleplan"),
        .target(name: "TortureKit", path: "Tests/TortureKit", swiftSettings: strict),
        // A disk in memory under the SQLite that GRDB links.
        .target(
            name: "CSimulatedDisk", path: "Tests/CSimulatedDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
        .target(
            name: "SimulatedDisk", dependencies: ["CSimulatedDisk"], path: "Tests/SimulatedDisk", swiftSettings: strict),
        .testTarget(name: "PolicyModelTests", dependencies: ["PolicyModel"], swiftSettings: strict),
        .testTarget(
            name: "CatalogueTests", dependencies: ["TortureKit", "Catalogue", "PolicyModel"], swiftSettings: strict),
        .testTarget(name: "WireTests", dependencies: ["TortureKit", "PolicyModel", "Wire"], swiftSettings: strict),
        .testTarget(name: "ZeroMQTests", dependencies: ["CZeroMQ", zeroMQ], swiftSettings: strict),
        .testTarget(
            name: "LedgerTests",
            dependencies: ["SimulatedDisk", "TortureKit", "Ledger", "PolicyModel", "Wire", grdb],
            swiftSettings: strict),
        .testTarget(
            name: "BrokerTests",
            dependencies: [
                "SimulatedDisk", "TortureKit", "Broker", "Catalogue", "Ledger", "LogLines", "PluginKit",
                "PolicyModel", "Wire", zeroMQ,
                logging,
                grdb,
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PluginKitTests",
            dependencies: ["TortureKit", "PluginKit", "PolicyModel", "Wire", "Ledger", logging],
            swiftSettings: strict),
        .testTarget(
            name: "CoordinatorTests", dependencies: ["Catalogue", "Coordinator", "PolicyModel", "Wire"],
            swiftSettings: strict),
        .testTarget(
            name: "ReportsTests", dependencies: ["Reports", "Coordinator", "PolicyModel", "Wire"], swiftSettings: strict
        ),
        .testTarget(
            name: "SpreadsheetsTests", dependencies: ["TortureKit", "Spreadsheets", subprocess], swiftSettings: strict),
        .testTarget(
            name: "EntrySheetsTests",
            dependencies: ["TortureKit", "EntrySheets", "PluginKit", "PolicyModel", "Spreadsheets", subprocess],
            swiftSettings: strict),
        .testTarget(
            name: "ExamplesTests",
            dependencies: ["Catalogue", "Coordinator", "Examples", "Ledger", "PluginKit", "PolicyModel", "Wire"],
            swiftSettings: strict),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "TortureKit", "Broker", "Ledger", "LogLines", "PluginKit", "PolicyModel", "Wire", zeroMQ, subprocess,
                grdb,
            ],
            path: "Tests/EndToEnd", exclude: ["Captures", "Fixtures"], swiftSettings: strict),
        .testTarget(name: "LogLinesTests", dependencies: ["LogLines", logging], swiftSettings: strict),
        .testTarget(name: "ArchitectureTests", path: "Tests/Architecture", swiftSettings: strict),
    ]
)
