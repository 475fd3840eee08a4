import AuralCore
import AuralService
import AuralTesting
import AuralTracking
import Testing

@Suite struct SteadyMemoryTests {
    @Test("two thousand frames from picture to masks leave the process as large as it was after two hundred", .timeLimit(.minutes(5)))
    func steady() async {
        // In a process of its own: other tests would be seen in its memory.
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            let run = try TrackerFixture(keepsCalls: false)
            let segmenter = try FrameSegmenter(run.model, options: TrackerOptions(), maskSize: .frame)
            let pool = ImagePool()
            var before = 0
            for frame in 0..<2000 {
                let picture = try #require(pool.image(width: 640, height: 480))
                picture.bytes.update(repeating: UInt8(truncatingIfNeeded: frame))
                let prompts = frame == 0 ? [(object: ObjectID(1), prompt: TrackerFixture.click), (ObjectID(2), TrackerFixture.click)] : []
                let (objects, failures) = try segmenter.segment(picture, prompts: prompts)
                #expect(objects.count == 2)
                #expect(failures.isEmpty)
                if frame == 200 { before = try #require(TestSettings.residentBytes()) }
            }
            let after = try #require(TestSettings.residentBytes())
            print("resident memory: \(before / 1024) KiB after 200 frames, \(after / 1024) KiB after 2000")
            #expect(before > 0)
            #expect(after - before <= 2 << 20)
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        print(output.split(separator: "\n").first { $0.hasPrefix("resident memory") } ?? "resident memory: not told")
    }
}
