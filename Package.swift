// swift-tools-version: 6.2
import PackageDescription

/// What other packages may use: they take no targets with unsafe flags.
let open: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

// Tests run in release, where the networks are fast enough, and some look at internals.
let house = open + [.unsafeFlags(["-enable-testing"], .when(configuration: .release))]

/// A library target of ours: Sources/<name>, the house's settings.
func module(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = [], settings: [SwiftSetting] = house) -> Target {
    .target(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: settings)
}

/// The tests of one module: Tests/<name>Tests; golden files are found by path, not as resources.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: dependencies, exclude: exclude, swiftSettings: house)
}

let nio: [Target.Dependency] = [.product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio")]
let http: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")

let package = Package(
    name: "aurald",
    products: [
        .executable(name: "aurald", targets: ["aurald"]),
        .library(name: "AuralClient", targets: ["AuralClient", "AuralWire", "AuralCore"]),
        // Records and masks without sockets.
        .library(name: "AuralWire", targets: ["AuralWire", "AuralCore"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // C headers and libraries, nothing of our own but shims.
        .systemLibrary(name: "CALSA", pkgConfig: "alsa", providers: [.apt(["libasound2-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        .systemLibrary(name: "COpenVINO", pkgConfig: "aurald-openvino"),
        .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
        .systemLibrary(name: "CSoxr", pkgConfig: "soxr", providers: [.apt(["libsoxr-dev"])]),
        .systemLibrary(name: "CTurboJPEG", pkgConfig: "libturbojpeg", providers: [.apt(["libturbojpeg0-dev"])]),
        .systemLibrary(name: "CV4L2", pkgConfig: "libv4l2", providers: [.apt(["libv4l-dev"])]),

        // The rooms, from the ground up: a module may import those above it.
        module("AuralCore", [], settings: open),
        module("AuralText", ["AuralCore"]),
        module("AuralCapture", ["AuralCore", "CALSA", "CLinux", "CTurboJPEG", "CPNG", "CV4L2"]),
        module("AuralHearing", ["AuralCore", "CSoxr"]),
        module(
            "AuralGraph", ["AuralCore", "CCrypto", .product(name: "SwiftProtobuf", package: "swift-protobuf")],
            exclude: ["ONNX/onnx.proto"]),
        module("AuralNetworks", ["AuralCore", "AuralGraph"]),
        module("AuralInference", ["AuralCore", "AuralText", "AuralGraph", "AuralNetworks", "COpenVINO"]),
        module("AuralTracking", ["AuralCore", "AuralHearing", "AuralGraph", "AuralNetworks", "AuralInference"]),
        module("AuralWire", ["AuralCore"], settings: open),
        module("AuralClient", ["AuralCore", "AuralWire"] + nio, settings: open),
        module("AuralRecording", ["AuralCore", "AuralCapture", "AuralWire"]),
        module(
            "AuralService",
            [
                "AuralCore", "AuralCapture", "AuralHearing", "AuralText", "AuralGraph", "AuralNetworks", "AuralInference", "AuralTracking",
                "AuralWire", "AuralClient", "AuralRecording", logging, lifecycle, http, .product(name: "TOMLKit", package: "TOMLKit"),
            ] + nio),
        .target(
            name: "AuralPreview",
            dependencies: [
                "AuralCore", "AuralWire", "AuralClient", "AuralService", logging, .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            resources: [
                "page.html", "page.css", "icon.svg", "page.js", "daemon.js", "view.js", "masks.js", "objects.js", "pointing.js", "sound.js",
            ].map { .embedInCode("Page/\($0)") },
            swiftSettings: house),
        .executableTarget(
            name: "aurald",
            dependencies: [
                "AuralCore", "AuralCapture", "AuralHearing", "AuralText", "AuralGraph", "AuralNetworks", "AuralInference", "AuralTracking",
                "AuralWire", "AuralClient", "AuralRecording", "AuralService", "AuralPreview", logging,
                lifecycle, .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ], swiftSettings: house),
        module("AuralTesting", ["AuralCore", "AuralCapture", "AuralGraph", "AuralNetworks", "AuralInference", "CV4L2"]),

        tests("AuralPreview", ["AuralCore", "AuralWire", "AuralService", "AuralPreview", logging]),
        tests("AuralCore", ["AuralCore"]),
        tests("AuralText", ["AuralText", "AuralCore"]),
        tests("AuralCapture", ["AuralCapture", "AuralCore", "AuralTesting", "CLinux", "CTurboJPEG", "CPNG", "CV4L2"], exclude: ["Golden"]),
        tests("AuralHearing", ["AuralHearing", "AuralCore", "AuralCapture", "AuralGraph", "AuralTesting"]),
        tests("AuralGraph", ["AuralGraph", "AuralCore"], exclude: ["Golden"]),
        tests("AuralNetworks", ["AuralNetworks", "AuralGraph", "AuralCore", "AuralTesting"]),
        tests("AuralInference", ["AuralInference", "AuralTesting", "AuralGraph", "AuralNetworks", "AuralCore", "AuralCapture"]),
        tests(
            "AuralTracking",
            [
                "AuralTracking", "AuralInference", "AuralTesting", "AuralGraph", "AuralNetworks", "AuralCore", "AuralCapture", "AuralWire",
                "AuralService",
            ]),
        tests("AuralWire", ["AuralWire", "AuralCore"], exclude: ["Golden"]),
        tests("AuralRecording", ["AuralRecording", "AuralWire", "AuralCapture", "AuralCore", "CPNG"]),
        tests(
            "AuralService",
            [
                "AuralService", "AuralTracking", "AuralInference", "AuralNetworks", "AuralCapture", "AuralHearing", "AuralTesting", "AuralWire",
                "AuralClient",
                "AuralCore", "CTurboJPEG", "CV4L2", logging, lifecycle, .product(name: "NIOEmbedded", package: "swift-nio"),
            ] + nio, exclude: ["Golden"]),
        tests(
            "EndToEnd",
            [
                "AuralService", "AuralWire", "AuralCore", "AuralCapture", "AuralTesting", "AuralInference", "AuralNetworks", "AuralGraph", logging,
                "AuralRecording", "AuralClient",
            ], exclude: ["Golden"]),
    ]
)

// tools/sanitize builds the tests of some modules alone: the other tests, the programs and the page take half of a build's time.
if let names = Context.environment["AURALD_TESTED_MODULES"]?.split(separator: " ") {
    package.products.removeAll { $0.name == "aurald" }
    package.targets.removeAll { target in
        switch target.type {
        case .test: !names.contains { target.name == "\($0)Tests" }
        case .executable: true
        default: target.name == "AuralPreview"
        }
    }
}
