import AuralCore
import AuralNetworks
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// `aurald track` with a model that hears.
    @Suite struct TrackSoundTests {
        private func track(_ clip: SoundClip, _ more: [String]) async throws -> AuraldProcess.Outcome {
            try await AuraldProcess.run(["track", "--model", Fixtures.hearing(.online), "--video", try clip.video()] + more)
        }

        private func frames(_ outcome: AuraldProcess.Outcome) throws -> [FrameRecord] {
            try #require(outcome.status == 0, "\(outcome.errors)")
            return try outcome.lines.map { try JSONDecoder().decode(FrameRecord.self, from: Data($0.utf8)) }
        }

        @Test("What sounds is object 0 of each frame, without a prompt, and beside objects that are prompted", .timeLimit(.minutes(4)))
        func sound() async throws {
            let clip = SoundClip(frames: 9, beep: 4..<9)
            let sound = ["--audio", try clip.audio()]
            let alone = try frames(try await track(clip, sound))
            #expect(alone.count == clip.frames)
            for frame in alone {
                let object = try #require(frame.sounding)
                #expect(frame.objects.count == 1 && object.kind == .sounding)
                #expect((object.area > 0) == clip.isHeard(frame.sequence) && frame.audio?.isSounding == clip.isHeard(frame.sequence), "\(frame)")
            }
            let prompts = #"[{"frame":2,"object_id":1,"box":[0.1,0.1,0.9,0.9]},{"frame":6,"object_id":0,"points":[[0.1,0.1]],"labels":[0]}]"#
            let both = try frames(try await track(clip, sound + ["--prompt", prompts]))
            for (one, other) in zip(alone, both) {
                #expect(other.objects.map(\.objectID.rawValue) == (other.sequence < 2 ? [0] : [0, 1]))
                // The person's word counts from its frame on.
                if other.sequence < 6 { #expect(other.sounding?.counts == one.sounding?.counts) }
                if other.sequence == 6 { #expect(other.sounding?.counts != one.sounding?.counts) }
            }
        }

        @Test("Without sound a model that hears is as any other", .timeLimit(.minutes(4)))
        func silent() async throws {
            let clip = SoundClip(frames: 3)
            let box = #"[{"frame":0,"object_id":1,"box":[0.1,0.1,0.9,0.9]}]"#
            let objects = try frames(try await track(clip, ["--prompt", box])).map { $0.objects.map(\.objectID.rawValue) }
            #expect(objects == [[1], [1], [1]])
            expectFailure(try await track(clip, []), 64, naming: "--prompt", "--audio")
        }
    }
}
