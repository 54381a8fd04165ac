// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Performance",
    dependencies: [
        .package(name: "Pejling", path: "../.."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    ],
    targets: [
        // The limit that the broker is measured against (Docs/decisions/0014-measuring.md).
        .target(
            name: "CReferenceLoop",
            linkerSettings: [.linkedLibrary("zmq"), .linkedLibrary("sqlite3"), .linkedLibrary("crypto")]),
        .executableTarget(
            name: "pejling-bench",
            dependencies: [
                "CReferenceLoop", .product(name: "PejlingParts", package: "Pejling"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error), .enableUpcomingFeature("ExistentialAny")]),
        .executableTarget(
            name: "pejling-scale", dependencies: [.product(name: "PejlingParts", package: "Pejling")],
            swiftSettings: [.treatAllWarnings(as: .error)]),
    ]
)
