import AuralNetworks
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// Words that say which sound is meant, with a text encoder that nobody trained.
    @Suite struct ExpressionTests {
        @Test("Words change what is found from the next sound on, and none bring the old mask back", .timeLimit(.minutes(4)))
        func words() async throws {
            // Each pass begins in silence, so that what is found on its first frame with sound depends on nothing but this frame, its sound and the words.
            let clip = SoundClip(frames: 6, beep: 2..<4)
            try await LiveDaemon.with(try clip.source(rate: 12), model: "", bundle: try Fixtures.words(), engine: "openvino") { daemon in
                let peer = try SocketPeer(daemon.socket)
                func say(_ words: String) async throws -> UInt64 {
                    let outcome = try await AuraldProcess.run(["prompt", "--socket", daemon.socket, "--expression", words, "--json"])
                    #expect(outcome.status == 0, "\(outcome.errors)")
                    let reply = try AuraldDaemon.reply(outcome)
                    #expect(reply.verb == "set_expression")
                    return try #require(reply.sequence)
                }
                let plain = try await peer.firstFound(in: clip)
                #expect(plain.area > 0)
                #expect(try await peer.firstFound(in: clip) == plain)
                let dog = try await peer.firstFound(in: clip, after: say("the barking dog"))
                #expect(dog != plain)
                #expect(try await peer.firstFound(in: clip) == dog)
                let piano = try await peer.firstFound(in: clip, after: say("das Klavier, das links steht"))
                #expect(piano != plain && piano != dog)
                #expect(try await peer.firstFound(in: clip, after: say("")) == plain)
                #expect(try await daemon.value(#"aurald_prompts_total{verb="set_expression",result="ok"}"#) == 3)
            }
        }

        @Test("A fuser that takes words does not start without a text encoder, and says so before the networks are loaded", .timeLimit(.minutes(4)))
        func noEncoder() async throws {
            let daemon = try await LiveDaemon(try SoundClip().source(), bundle: try Fixtures.hearing(.auralsam2, text: true))
            let outcome = await daemon.process.finish()
            #expect(outcome.status == 78, "\(outcome.errors)")
            #expect(outcome.errors.split(separator: "\n").last?.contains("--text") == true, "\(outcome.errors)")
            #expect(!outcome.errors.contains("loading "), "\(outcome.errors)")
        }
    }
}
