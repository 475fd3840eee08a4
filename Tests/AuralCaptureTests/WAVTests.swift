import AuralCapture
import AuralCore
import Foundation
import Testing

@Suite struct WAVTests {
    /// A WAVE file; `extensible` wraps the tag.
    static func file(
        tag: Int, channels: Int, rate: Int, bits: Int, data: [UInt8], extensible: Bool = false, before: [UInt8] = [],
        dataSize: Int? = nil, riffSize: Int? = nil
    ) -> [UInt8] {
        let block = channels * bits / 8
        var format: [UInt8] =
            .little16(extensible ? 0xFFFE : tag) + .little16(channels) + .little(rate) + .little(rate * block) + .little16(block)
            + .little16(bits)
        if extensible {
            format += .little16(22) + .little16(bits) + .little(3) + .little16(tag)
            format += [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        }
        let samples = Array("data".utf8) + .little(dataSize ?? data.count) + data
        let body = Array("WAVE".utf8) + .chunk("fmt ", format) + before + samples
        return Array("RIFF".utf8) + .little(riffSize ?? body.count) + body
    }

    private func samples(_ file: [UInt8]) throws -> [[Float]] {
        try Fixtures.withFile(file) { try WAVReader(path: $0).samples(in: 0..<Int.max) }
    }

    @Test("every encoding gives full scale as ±1, channel by channel")
    func encodings() throws {
        let float: (Float) -> [UInt8] = { .little(Int($0.bitPattern)) }
        let double: (Double) -> [UInt8] = { value in
            (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
        }
        let cases: [(Int, Int, [UInt8])] = [
            (1, 8, [0, 192, 128, 64]), (1, 16, [0, 0x80, 0, 0x40, 0, 0, 0, 0xC0]),
            (1, 24, [0, 0, 0x80, 0, 0, 0x40, 0, 0, 0, 0, 0, 0xC0]),
            (1, 32, [0, 0, 0, 0x80, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0xC0]), (3, 32, [-1, 0.5, 0, -0.5].flatMap(float)),
            (3, 64, [-1, 0.5, 0, -0.5].flatMap(double)), (3, 32, [-1, 0.5, .nan, -0.5].flatMap(float)),
            (3, 64, [-1, 0.5, .infinity, -0.5].flatMap(double)),
        ]
        for (tag, bits, data) in cases {
            for extensible in [false, true] {
                let file = Self.file(tag: tag, channels: 2, rate: 8000, bits: bits, data: data, extensible: extensible)
                #expect(try samples(file) == [[-1, 0], [0.5, -0.5]], "\(tag) \(bits)")
            }
        }
    }

    @Test("any range can be read, clamped to what exists, over many blocks")
    func ranges() throws {
        let count = 20_000
        let data = (0..<count).flatMap { [UInt8].little16($0 - 10_000) + [UInt8].little16(-($0 - 10_000)) }
        try Fixtures.withFile(Self.file(tag: 1, channels: 2, rate: 16_000, bits: 16, data: data)) { path in
            let reader = try WAVReader(path: path)
            #expect(reader.sampleRate == 16_000 && reader.channelCount == 2 && reader.sampleCount == count)
            #expect(reader.duration == 1.25 && !reader.isTruncated)
            let middle = try reader.samples(in: 5_000..<19_000)
            #expect(middle[0] == (5_000..<19_000).map { Float($0 - 10_000) / 32_768 })
            #expect(middle[1] == middle[0].map { -$0 })
            #expect(try reader.samples(in: -5..<2)[0].count == 2)
            #expect(try reader.samples(in: 19_999..<30_000)[1] == [-9_999 / 32_768])
            #expect(try reader.samples(in: 30_000..<40_000) == [[], []])
        }
    }

    @Test("foreign chunks, with and without their pad byte, are passed over")
    func foreignChunks() throws {
        let data: [UInt8] = [0, 0x40]
        let padded = [UInt8].chunk("LIST", [1, 2, 3]) + .chunk("junk", [9, 9])
        let unpadded = Array("LIST".utf8) + .little(3) + [1, 2, 3]
        for before in [[], padded, unpadded] {
            #expect(try samples(Self.file(tag: 1, channels: 1, rate: 8000, bits: 16, data: data, before: before)) == [[0.5]])
        }
    }

    @Test("sizes that were never filled in mean: to the end of the file")
    func streamed() throws {
        let data: [UInt8] = [0, 0x40, 0, 0x40, 1]
        for size in [0, 0xFFFF_FFFF, 0x7FFF_FFFF] {
            let file = Self.file(
                tag: 1, channels: 1, rate: 8000, bits: 16, data: data, dataSize: size, riffSize: size == 0 ? 0 : size)
            try Fixtures.withFile(file) { path in
                let reader = try WAVReader(path: path)
                #expect(reader.sampleCount == 2 && !reader.isTruncated)
            }
        }
        try Fixtures.withFile(Self.file(tag: 1, channels: 1, rate: 8000, bits: 16, data: data, dataSize: 100)) { path in
            let reader = try WAVReader(path: path)
            #expect(reader.sampleCount == 2 && reader.isTruncated)
        }
    }

    @Test("every truncation of the header is an error")
    func truncatedHeader() throws {
        let whole = Self.file(tag: 1, channels: 1, rate: 8000, bits: 16, data: [1, 2])
        for count in 0..<whole.count {
            try Fixtures.withFile(Array(whole[0..<count])) { path in
                let error = #expect(throws: CaptureError.self, "\(count)") { try WAVReader(path: path) }
                #expect(error?.exitStatus == .dataError)
            }
        }
    }

    @Test("5.1 sound at 192 kHz is read channel by channel, front left and right first", .timeLimit(.minutes(5)))
    func surround() throws {
        let data = (0..<3).flatMap { sample in (0..<6).flatMap { channel in [UInt8]([0, 0, UInt8(10 * channel + sample)]) } }
        let file = Self.file(tag: 1, channels: 6, rate: 192_000, bits: 24, data: data, extensible: true)
        try Fixtures.withFile(file) { path in
            let reader = try WAVReader(path: path)
            #expect(reader.channelCount == 6 && reader.sampleRate == 192_000 && reader.sampleCount == 3)
            #expect(try reader.samples(in: 0..<3) == (0..<6).map { channel in (0..<3).map { Float(10 * channel + $0) / 128 } })
        }
    }

    @Test(
        "an encoding that is not read is named, with what to do", .timeLimit(.minutes(5)),
        arguments: [
            (2, 4, "Microsoft ADPCM"), (6, 8, "A-law"), (7, 8, "µ-law"), (0x11, 4, "IMA ADPCM"), (0x55, 16, "MP3"), (0x7777, 16, "unknown"),
            (1, 20, "PCM of 20 bits"), (1, 64, "PCM of 64 bits"), (3, 24, "float of 24 bits"),
        ], [false, true])
    func otherEncodings(encoding: (tag: Int, bits: Int, name: String), isExtensible: Bool) throws {
        let file = Self.file(
            tag: encoding.tag, channels: 2, rate: 44_100, bits: encoding.bits, data: [UInt8](repeating: 1, count: 48), extensible: isExtensible)
        try Fixtures.withFile(file) { path in
            let error = #expect(throws: CaptureError.self) { try WAVReader(path: path) }
            #expect(error?.code == .unsupportedFormat && error?.exitStatus == .dataError)
            #expect(error?.message.contains(encoding.name) == true && error?.message.contains("ffmpeg -i") == true, "\(error?.message ?? "")")
        }
    }

    @Test("what is not read is said")
    func badFiles() throws {
        let two: [UInt8] = [1, 2]
        var wrongBlock = Self.file(tag: 1, channels: 1, rate: 8000, bits: 16, data: two)
        wrongBlock[32] = 7
        var wrongGUID = Self.file(tag: 1, channels: 1, rate: 8000, bits: 16, data: two, extensible: true)
        wrongGUID[50] = 7
        let dataFirst = Array("RIFF".utf8) + .little(20) + Array("WAVE".utf8) + .chunk("data", two)
        let cases: [([UInt8], CaptureError.Code, String)] = [
            (Self.file(tag: 1, channels: 0, rate: 8000, bits: 16, data: two), .unsupportedFormat, "0 channels"),
            (Self.file(tag: 1, channels: 9, rate: 8000, bits: 16, data: two), .unsupportedFormat, "9 channels"),
            (Self.file(tag: 1, channels: 1, rate: 7999, bits: 16, data: two), .unsupportedFormat, "7999"),
            (Self.file(tag: 1, channels: 1, rate: 192_001, bits: 16, data: two), .unsupportedFormat, "192001"),
            (Self.file(tag: 1, channels: 1, rate: 8000, bits: 12, data: two), .unsupportedFormat, "12 bits"),
            (Self.file(tag: 6, channels: 1, rate: 8000, bits: 8, data: two), .unsupportedFormat, "format 6"),
            (Self.file(tag: 3, channels: 1, rate: 8000, bits: 16, data: two), .unsupportedFormat, "float of 16 bits"),
            (wrongBlock, .malformed, "block of 7"), (wrongGUID, .unsupportedFormat, "sub-format"),
            (dataFirst, .malformed, "before their format"),
            (Self.file(tag: 1, channels: 1, rate: 8000, bits: 16, data: []), .noFrames, "without samples"),
            (Array("RIFX....WAVE".utf8), .unsupportedFormat, "not a RIFF"),
        ]
        for (file, code, part) in cases {
            try Fixtures.withFile(file) { path in
                let error = #expect(throws: CaptureError.self, "\(part)") { try WAVReader(path: path) }
                #expect(error?.code == code, "\(part)")
                #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
            }
        }
        let missing = #expect(throws: CaptureError.self) { try WAVReader(path: "/nonexistent.wav") }
        #expect(missing?.exitStatus == .noInput)
    }
}
