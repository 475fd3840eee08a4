import AuralCapture
import AuralCore
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    @Suite struct SnapshotTests {
        private func image(_ path: String) throws -> RGBImage { try ImageDecoder().decode(file: path, pool: ImagePool(capacity: 1)) }

        @Test("A snapshot is a picture of the clip, with or without its masks", .timeLimit(.minutes(4)))
        func picture() async throws {
            var settings = AuraldDaemon.Settings()
            settings.model = "engine = \"rehearsal\""
            try await AuraldDaemon.with(settings) { daemon in
                let drawn = Fixtures.path("drawn.png")
                let outcome = try await daemon.command("snapshot", "--output", drawn, "--json")
                #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
                guard case .frame(let frame) = try ServerRecord(text: outcome.output) else {
                    throw AuraldDaemon.NotReady(description: outcome.output)
                }
                let picture = try image(drawn)
                #expect(picture.width == 640 && picture.height == 480)
                // The edge of object 1's mask has its colour, whatever was there.
                let mask = try #require(frame.objects.first).mask().decoded()
                let place = try #require(mask.pixels.firstIndex(of: 1))
                #expect([picture.bytes[3 * place], picture.bytes[3 * place + 1], picture.bytes[3 * place + 2]] == [86, 180, 233])

                let plain = Fixtures.path("plain.png")
                let second = try await daemon.command("snapshot", "-o", plain, "--no-masks")
                #expect(second.output.contains(#/^.*plain\.png: frame \d+, 1 object\(s\)\n$/#), "\(second.output)")
                let original = try closest(to: try image(plain))
                #expect(original < 6, "no picture of the clip is like it: \(original)")
            }
        }

        /// The least mean distance of any of the clip's pictures.
        private func closest(to picture: RGBImage) throws -> Double {
            try (0..<10).map { number in
                let original = try image("\(Fixtures.clip)/clip_0\(number).png")
                return Double(zip(original.bytes, picture.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(original.bytes.count)
            }.min() ?? .infinity
        }

        @Test("Where no frame comes, or no daemon is there, it says so and writes nothing", .timeLimit(.minutes(5)))
        func nothing() async throws {
            let path = Fixtures.path("none.png")
            let daemon = try await LiveDaemon()
            try daemon.awaitReady()
            expectFailure(
                try await AuraldProcess.run(["snapshot", "--socket", daemon.socket, "-o", path, "--timeout", "0.2"]), 69, naming: "0.2 s",
                "camera is absent")
            _ = await daemon.stop()
            expectFailure(try await AuraldProcess.run(["snapshot", "--socket", daemon.socket, "-o", path]), 69, naming: "aurald run")
            #expect(!FileManager.default.fileExists(atPath: path))
        }

        @Test("watch shows pictures and sound to who wants them", .timeLimit(.minutes(4)))
        func parts() async throws {
            var settings = AuraldDaemon.Settings()
            settings.model = "engine = \"rehearsal\""
            settings.audio = try Fixtures.sine(seconds: 1)
            try await AuraldDaemon.with(settings) { daemon in
                let outcome = try await daemon.command("watch", "--want", "frame,picture,sound", "--count", "8", "--json")
                #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
                var (pictures, sounds, pairs, pairing) = (0, 0, 0, FramePairing())
                var next: Int64?
                for line in outcome.lines {
                    let record = try ServerRecord(text: line)
                    if pairing.take(record) != nil { pairs += 1 }
                    switch record {
                    case .picture(let picture):
                        pictures += 1
                        #expect(picture.size == [480, 640] && picture.data.prefix(2) == Data([0xFF, 0xD8]))
                    case .sound(let sound):
                        sounds += 1
                        if let next { #expect(sound.first == next) }
                        next = sound.first + Int64(sound.data.count / 2 / sound.channels)
                    default: break
                    }
                }
                #expect(pictures >= 3 && sounds >= 3 && pairs == pictures)
                let wrong = try await daemon.command("watch", "--want", "frames")
                #expect(wrong.status == 64 && wrong.errors.contains("there is no frames; give some of frame, instance"), "\(wrong.errors)")
            }
        }
    }
}
