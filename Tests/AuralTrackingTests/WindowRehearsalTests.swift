import AuralCore
import AuralInference
import AuralTesting
import AuralTracking
import AuralWire
import Testing

/// Objects in windows, with an engine whose masks are where the picture is bright: found in a window or in the whole picture, they must be the same.
@Suite struct WindowRehearsalTests {
    private final class Rig {
        let model: SegmentationModel
        let tracker: OnlineTracker
        var windows = 0

        init(usesWindows: Bool) throws {
            let bundle = try TestBundle.synthetic(TestBundle.smallRecipe, imageSize: 256)
            model = try SegmentationModel(bundle, engine: RehearsalEngine(milliseconds: 0), precision: .float32, usesWindows: usesWindows)
            tracker = try OnlineTracker(model)
            model.observer = { [unowned self] stage, _ in if stage == .windowMaskDecoder { windows += 1 } }
        }

        /// The pixels of the mask, of a picture that is dark but for a square.
        func pixels(_ x: Int, _ y: Int, _ side: Int, isFirst: Bool) throws -> [Int] {
            model.image.bytes.update(repeating: 20)
            for row in y..<min(y + side, 256) {
                for column in x..<min(x + side, 256) {
                    for channel in 0..<3 { model.image.bytes[(row * 256 + column) * 3 + channel] = 230 }
                }
            }
            let click = Prompt.points([PointPrompt(x: 0.1, y: 0.1, isPositive: true)], box: nil, replacing: true)
            let (results, failures) = try tracker.track(prompts: isFirst ? [(ObjectID(1), click)] : [])
            #expect(failures.isEmpty)
            let logits = try #require(results.first).logits.floats
            return logits.indices.filter { logits[$0] > 0 }
        }
    }

    @Test("a bright square that wanders about is found in windows as it is in the whole picture, at the picture's edges too")
    func wandering() throws {
        let (whole, inWindows) = (try Rig(usesWindows: false), try Rig(usesWindows: true))
        for frame in 0..<60 {
            // Down to the corner, along the edge, and back.
            let place = frame < 25 ? (8 + 8 * frame, 8 + 8 * frame) : (max(8 * (50 - frame), 0), 208 - 4 * (frame - 25))
            let expected = try whole.pixels(place.0, place.1, 40, isFirst: frame == 0)
            #expect(try inWindows.pixels(place.0, place.1, 40, isFirst: frame == 0) == expected, "frame \(frame)")
            #expect(expected.count > 80)
        }
        #expect(whole.windows == 0 && inWindows.windows >= 50, "\(inWindows.windows) of 60 frames were looked at in windows")
    }

    @Test("what jumps out of its window is lost for a frame, and found by the next")
    func jumping() throws {
        let rig = try Rig(usesWindows: true)
        let before = try rig.pixels(16, 16, 32, isFirst: true)
        #expect(try rig.pixels(16, 16, 32, isFirst: false) == before && rig.windows == 1)
        #expect(try rig.pixels(200, 200, 32, isFirst: false).isEmpty && rig.windows == 2)
        let after = try rig.pixels(200, 200, 32, isFirst: false)
        #expect(after.count == before.count && rig.windows == 2)
        #expect(try rig.pixels(200, 200, 32, isFirst: false) == after && rig.windows == 3)
    }
}
