import AuralCapture
import AuralCore
import Foundation
import Testing

@Suite struct PictureTests {
    private let pool = ImagePool()

    private func decode(_ bytes: [UInt8]) throws -> RGBImage {
        let decoder = try ImageDecoder()
        return try bytes.withUnsafeBytes { try decoder.decode($0, name: "picture", pool: pool) }
    }

    @Test(
        "a picture decodes to the pixels that Pillow gives",
        arguments: [
            "yuv420.jpg", "yuv420_odd.jpg", "yuv422.jpg", "yuv444.jpg", "progressive.jpg", "grey.jpg", "rgb.png", "grey.png",
            "palette.png", "palette4.png", "palette_transparent.png", "bilevel.png", "rgba.png", "grey_alpha.png", "gamma.png",
        ])
    func pillowParity(name: String) throws {
        let image = try ImageDecoder().decode(file: Fixtures.path("pictures/" + name), pool: pool)
        let golden = try Fixtures.bytes("pictures/" + name + ".rgb")
        #expect([UInt8].little(image.width) + [UInt8].little(image.height) == Array(golden[0..<8]))
        #expect(image.copiedBytes == Array(golden[8...]))
    }

    @Test("sixteen bits a channel become eight, within one level of Pillow's")
    func sixteenBits() throws {
        let image = try ImageDecoder().decode(file: Fixtures.path("pictures/deep.png"), pool: pool)
        let golden = try Fixtures.bytes("pictures/deep.png.rgb")[8...]
        #expect(image.copiedBytes.count == golden.count)
        #expect(zip(image.copiedBytes, golden).allSatisfy { abs(Int($0) - Int($1)) <= 1 })
    }

    @Test("a JPEG picture without Huffman tables, as webcams send it, decodes with the standard ones")
    func standardHuffmanTables() throws {
        // Pillow writes the standard tables, unless asked to optimise.
        let whole = try Fixtures.bytes("pictures/yuv422.jpg")
        let stripped = Self.withoutHuffmanTables(whole)
        #expect(stripped.count < whole.count - 400)
        #expect(try decode(stripped).copiedBytes == decode(whole).copiedBytes)
    }

    /// Leaves out all DHT segments of a baseline JPEG picture.
    static func withoutHuffmanTables(_ picture: [UInt8]) -> [UInt8] {
        var result = Array(picture[0..<2])
        var offset = 2
        while offset + 4 <= picture.count, picture[offset] == 0xFF, picture[offset + 1] != 0xDA {
            let end = offset + 2 + Int(picture[offset + 2]) << 8 + Int(picture[offset + 3])
            if picture[offset + 1] != 0xC4 { result += picture[offset..<end] }
            offset = end
        }
        return result + picture[offset...]
    }

    @Test(
        "every truncation of a picture is an error that says so", arguments: ["yuv420.jpg", "palette_transparent.png", "rgb.png"])
    func truncations(name: String) throws {
        let whole = try Fixtures.bytes("pictures/" + name)
        // The last bytes of a JPEG file are its end marker, without which the picture is still complete.
        for count in stride(from: 3, to: whole.count - 12, by: 7) {
            let error = #expect(throws: CaptureError.self, "\(count) bytes") { try decode(Array(whole[0..<count])) }
            #expect(error?.exitStatus == .dataError)
        }
    }

    @Test("stray bytes between JPEG segments, which webcams send, do no harm")
    func strayBytes() throws {
        let whole = try Fixtures.bytes("pictures/yuv420.jpg")
        let stray = Array(whole.dropLast(2)) + [0x55, 0x55] + [0xFF, 0xD9] + [0, 0, 0]
        #expect(try decode(stray).copiedBytes == decode(whole).copiedBytes)
    }

    @Test("what is no RGB picture is refused by name", arguments: [("cmyk.jpg", CaptureError.Code.unsupportedFormat)])
    func unsupported(name: String, code: CaptureError.Code) throws {
        let error = #expect(throws: CaptureError.self) {
            try ImageDecoder().decode(file: Fixtures.path("broken/" + name), pool: pool)
        }
        #expect(error?.code == code)
        #expect(error?.description.contains(name) == true)
    }

    @Test("a size that the data cannot hold is refused before anything is allocated")
    func bombs() throws {
        var png = try Fixtures.bytes("pictures/rgb.png")
        png.replaceSubrange(16..<24, with: [0, 0, 0x3F, 0xFF, 0, 0, 0x3F, 0xFF])
        let error = #expect(throws: CaptureError.self) { try decode(png) }
        #expect(error?.message.contains("cannot hold") == true)
        png.replaceSubrange(16..<20, with: [0x7F, 0xFF, 0xFF, 0xFF])
        #expect(throws: CaptureError.self) { try decode(png) }
        var jpeg = try Fixtures.bytes("pictures/yuv420.jpg")
        let frame = try #require(jpeg.indices.first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
        jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x3F, 0xFF, 0x3F, 0xFF])
        #expect(throws: CaptureError.self) { try decode(jpeg) }
    }

    @Test("what the writer writes, the decoder reads back", arguments: [(1, 1), (37, 29), (300, 2)])
    func roundTrip(width: Int, height: Int) throws {
        let image = try #require(RGBImage(width: width, height: height))
        var generator = SplitMix64(seed: 3)
        for index in image.bytes.indices { image.bytes[index] = UInt8(truncatingIfNeeded: generator.next()) }
        try Fixtures.withFolder { folder in
            let path = folder + "/out.png"
            try PNGWriter.write(image, to: path)
            try PNGWriter.write(image, to: path)
            let back = try ImageDecoder().decode(file: path, pool: pool)
            #expect(back.width == width && back.height == height)
            #expect(back.copiedBytes == image.copiedBytes)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.png"])
        }
    }

    @Test("a picture that cannot be written is an error with the path")
    func unwritable() throws {
        let image = try #require(RGBImage(width: 2, height: 2))
        let error = #expect(throws: CaptureError.self) { try PNGWriter.write(image, to: "/nonexistent/out.png") }
        #expect(error?.code == .cannotWrite)
        #expect(error?.exitStatus == .cannotCreate)
        #expect(error?.description.hasPrefix("/nonexistent/out.png: ") == true)
    }
}
