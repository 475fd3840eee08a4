import AuralCore
import AuralNetworks
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// Instances of a clip that sounds, pauses, and sounds again.
    @Suite struct LiveInstanceTests {
        private static let keys = "[sounding]\ninstances = true\ninstance_grace_ms = 150"

        /// The records of a clip whose ten frames a second sound twice.
        private static func play(
            _ clip: SoundClip, _ engine: String, _ body: ([FrameRecord], [InstanceRecord]) throws -> Void
        ) async throws {
            let source = try clip.source(loops: false, more: keys)
            try await LiveDaemon.with(source, model: "", bundle: try Fixtures.hearing(.online), engine: engine) { daemon in
                let peer = try SocketPeer(daemon.socket)
                let (frames, instances) = try await peer.played(clip.frames)
                try body(frames, instances)
            }
        }

        @Test("Each bright part is an instance while it sounds: its begin, its updates and its end", .timeLimit(.minutes(4)))
        func parts() async throws {
            let clip = SoundClip(frames: 16, beep: 6..<10) { x, y, _ in
                let isInside = { (left: Int, width: Int) in x >= left && x < left + width && y >= 12 && y < 36 }
                return isInside(8, 12) || isInside(36, 20) ? 235 : 16
            }
            try await Self.play(clip, "rehearsal") { frames, instances in
                let numbers = Set(instances.map(\.number))
                #expect(numbers.count == 2)
                for number in numbers {
                    let own = instances.filter { $0.number == number }
                    #expect(own.first?.event == .begin && own.last?.event == .end && own.last?.reason?.rawValue == "silent")
                    #expect(own.dropFirst().dropLast().allSatisfy { $0.event == .update })
                    #expect(own.dropLast().allSatisfy { clip.isHeard($0.sequence) })
                    // 150 ms after the last frame with sound.
                    let end = try #require(own.last)
                    #expect(end.sequence >= 12)
                }
                for frame in frames {
                    let parts = instances.filter { $0.sequence == frame.sequence && $0.event != .end }
                    #expect(parts.count == (clip.isHeard(frame.sequence) ? 2 : 0), "\(frame.sequence)")
                    #expect(parts.allSatisfy { $0.timeNanoseconds == frame.timeNanoseconds && $0.objectID == .sounding })
                    #expect(parts.reduce(0) { $0 + ($1.shape?.area ?? 0) } == frame.sounding?.area)
                }
            }
        }

        @Test("The networks' own mask is told in parts that lie within it", .timeLimit(.minutes(4)))
        func networks() async throws {
            let clip = SoundClip(frames: 14, beep: 5..<10)
            try await Self.play(clip, "openvino") { frames, instances in
                #expect(instances.contains { $0.event == .begin && $0.shape?.area ?? 0 > 0 } && instances.contains { $0.event == .update })
                #expect(Set(instances.filter { $0.event == .end }.map(\.number)) == Set(instances.map(\.number)))
                for frame in frames {
                    for part in instances where part.sequence == frame.sequence {
                        guard let shape = part.shape else { continue }
                        let (whole, own) = (try #require(frame.sounding).mask().decoded().pixels, try shape.mask().decoded().pixels)
                        #expect(own.count { $0 == 1 } == shape.area && zip(own, whole).allSatisfy { $0 <= $1 })
                    }
                }
            }
        }
    }
}
