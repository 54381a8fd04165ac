// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Performance",
    dependencies: [.package(name: "Pejling", path: "../..")],
    targets: [
        .executableTarget(
            name: "pejling-bench", dependencies: [.product(name: "PejlingParts", package: "Pejling")],
            swiftSettings: [.treatAllWarnings(as: .error)]),
        .executableTarget(
            name: "pejling-scale", dependencies: [.product(name: "PejlingParts", package: "Pejling")],
            swiftSettings: [.treatAllWarnings(as: .error)]),
    ]
)
