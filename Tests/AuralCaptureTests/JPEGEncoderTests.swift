import AuralCapture
import AuralCore
import CTurboJPEG
import Foundation
import Testing

@Suite struct JPEGEncoderTests {
    private func image(_ width: Int, _ height: Int) throws -> RGBImage {
        let image = try #require(RGBImage(width: width, height: height))
        for y in 0..<height {
            for x in 0..<width {
                let place = 3 * (y * width + x)
                (image.bytes[place], image.bytes[place + 1]) = (UInt8(255 * x / width), UInt8(255 * y / height))
            }
        }
        return image
    }

    private func decoded(_ data: Data) throws -> RGBImage {
        let decoder = try JPEGDecoder()
        return try data.withUnsafeBytes { try decoder.decode($0, name: "picture", pool: ImagePool()) }
    }

    /// The mean distance of two pictures' values.
    private func distance(_ left: RGBImage, _ right: RGBImage) throws -> Double {
        try #require(left.width == right.width && left.height == right.height)
        return Double(zip(left.bytes, right.bytes).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(left.bytes.count)
    }

    @Test("pixels become a JPEG of the same size that looks the same, one after the other of any size")
    func pixels() throws {
        let encoder = try JPEGEncoder()
        for (width, height) in [(64, 48), (320, 240), (1, 1), (17, 33)] {
            let image = try image(width, height)
            let jpeg = try encoder.picture(of: Frame(sequence: 0, time: MonoTime(nanoseconds: 0), image: image), image)
            #expect(try distance(decoded(jpeg), image) < 4)
        }
    }

    @Test("a camera's picture keeps its values and gets the tables that it lacks")
    func motionJPEG() throws {
        let encoder = try JPEGEncoder()
        let image = try image(64, 48)
        let whole = try encoder.picture(of: Frame(sequence: 0, time: MonoTime(nanoseconds: 0), image: image), image)
        // As webcams send it: without the segments that define Huffman tables (FF C4).
        let bare = try removingTables(Array(whole))
        #expect(bare.count < whole.count && !contains(bare, marker: 0xC4))
        let picture = CapturedPicture(
            format: .mjpeg, width: 64, height: 48, bytesPerLine: 0, isFullRange: true, bytes: bare.withUnsafeBytes { BytePool().copy($0) })
        let frame = Frame(sequence: 1, time: MonoTime(nanoseconds: 0), timestampSource: .device, content: .captured(picture))
        let completed = try encoder.picture(of: frame, image)
        #expect(contains(Array(completed), marker: 0xC4))
        #expect(try distance(decoded(completed), decoded(whole)) == 0)
    }

    @Test("what is no picture is refused in libjpeg's words, and the next one is made again")
    func broken() throws {
        let encoder = try JPEGEncoder()
        let image = try image(16, 16)
        let picture = CapturedPicture(
            format: .mjpeg, width: 16, height: 16, bytesPerLine: 0, isFullRange: true,
            bytes: [1, 2, 3, 4].withUnsafeBytes { BytePool().copy($0) })
        let frame = Frame(sequence: 1, time: MonoTime(nanoseconds: 0), timestampSource: .device, content: .captured(picture))
        #expect(throws: CaptureError.self) { try encoder.picture(of: frame, image) }
        #expect(try encoder.picture(of: Frame(sequence: 0, time: MonoTime(nanoseconds: 0), image: image), image).count > 100)
    }

    /// The segments between the start of a JPEG and its scan, as (marker, range of the whole segment).
    private func segments(_ bytes: [UInt8]) throws -> [(marker: UInt8, range: Range<Int>)] {
        var found: [(UInt8, Range<Int>)] = []
        var place = 2
        while place + 4 <= bytes.count, bytes[place] == 0xFF {
            let length = 2 + (Int(bytes[place + 2]) << 8 | Int(bytes[place + 3]))
            found.append((bytes[place + 1], place..<min(bytes.count, place + length)))
            if bytes[place + 1] == 0xDA { break }
            place += length
        }
        try #require(found.last?.0 == 0xDA)
        return found
    }

    private func contains(_ bytes: [UInt8], marker: UInt8) -> Bool {
        ((try? segments(bytes)) ?? []).contains { $0.marker == marker }
    }

    private func removingTables(_ bytes: [UInt8]) throws -> [UInt8] {
        var result = bytes
        for segment in try segments(bytes).reversed() where segment.marker == 0xC4 { result.removeSubrange(segment.range) }
        return result
    }
}
