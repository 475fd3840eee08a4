import AuralCore
import AuralNetworks
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// A clip with sound, live, with a fuser that nobody trained.
    @Suite struct HearingTests {
        @Test(
            "While it sounds, object 0 has a mask; in silence it is empty, and no decoder runs", .timeLimit(.minutes(4)),
            arguments: [FuserVariant.online, .auralsam2])
        func silence(variant: FuserVariant) async throws {
            let clip = SoundClip(frames: 18, beep: 8..<14)
            // A keyframe of auralsam2 on every third frame, as they are played at ten frames a second.
            let source = try clip.source(loops: false, more: "[fuser]\nkeyframe_ms = 300")
            try await LiveDaemon.with(source, model: "", bundle: try Fixtures.hearing(variant), engine: "openvino") { daemon in
                let frames = try await SocketPeer(daemon.socket).played(clip.frames).frames
                for frame in frames {
                    let isHeard = clip.isHeard(frame.sequence)
                    let audio = try #require(frame.audio)
                    #expect(audio.isSounding == isHeard, "\(frame.sequence)")
                    // The level is that of the second before the frame, which the beep fills in part.
                    let share = min(max(Double(frame.sequence) - 8, 0), 6) / min(max(Double(frame.sequence), 1), 10)
                    #expect(abs(audio.rmsDBFS - (share > 0 ? -9.03 + 10 * log10(share) : -120)) < 0.1, "\(frame.sequence): \(audio)")
                    #expect(frame.latencyMilliseconds > 0)
                    let object = try #require(frame.objects.first)
                    #expect(frame.objects.count == 1 && object.objectID == .sounding && object.kind == .sounding)
                    let mask = try object.mask()
                    #expect(mask.area == object.area && [mask.height, mask.width] == [SoundClip.height, SoundClip.width])
                    #expect((object.area > 0) == isHeard && (object.score > 0.9) == isHeard && (object.iou > 0) == isHeard, "\(object)")
                }
                func runs(_ stage: String) async throws -> Int {
                    Int(try await daemon.value("aurald_stage_seconds_count{stage=\"\(stage)\"}") ?? -1)
                }
                let heard = frames.count { clip.isHeard($0.sequence) }
                let (decoded, fused) = (try await runs("mask_decode"), Int(try await daemon.value("aurald_audio_keyframes_total") ?? -1))
                // A machine that is late drops frames, and a client that is late has missed some.
                #expect(decoded >= heard && decoded <= 6 && fused > 0)
                if frames.count == clip.frames { #expect(decoded == heard && fused == (variant == .online ? 6 : 2)) }
                #expect(variant == .online ? fused == decoded : fused <= decoded)
                #expect(try await runs("vggish") == fused)
                #expect(try await runs("memory_encode") == decoded)
                #expect(try await runs("encode_image") >= frames.count)
                #expect(try await daemon.value("aurald_sounding") == 0)
            }
        }

        @Test("A flash and a beep of one instant are told of one frame, and every mask is of its own picture", .timeLimit(.minutes(4)))
        func flashAndBeep() async throws {
            let flash = 25
            // A disc that moves to the right, a pixel each frame; everything is white at the flash.
            let clip = SoundClip(frames: 45, framesPerSecond: 25, beep: flash..<45) { x, y, frame in
                let (across, down) = (x - 8 - frame, y - 24)
                return frame == flash || across * across + down * down < 50 ? 235 : 16
            }
            let source = try clip.source(loops: false, more: "[[prompt]]\nobject_id = 1\nbox = [0.1, 0.1, 0.9, 0.9]")
            try await LiveDaemon.with(source, bundle: try Fixtures.hearing(.auralsam2)) { daemon in
                let frames = try await SocketPeer(daemon.socket).played(clip.frames).frames
                let first = try #require(frames.first)
                for frame in frames {
                    #expect(frame.timeNanoseconds - first.timeNanoseconds == Int64(frame.sequence - first.sequence) * 40_000_000)
                    #expect(frame.objects.map(\.objectID.rawValue) == [0, 1])
                    // What is seen: the rehearsal's masks are the bright parts of the picture.
                    let seen = try #require(frame.objects.last)
                    if frame.sequence == UInt64(flash) {
                        #expect(seen.area == SoundClip.width * SoundClip.height)
                    } else {
                        let middle = Double(seen.boundingBox.x) + Double(seen.boundingBox.width) / 2
                        #expect(abs(middle - 8.5 - Double(frame.sequence)) <= 1.5, "\(frame.sequence): \(seen)")
                    }
                    // What is heard: from when on there is sound, by the level of the second that ends with the frame.
                    let audio = try #require(frame.audio)
                    #expect(audio.isSounding == (frame.sequence > UInt64(flash)), "\(frame.sequence)")
                    guard audio.isSounding else { continue }
                    #expect(frame.sounding?.counts == seen.counts)
                    let time = Double(frame.sequence) / 25
                    let onset = time - min(time, 1) * pow(10, (audio.rmsDBFS + 9.03) / 10)
                    #expect(abs(onset - Double(flash) / 25) < 0.020, "\(frame.sequence): \(onset)")
                }
                #expect(frames.contains { $0.sequence > UInt64(flash) })
            }
        }

        @Test("Where there is no sound at all, object 0 is there with an empty mask, and cannot be prompted", .timeLimit(.minutes(4)))
        func deaf() async throws {
            try await LiveDaemon.with(LiveDaemon.clip, bundle: try Fixtures.hearing(.online)) { daemon in
                let peer = try SocketPeer(daemon.socket)
                let frame = try await peer.frame(with: [0])
                #expect(frame.audio == nil && frame.sounding?.kind == .sounding && frame.sounding?.area == 0)
                try peer.send(#"{"verb":"add_points","object_id":0,"points":[[0.5,0.5]],"labels":[1]}"#)
                let error = try await peer.error()
                #expect(error.code == .noSuchObject && error.message.contains("nothing sounds"), "\(error)")
                #expect(try await daemon.value("aurald_audio_keyframes_total") == 0)
            }
        }
    }
}
