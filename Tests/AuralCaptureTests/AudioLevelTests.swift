import AuralCapture
import Foundation
import Testing

@Suite struct AudioLevelTests {
    @Test("a full-scale square wave has 0 dBFS, a sine 3.01 less, half the amplitude 6.02 less")
    func levels() {
        let square = (0..<1000).map { $0 % 2 == 0 ? Float(1) : -1 }
        let sine = (0..<8000).map { Float(sin(Double($0) * 2 * .pi / 80)) }
        #expect(abs(AudioLevel.decibels(of: [square])) < 1e-9)
        #expect(abs(AudioLevel.decibels(of: [sine]) + 3.0103) < 1e-3)
        #expect(abs(AudioLevel.decibels(of: [square.map { $0 / 2 }]) + 6.0206) < 1e-3)
        // One silent channel halves the mean.
        #expect(abs(AudioLevel.decibels(of: [square, square.map { _ in 0 }]) + 3.0103) < 1e-3)
    }

    @Test("silence and nothing at all are at the floor", arguments: [[], [[]], [[0, 0]], [[1e-30]]] as [[[Float]]])
    func silence(channels: [[Float]]) {
        #expect(AudioLevel.decibels(of: channels) == AudioLevel.floor)
    }

    @Test(
        "the segment is the second that ends at the time, clamped to what exists",
        arguments: [
            (2.0, 100..<200), (0.5, 0..<50), (0.0, 0..<0), (-3.0, 0..<0), (2.5, 150..<250), (99.0, 150..<250),
            (.infinity, 150..<250),
            (-.infinity, 0..<0), (.nan, 0..<0), (1e300, 150..<250),
        ] as [(Double, Range<Int>)])
    func segments(seconds: Double, expected: Range<Int>) {
        #expect(AudioLevel.segment(endingAt: seconds, sampleRate: 100, sampleCount: 250) == expected)
    }
}
