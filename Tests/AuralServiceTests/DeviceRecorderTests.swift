import AuralCapture
import AuralCore
import AuralTesting
import CV4L2
import Foundation
import Synchronization
import Testing

@testable import AuralService

@Suite struct DeviceRecorderTests {
    private struct Line: Decodable {
        let seq: UInt64
        let size: [Int]
        let mean: Double
    }

    private let kernel = FakeV4L2Kernel(startingAt: SystemTimeSource().now())
    private let sound = PipedALSACard()

    private func recorder(
        _ folder: String, seconds: Double = 0, camera: Bool = true, microphone: Bool = true, patience: Duration = .seconds(60),
        report: @escaping @Sendable (String) -> Void = { _ in }
    ) -> DeviceRecorder {
        let configuration = LiveRig.configuration
        return DeviceRecorder(
            folder: folder, seconds: seconds, camera: camera ? configuration.camera.settings : nil,
            microphone: microphone ? configuration.microphone.settings : nil,
            hardware: LiveHardware(
                cameraKernel: kernel, cameraLocator: kernel, soundSystem: sound, soundLocator: sound.card, soundClock: sound.card,
                hotPlug: FakeHotPlug()), patience: patience, report: report)
    }

    @Test("pictures and sound are written as they came", .timeLimit(.minutes(5)))
    func both() async throws {
        try await ServerFixture.withFolder { folder in
            kernel.plug(.simple(cv4l2_pix_fmt_grey), at: LiveRig.node)
            let (events, reporter) = AsyncStream<String>.makeStream()
            let recorder = recorder(folder + "/new") { reporter.yield($0) }
            async let summary = recorder.run()
            var wanted = Set(["camera: streaming", "microphone: streaming"])
            var opened = 0
            for await event in events {
                wanted.remove(event)
                if event.contains("32x24") || event.contains("16000") { opened += 1 }
                // The first frame is dropped, the second and third are those of the file.
                if opened == 2, event != "microphone: streaming" {
                    for _ in 0..<3 { kernel.advance(to: kernel.nextFrame ?? kernel.now()) }
                    for _ in 0..<5 { sound.pass(milliseconds: 20) }
                }
                if wanted.isEmpty { break }
            }
            let seen = try await summary
            #expect(seen.frames + Int(seen.framesLost) >= 1 && seen.missingSamples == 0)
            let text = try String(contentsOfFile: folder + "/new/frames.ndjson", encoding: .utf8)
            let lines = try text.split(separator: "\n").map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
            #expect(lines.count == seen.frames && lines.allSatisfy { $0.size == [24, 32] })
            // A frame's bytes all hold the driver's number, which is one more than ours.
            #expect(lines.allSatisfy { $0.mean == Double($0.seq + 1) })
            let wave = try WAVReader(path: folder + "/new/audio.wav")
            #expect(wave.sampleRate == 16_000 && wave.channelCount == 1 && Int64(wave.sampleCount) == seen.samples)
            #expect(kernel.leaks == .init() && sound.card.openHandles == 0)
            #expect(FileManager.default.fileExists(atPath: folder + "/new/frame.png") == (seen.frames > 0))
        }
    }

    @Test(
        "devices that do not deliver are named, and nothing stays open", .timeLimit(.minutes(5)),
        arguments: [(true, true, "camera and microphone"), (true, false, "camera"), (false, true, "microphone")])
    func missing(camera: Bool, microphone: Bool, name: String) async throws {
        try await ServerFixture.withFolder { folder in
            sound.card.change { $0.presence = .absent }
            let error = await #expect(throws: DeviceError.self) {
                try await recorder(folder, camera: camera, microphone: microphone, patience: .zero).run()
            }
            #expect(error?.device == name && error?.exitStatus == .unavailable)
            #expect(kernel.leaks == .init() && sound.card.openHandles == 0)
        }
    }

    @Test("a folder that cannot be written is found out about before any device is opened", .timeLimit(.minutes(5)))
    func unwritable() async throws {
        try await ServerFixture.withFolder { folder in
            kernel.plug(.simple(), at: LiveRig.node)
            try FileManager.default.createDirectory(atPath: folder + "/frames.ndjson", withIntermediateDirectories: false)
            await #expect(throws: CaptureError.self) { try await recorder(folder).run() }
            #expect(kernel.openings.isEmpty && sound.card.openings == 0)
            try Data("x".utf8).write(to: URL(filePath: folder + "/file"))
            await #expect(throws: CaptureError.self) { try await recorder(folder + "/file").run() }
        }
    }
}
