import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// `aurald avs` with all kinds of WAV files, and with clips that cannot be read.
    @Suite struct AVSSoundTests {
        private func run(_ sound: [UInt8], _ more: String...) async throws -> AuraldProcess.Outcome {
            let clip = try ClipFolder.make(frames: 3, sound: sound)
            return try await HearingModels.run("avs", on: HearingModels.avs(), ["--clip", clip] + more)
        }

        @Test("The same sound in every encoding gives the same masks; of 5.1 the two front channels count", .timeLimit(.minutes(4)))
        func encodings() async throws {
            let reference = try frames(try await run(SoundFile(seconds: 3).bytes))
            var surround = SoundFile(seconds: 3, channels: 6)
            for channel in 2..<6 { surround.channels[channel] = surround.channels[channel].indices.map { $0 % 2 == 0 ? 0.25 : -0.25 } }
            let files: [(String, SoundFile)] = [
                ("8 bits", SoundFile(seconds: 3, encoding: .pcm8)), ("24 bits", SoundFile(seconds: 3, encoding: .pcm24)),
                ("32 bits", SoundFile(seconds: 3, encoding: .pcm32)), ("float", SoundFile(seconds: 3, encoding: .float32)),
                ("stereo", SoundFile(seconds: 3, channels: 2)), ("5.1", surround),
            ]
            for (name, file) in files {
                let outcome = try await run(file.bytes)
                #expect(outcome.status == 0 && outcome.errors == "aurald: 3 frames\n", "\(name): \(outcome.errors)")
                let records = try frames(outcome)
                #expect(records.map(\.objects) == reference.map(\.objects), "\(name)")
                if name != "5.1" { #expect(records.map(\.audio) == reference.map(\.audio), "\(name)") }
            }
            #expect(reference.count == 3)
        }

        @Test("Any rate from 8 to 192 kHz is heard", .timeLimit(.minutes(4)), arguments: [8_000, 44_100, 96_000, 192_000])
        func rates(rate: Int) async throws {
            let outcome = try await run(SoundFile(seconds: 3, rate: rate, channels: 2).bytes)
            #expect(outcome.status == 0 && outcome.errors == "aurald: 3 frames\n", "\(outcome.errors)")
            let records = try frames(outcome)
            #expect(records.count == 3)
            for record in records { #expect(abs(try #require(record.audio).rmsDBFS + 9.03) < 0.1) }
        }

        @Test("A WAV file that was cut off is heard as far as it goes, and both are said", .timeLimit(.minutes(4)))
        func truncated() async throws {
            let outcome = try await run(Array(SoundFile(seconds: 3).bytes.prefix(44 + 2 * 32_000)))
            #expect(outcome.status == 0 && outcome.lines.count == 3)
            let notes = outcome.errors.split(separator: "\n")
            #expect(notes.contains("aurald: 1 second of sound too few for the model: the last one was repeated"), "\(outcome.errors)")
            #expect(notes.contains { $0.contains("audio.wav") && $0.contains("cut off") }, "\(outcome.errors)")
        }

        @Test("All-zero sound is no error, and nothing sounds", .timeLimit(.minutes(4)))
        func silence() async throws {
            var file = SoundFile(seconds: 3)
            file.channels = [[Double](repeating: 0, count: 48_000)]
            let outcome = try await run(file.bytes)
            #expect(outcome.status == 0 && outcome.errors == "aurald: 3 frames\n", "\(outcome.errors)")
            let records = try frames(outcome)
            #expect(records.count == 3 && records.allSatisfy { $0.audio?.isSounding == false })
        }

        /// Sound that cannot be heard, and what the message must say of it.
        static let unheard: [(name: String, sound: [UInt8], words: String)] = {
            func file(_ change: (inout SoundFile) -> Void) -> [UInt8] {
                var file = SoundFile(seconds: 1)
                change(&file)
                return file.bytes
            }
            return [
                ("no byte", [], "empty"), ("header only", Array(SoundFile(seconds: 1).bytes.prefix(30)), "ends too early"),
                ("no samples", SoundFile(seconds: 0).bytes, "without samples"), ("half a second", SoundFile(seconds: 0.5).bytes, "500 ms of sound"),
                ("letter", Array("Dear reader, this is no sound at all.\n".utf8), "not a RIFF WAVE file"), ("A-law", file { $0.tag = 6 }, "A-law"),
                ("4 kHz", file { $0.rate = 4_000 }, "4000 samples a second"),
                ("9 channels", SoundFile(seconds: 1, channels: 9).bytes, "9 channels"),
            ]
        }()

        @Test("Sound that cannot be heard ends with 65, the file's name and what to do", .timeLimit(.minutes(4)))
        func unheard() async throws {
            for (name, sound, words) in Self.unheard {
                let outcome = try await run(sound)
                expectFailure(outcome, 65, naming: "/clip/audio.wav: ", words)
                #expect(outcome.errors.contains(/(record|convert|use|make|copy|give)/), "\(name): \(outcome.errors)")
            }
        }

        @Test("A clip that is not there, has no sound or a broken picture ends with the file's name", .timeLimit(.minutes(4)))
        func clips() async throws {
            let model = try await HearingModels.avs()
            func ask(_ clip: String, _ more: String...) async throws -> AuraldProcess.Outcome {
                try await HearingModels.run("avs", on: model, ["--clip", clip] + more)
            }
            let nowhere = Fixtures.path("nowhere")
            expectFailure(try await ask(nowhere), 66, naming: nowhere, "not there")
            expectFailure(try await ask(Fixtures.clip), 66, naming: "\(Fixtures.clip)/audio.wav", "--audio")
            let sound = try Fixtures.file("other.wav", SoundFile(seconds: 3).bytes)
            let apart = try await ask(Fixtures.clip, "--audio", sound)
            #expect(apart.status == 0 && apart.lines.count == 3 && apart.errors.contains("the rest was left out"), "\(apart.errors)")
            let broken = try ClipFolder.make(frames: 3, seconds: 3)
            let picture = "\(broken)/frames/clip_1.png"
            try Data(Fixtures.bytes(picture).prefix(4000)).write(to: URL(filePath: picture))
            expectFailure(try await ask(broken), 65, naming: picture)
            let video = try Fixtures.file("clip.y4m", "YUV4MPEG2 W64 H48 F25:1 Ip A1:1 C420jpeg\n".utf8)
            expectFailure(try await ask(video), 64, naming: video, "--audio FILE")
            let folder = try Fixtures.file("letter.txt", "Dear reader".utf8)
            expectFailure(try await ask(Fixtures.clip, "--audio", sound, "--masks", folder), 73, naming: folder)
        }

        @Test("An error on a terminal has a line of its own, without the rest of the progress bar", .timeLimit(.minutes(4)))
        func bar() async throws {
            let folder = Fixtures.path("masks")
            try FileManager.default.createDirectory(atPath: "\(folder)/mask_1.png", withIntermediateDirectories: true)
            let clip = try ClipFolder.make(frames: 3, seconds: 3)
            let command = ["avs", "--model", try await HearingModels.avs(), "--clip", clip, "--masks", folder]
            let outcome = await (try AuraldProcess(command, errors: .terminal)).finish()
            #expect(outcome.status == 73 && outcome.errors.contains("avs [###"), "\(outcome.errors)")
            #expect(outcome.errors.contains("\r\u{1B}[Kaurald: error: \(folder)/mask_1.png"), "\(outcome.errors.debugDescription)")
        }
    }
}
