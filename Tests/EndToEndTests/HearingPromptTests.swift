import AuralCore
import AuralNetworks
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// A person corrects what sounds, while it sounds.
    @Suite struct HearingPromptTests {
        private static func runs(_ daemon: LiveDaemon, _ stage: String) async throws -> Int {
            Int(try await daemon.value("aurald_stage_seconds_count{stage=\"\(stage)\"}") ?? -1)
        }

        @Test(
            "Points, boxes and masks correct the sounding object on the frame at hand, without encoding it again", .timeLimit(.minutes(4)),
            arguments: [FuserVariant.online, .auralsam2])
        func cached(variant: FuserVariant) async throws {
            let clip = SoundClip(frames: 8, beep: 0..<8)
            let source = try clip.source(rate: 16, loops: false)
            try await LiveDaemon.with(source, model: "", bundle: try Fixtures.hearing(variant), engine: "openvino") { daemon in
                let peer = try SocketPeer(daemon.socket)
                _ = try await peer.played(clip.frames)
                let before = (
                    try await Self.runs(daemon, "encode_image"), try await Self.runs(daemon, "fuser"), try await Self.runs(daemon, "vggish")
                )
                var decoded = try await Self.runs(daemon, "mask_decode")
                var counts: Set<String> = []
                for request in [
                    #""add_points","points":[[0.4,0.5]],"labels":[1]"#,
                    #""add_points","points":[[0.9,0.9]],"labels":[0],"clear_old":false"#,
                    #""add_box","box":[0.1,0.1,0.5,0.9]"#,
                    #""add_mask","mask":{"size":[2,2],"counts":"022"}"#,
                ] {
                    try peer.send(#"{"object_id":0,"seq":7,"verb":\#(request)}"#)
                    let reply = try await peer.reply()
                    let object = try #require(reply.object)
                    #expect(reply.sequence == 7 && object.objectID == .sounding && object.kind == .sounding)
                    counts.insert(object.counts)
                    decoded += 1
                    #expect(try await Self.runs(daemon, "mask_decode") == decoded)
                    if reply.verb == "add_mask" {
                        // The left half of the picture, taken at its word.
                        #expect(object.iou == 1 && abs(object.area - 64 * 48 / 2) <= 48, "\(object.area)")
                    }
                }
                #expect(counts.count == 4)
                // Another object beside it, and what is forgotten is gone from this frame.
                try peer.send(#"{"verb":"add_box","object_id":1,"seq":7,"box":[0.5,0.1,0.9,0.9]}"#)
                #expect(try await peer.reply().object?.kind == .prompt)
                try peer.send(#"{"verb":"status"}"#)
                #expect(try await peer.reply().status?.objects.sorted() == [0, 1])
                try peer.send(#"{"verb":"remove_object","object_id":0}"#)
                #expect(try await peer.reply().verb == "remove_object")
                for verb in [#""remove_object""#, #""add_points","points":[[0.4,0.5]],"labels":[1]"#] {
                    try peer.send(#"{"object_id":0,"verb":\#(verb)}"#)
                    #expect(try await peer.error().code == .noSuchObject)
                }
                try peer.send(#"{"verb":"status"}"#)
                #expect(try await peer.reply().status?.objects == [1])
                let after = (try await Self.runs(daemon, "encode_image"), try await Self.runs(daemon, "fuser"), try await Self.runs(daemon, "vggish"))
                #expect(before == after)
            }
        }

        @Test(
            "While sound goes on, a correction is in the frame that its reply names, and what was forgotten is found again", .timeLimit(.minutes(4)))
        func live() async throws {
            // Long enough for all that follows, also on a machine that is busy.
            let clip = SoundClip(frames: 100, beep: 2..<100)
            try await LiveDaemon.with(try clip.source(), model: "", bundle: try Fixtures.hearing(.online), engine: "openvino") { daemon in
                let peer = try SocketPeer(daemon.socket)
                let heard = try await peer.frame { clip.isHeard($0.sequence) }
                let outcome = try await AuraldProcess.run(["prompt", "--socket", daemon.socket, "--object", "0", "--point", "0.4,0.5", "--json"])
                #expect(outcome.status == 0, "\(outcome.errors)")
                let reply = try AuraldDaemon.reply(outcome)
                let corrected = try await peer.frame { $0.sequence == reply.sequence }
                #expect(corrected.sequence > heard.sequence && corrected.sounding == reply.object && corrected.sounding?.kind == .sounding)

                try peer.send(#"{"verb":"add_box","object_id":1,"box":[0.5,0.1,0.9,0.9]}"#)
                #expect(try await peer.frame(with: [0, 1]).objects.map(\.kind) == [.sounding, .prompt])
                #expect(try await peer.reply().verb == "add_box")
                for verb in [#""remove_object","object_id":0"#, #""reset""#] {
                    try peer.send(#"{"id":5,"verb":\#(verb)}"#)
                    let sequence = try #require(try await peer.reply().sequence)
                    let next = try await peer.frame { $0.sequence > sequence && clip.isHeard($0.sequence) }
                    #expect(try #require(next.sounding).area > 0)
                    #expect(next.objects.map(\.objectID.rawValue) == (verb.contains("reset") ? [0] : [0, 1]))
                }

                let line = try await AuraldProcess.run(["prompt", "--socket", daemon.socket, "--expression", "the dog"])
                expectFailure(line, 64, naming: "unsupported", "--text", "Ref-AVS")
            }
        }
    }
}
