import AuralCapture
import AuralCore
import Foundation
import Testing

@Suite struct WAVWriterTests {
    private func append(_ samples: [Float], to writer: WAVWriter) throws {
        try samples.withUnsafeBufferPointer { try writer.append(interleaved: $0) }
    }

    @Test("what is written is read back bit for bit", .timeLimit(.minutes(5)), arguments: [1, 2, 8])
    func roundTrip(channels: Int) throws {
        try Fixtures.withFolder { folder in
            var random = SplitMix64(seed: UInt64(channels))
            let samples = (0..<(channels * 1000)).map { _ in Float(random.unit()) }
            let path = folder + "/sound.wav"
            let writer = try WAVWriter(path: path, sampleRate: 44_100, channelCount: channels)
            try append(Array(samples[..<(channels * 300)]), to: writer)
            try append(Array(samples[(channels * 300)...]), to: writer)
            try writer.finish()
            let reader = try WAVReader(path: path)
            #expect(reader.sampleRate == 44_100)
            #expect(!reader.isTruncated)
            let read = try reader.samples(in: 0..<Int.max)
            #expect(read.count == channels)
            for (channel, values) in read.enumerated() {
                #expect(values == stride(from: channel, to: samples.count, by: channels).map { samples[$0] })
            }
        }
    }

    @Test("a file that was never finished is read as far as it goes", .timeLimit(.minutes(5)))
    func unfinished() throws {
        try Fixtures.withFolder { folder in
            let path = folder + "/sound.wav"
            let writer = try WAVWriter(path: path, sampleRate: 8_000, channelCount: 2)
            try append([0.25, -0.25, 0.5, -0.5], to: writer)
            #expect(try WAVReader(path: path).samples(in: 0..<10) == [[0.25, 0.5], [-0.25, -0.5]])
            try writer.finish()
        }
    }

    @Test("what is no WAVE file of ours, and a folder that is not there, are refused", .timeLimit(.minutes(5)))
    func refused() throws {
        try Fixtures.withFolder { folder in
            for (rate, channels) in [(7_999, 1), (192_001, 1), (48_000, 0), (48_000, 9)] {
                #expect(throws: CaptureError.self) { try WAVWriter(path: folder + "/x.wav", sampleRate: rate, channelCount: channels) }
            }
            #expect(throws: CaptureError.self) { try WAVWriter(path: folder + "/none/x.wav", sampleRate: 48_000, channelCount: 1) }
        }
    }
}
