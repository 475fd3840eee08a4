import AuralNetworks
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// What the configuration says of sound.
    @Suite struct HearingConfigurationTests {
        @Test("Without the fuser's sparse or dense prompts other masks are found", .timeLimit(.minutes(4)))
        func ablations() async throws {
            let clip = SoundClip(frames: 6, beep: 2..<4)
            var found: Set<String> = []
            for keys in ["", "[fuser]\nsparse = false", "[fuser]\ndense = false"] {
                let source = try clip.source(rate: 12, more: keys)
                try await LiveDaemon.with(source, model: "", bundle: try Fixtures.hearing(.online), engine: "openvino") { daemon in
                    let object = try await SocketPeer(daemon.socket).firstFound(in: clip)
                    #expect(object.area > 0)
                    found.insert("\(object.iou) \(object.counts)")
                }
            }
            #expect(found.count == 3)
        }

        @Test("A reload changes from when on and for how long something is heard, and with it the mask", .timeLimit(.minutes(4)))
        func reload() async throws {
            let clip = SoundClip(frames: 10, beep: 2..<6)
            let source = { (hearing: String) in try clip.source(hearing: "hold_ms = 0\n\(hearing)") }
            // The sine has −9 dBFS.
            try await LiveDaemon.with(
                try source("open_dbfs = -3"), model: "", bundle: try Fixtures.hearing(.online), engine: "openvino"
            ) { daemon in
                let peer = try SocketPeer(daemon.socket)
                for _ in 0..<10 {
                    let frame = try await peer.frame()
                    #expect(frame.audio?.isSounding == false && frame.sounding?.area == 0)
                }
                #expect(try await daemon.value("aurald_audio_keyframes_total") == 0)
                try daemon.configure(try source("open_dbfs = -20\n[fuser]\ndense = false"))
                _ = try daemon.reload()
                let line = try #require(await daemon.process.errors.next(containing: "reloaded, but some keys need a restart"))
                #expect(line.contains("hearing.open_dbfs") && line.contains("fuser.dense"), "\(line)")
                let heard = try await peer.frame { $0.audio?.isSounding == true }
                #expect(clip.isHeard(heard.sequence) && heard.sounding.map { $0.area > 0 } == true)
                let silent = try await peer.frame { $0.audio?.isSounding == false }
                #expect(!clip.isHeard(silent.sequence) && silent.sounding?.area == 0)
                // Held for longer than the clip is silent.
                try daemon.configure(try clip.source(hearing: "hold_ms = 5000\nopen_dbfs = -20"))
                _ = try daemon.reload()
                let held = try await peer.frame { $0.audio?.isSounding == true && !clip.isHeard($0.sequence) }
                #expect(try #require(held.sounding).area > 0)
            }
        }

        @Test(
            "Sound that cannot be used ends the start in one line, before the networks are loaded", .timeLimit(.minutes(4)),
            arguments: [("missing.wav", 66, "no such file"), ("empty.wav", 65, "empty"), ("letter.wav", 65, "RIFF")] as [(String, Int32, String)])
        func badSound(name: String, status: Int32, reason: String) async throws {
            let path =
                switch name {
                case "missing.wav": Fixtures.path(name)
                case "empty.wav": try Fixtures.file(name, [])
                default: try Fixtures.file(name, "Dear reader,\nthis is no sound.\n".utf8)
                }
            let source = "[source]\nkind = \"replay\"\npath = \"\(Fixtures.clip)\"\naudio = \"\(path)\"\n"
            let daemon = try await LiveDaemon(source)
            let outcome = await daemon.process.finish()
            #expect(outcome.status == status, "\(outcome.errors)")
            let line = try #require(outcome.errors.split(separator: "\n").last)
            #expect(line.hasPrefix("aurald: error: ") && line.contains(path) && line.contains(reason), "\(outcome.errors)")
            #expect(!outcome.errors.contains("loading "), "\(outcome.errors)")
            #expect(!FileManager.default.fileExists(atPath: daemon.socket))
        }
    }
}
