import AuralCapture
import AuralCore
import AuralWire
import Glibc

extension ClientBenchmark {
    /// Publishes frames at a camera's pace, and notes how long each call took.
    package struct Publisher {
        /// What became of it.
        package struct Outcome: Sendable {
            /// Frames that were published.
            package var frames = 0
            /// Frames of the source that came and went while a call to publish did not return: 0, if clients never hold it up.
            package var lost = 0
            /// How long each call took.
            package var nanoseconds: [Int64] = []
        }

        private let hub: Hub
        private let period: Int64
        private let pacer: any Pacer
        private let objects: [FrameObject]

        /// Prepares the records. Throws where a mask cannot be made, which would be our bug.
        package init(hub: Hub, rate: Double, pacer: any Pacer = SystemPacer()) throws(WireError) {
            self.hub = hub
            self.pacer = pacer
            period = max(Int64(1e9 / rate), 1)
            objects = try Self.blobs(count: 30)
        }

        /// Publishes frames 0… on the calling thread, and then the end of the source, which is the sign for the clients.
        package func run(frames: Int) -> Outcome {
            var outcome = Outcome()
            outcome.nanoseconds.reserveCapacity(frames)
            let clock = SystemTimeSource()
            let start = pacer.now()
            for frame in 0..<frames {
                pacer.wait(until: start.advanced(byNanoseconds: Int64(frame) * period))
                let made = clock.now()
                hub.publish(
                    FrameRecord(
                        sequence: UInt64(frame), time: made, latencyMilliseconds: 0, size: [Self.height, Self.width],
                        objects: [objects[frame % objects.count]]))
                let duration = clock.now().nanoseconds(since: made)
                outcome.nanoseconds.append(duration)
                outcome.frames += 1
                outcome.lost += Int(duration / period)
            }
            hub.publish(SourceRecord(source: "bench", medium: .video, state: .ended))
            return outcome
        }

        private static let height = 720
        private static let width = 1280

        /// A round shape with a wavy edge in a 1280×720 picture, whose waves travel: about 2.4 kB of run lengths, as a person's mask has.
        static func blobs(count: Int) throws(WireError) -> [FrameObject] {
            var blobs: [FrameObject] = []
            for phase in 0..<count {
                let turn = 2 * Double.pi * Double(phase) / Double(count)
                var counts: [UInt32] = []
                var position = 0
                for x in 0..<width {
                    let across = (Double(x) - 640) / 600
                    guard abs(across) < 1 else { continue }
                    let half = 250 * (1 - across * across).squareRoot() + 1
                    let top = 360 - half + 9 * sin(Double(x) / 7 + turn) + 4 * sin(Double(x) / 2.3)
                    let bottom = 360 + half + 9 * sin(Double(x) / 8 - turn) + 4 * cos(Double(x) / 2.9)
                    let first = x * height + min(max(Int(top), 0), height - 2)
                    let last = x * height + min(max(Int(bottom), 1), height - 1)
                    guard last > first else { continue }
                    counts += [UInt32(first - position), UInt32(last - first)]
                    position = last
                }
                counts.append(UInt32(width * height - position))
                let mask = try RunLengthMask(height: height, width: width, counts: counts)
                blobs.append(FrameObject(objectID: ObjectID(1), kind: .prompt, score: 0.9876, iou: 0.9123, mask: mask))
            }
            return blobs
        }
    }
}
