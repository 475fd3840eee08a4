// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that who builds aurald builds no benchmarks.
let package = Package(
    name: "aurald-benchmarks",
    dependencies: [
        .package(name: "aurald", path: ".."),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    ],
    targets: [
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                .product(name: "AuralWire", package: "aurald"), .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
                .treatAllWarnings(as: .error),
            ])
    ]
)
