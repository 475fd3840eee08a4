import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// Half a minute by default; AURALD_TEST_SOAK_SECONDS makes it longer (`tools/soak`).
    @Suite struct SoakTests {
        private static let seconds = ProcessInfo.processInfo.environment["AURALD_TEST_SOAK_SECONDS"].flatMap { Int($0) } ?? 30
        private static let framesPerSecond = 30

        @Test("At 30 frames a second, with clients that come and go, memory and descriptors stay as they are", .timeLimit(.minutes(60)))
        func soak() async throws {
            let settings = AuraldDaemon.Settings(
                audio: try Fixtures.sine(seconds: 1), rate: Double(Self.framesPerSecond),
                model: "engine = \"rehearsal\"\nrehearsal_ms = 10")
            try await AuraldDaemon.with(settings) { daemon in
                let watcher = try SocketPeer(daemon.socket)
                let first = try await watcher.frame().sequence
                var uses: [(second: Int, use: ProcessUse)] = []
                var last = first
                while last < first + UInt64(Self.seconds * Self.framesPerSecond) {
                    let frame = try await watcher.frame()
                    let second = Int(frame.sequence - first) / Self.framesPerSecond
                    if second > (uses.last?.second ?? -1) {
                        uses.append((second, try ProcessUse(daemon.identifier)))
                        if second % 10 == 5 { try await visit(daemon) }
                    }
                    last = frame.sequence
                }
                let status = try await daemon.status()
                report(uses, "\(status.frames) frames, \(status.framesDropped) not taken")
                // The first half fills buffers and banks, in a long run the first minute does.
                let settled = uses.filter { $0.second >= min(60, Self.seconds / 2) }.map(\.use)
                let base = try #require(settled.first)
                #expect(settled.allSatisfy { abs($0.residentKiB - base.residentKiB) <= 2048 })
                // A visitor's connection may still be closing when a busy machine is looked at; one that stays would stay in the least.
                let descriptors = settled.map(\.descriptors)
                #expect(descriptors.suffix(10).min() == descriptors.prefix(10).min())
            }
        }

        /// A client that asks something, sends something that is no request, and goes.
        private func visit(_ daemon: AuraldDaemon) async throws {
            let visitor = try SocketPeer(daemon.socket)
            try visitor.send("no request")
            _ = try await visitor.error()
            try visitor.send(#"{"verb":"status"}"#)
            _ = try await visitor.reply()
        }

        private func report(_ uses: [(second: Int, use: ProcessUse)], _ summary: String) {
            print("soak: \(Self.seconds) s, \(summary)")
            for (second, use) in uses where second % max(Self.seconds / 12, 1) == 0 {
                print("soak: after \(second) s \(use.residentKiB) KiB, \(use.descriptors) descriptors")
            }
        }
    }
}
