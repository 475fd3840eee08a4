// swift-tools-version: 6.2
import PackageDescription

let house: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

/// A library target of ours: Sources/<name>, the house's settings.
func module(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: house)
}

/// The tests of one module: Tests/<name>Tests, with its golden files in Tests/<name>Tests/Golden where it has some.
func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, resources: resources, swiftSettings: house)
}

let package = Package(
    name: "aurald",
    products: [
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    ],
    targets: [
        .systemLibrary(name: "COpenVINO", pkgConfig: "aurald-openvino"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        module("AuralCore", []),
        module(
            "AuralGraph", ["AuralCore", "CCrypto", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["ONNX/onnx.proto"]),
        module("AuralNetworks", ["AuralCore", "AuralGraph"]),
        module("AuralInference", ["AuralCore", "AuralGraph", "AuralNetworks", "COpenVINO"]),
        module("AuralTracking", ["AuralCore", "AuralGraph", "AuralNetworks", "AuralInference"]),
        module("AuralTesting", ["AuralCore", "AuralGraph", "AuralNetworks", "AuralInference"]),
        tests("AuralTracking", ["AuralTracking", "AuralInference", "AuralTesting", "AuralGraph", "AuralNetworks", "AuralCore"]),
        tests("AuralInference", ["AuralInference", "AuralTesting", "AuralGraph", "AuralNetworks", "AuralCore"]),
    ]
)
