import AuralCore
import Foundation
import Testing

@testable import AuralCapture

@Suite struct AVITests {
    /// Makes small AVI files of all kinds.
    struct Builder {
        var width = 64
        var height = 48
        var compression = "MJPG"
        var rate = 15
        var scale = 1
        var microseconds = 0
        var soundFirst = false

        func stream(_ type: String, _ format: [UInt8]) -> [UInt8] {
            let header =
                Array(type.utf8) + Array(compression.utf8) + [UInt8](repeating: 0, count: 12) + .little(scale) + .little(rate)
                + [UInt8](repeating: 0, count: 28)
            return .list("strl", .chunk("strh", header) + .chunk("strf", format))
        }

        func header() -> [UInt8] {
            let format: [UInt8] =
                .little(40) + .little(width) + .little(height) + .little16(1) + .little16(24) + Array(compression.utf8)
                + [UInt8](repeating: 0, count: 20)
            let video = stream("vids", format)
            let sound = stream("auds", [UInt8](repeating: 0, count: 16))
            let main = [UInt8].little(microseconds) + [UInt8](repeating: 0, count: 52)
            return .list("hdrl", .chunk("avih", main) + (soundFirst ? sound + video : video))
        }

        func file(_ movi: [UInt8], more: [UInt8] = []) -> [UInt8] {
            .list("AVI ", header() + .chunk("JUNK", [1, 2, 3]) + .list("movi", movi), code: "RIFF") + more
        }
    }

    private static func pictures() throws -> [[UInt8]] {
        try ["yuv420.jpg", "yuv422.jpg", "yuv444.jpg"].map { try Fixtures.bytes("pictures/" + $0) }
    }

    private static func golden() throws -> [[UInt8]] {
        try ["yuv420.jpg", "yuv422.jpg", "yuv444.jpg"].map { Array(try Fixtures.bytes("pictures/" + $0 + ".rgb")[8...]) }
    }

    private func frames(_ file: [UInt8]) throws -> [[UInt8]] {
        try Fixtures.withFile(file) { try Fixtures.frames(path: $0) }
    }

    @Test("a file from ffmpeg, with sound and an index, decodes to the pixels that Pillow gives")
    func fromFFmpeg() throws {
        let reader = try FrameReaders.open(Fixtures.path("video/mjpeg.avi"), pool: ImagePool())
        #expect(reader is AVIReader)
        #expect(reader.width == 64 && reader.height == 48 && reader.frameDurationNanoseconds == 66_666_667)
        let golden = try Fixtures.bytes("video/mjpeg.avi.rgb")
        let frames = try Fixtures.frames(reader)
        #expect(reader.frameCount == frames.count && frames.count == 4)
        #expect(Array(frames.joined()) == golden)
        try reader.rewind()
        #expect(try Fixtures.frames(reader) == frames)
    }

    @Test("chunks of both kinds, rec lists, foreign chunks and odd sizes are all found")
    func layouts() throws {
        let p = try Self.pictures()
        let g = try Self.golden()
        #expect(p.contains { $0.count % 2 == 1 })
        let plain = p.flatMap { [UInt8].chunk("00dc", $0) }
        #expect(try frames(Builder().file(plain)) == g)
        let mixed: [UInt8] =
            .chunk("01wb", [1, 2, 3]) + .list("rec ", .chunk("00db", p[0]) + .chunk("01wb", [9])) + .chunk("ix00", [0, 0, 0, 0])
            + .list("rec ", .chunk("00dc", p[1]) + .chunk("00dc", p[2]))
        #expect(try frames(Builder().file(mixed)) == g)
        let second = p.flatMap { [UInt8].chunk("01dc", $0) } + [UInt8].chunk("00dc", [1, 2, 3])
        #expect(try frames(Builder(soundFirst: true).file(second)) == g)
    }

    @Test("large files go on in AVIX pieces")
    func openDML() throws {
        let p = try Self.pictures()
        let more = [UInt8].list("AVIX", .list("movi", .chunk("00dc", p[1]) + .chunk("00dc", p[2])), code: "RIFF")
        let file = Builder().file(.chunk("00dc", p[0]) + .chunk("ix00", [1, 2, 3, 4]), more: more)
        #expect(try frames(file) == Self.golden())
    }

    @Test("a chunk of no bytes shows the frame before again, or the first one at the beginning")
    func repeats() throws {
        let p = try Self.pictures()
        let g = try Self.golden()
        let movi: [UInt8] =
            .chunk("00dc", []) + .chunk("00dc", p[0]) + .chunk("00dc", []) + .chunk("00dc", []) + .chunk("00dc", p[1])
        #expect(try frames(Builder().file(movi)) == [g[0], g[0], g[0], g[0], g[1]])
    }

    @Test("pictures without Huffman tables decode like those with the standard ones")
    func withoutTables() throws {
        let movi = try Self.pictures().flatMap { [UInt8].chunk("00dc", PictureTests.withoutHuffmanTables($0)) }
        #expect(try frames(Builder().file(movi)) == Self.golden())
    }

    @Test("a recorder that was switched off leaves sizes of zero, which the file's end stands in for")
    func unfinished() throws {
        let p = try Self.pictures()
        var file = Builder().file(p.flatMap { [UInt8].chunk("00dc", $0) })
        let movi = try #require((0..<file.count - 4).first { Array(file[$0..<$0 + 4]) == Array("movi".utf8) })
        file.replaceSubrange(4..<8, with: [0, 0, 0, 0])
        file.replaceSubrange(movi - 4..<movi, with: [0, 0, 0, 0])
        #expect(try frames(file) == Self.golden())
        let cut = Array(file.dropLast(100))
        try Fixtures.withFile(cut) { path in
            let reader = try FrameReaders.open(path, pool: ImagePool())
            _ = try reader.next()
            _ = try reader.next()
            let error = #expect(throws: CaptureError.self) { try reader.next() }
            #expect(error?.code == .truncated(frame: 2))
        }
    }

    @Test("the main header's frame time is taken where the stream has none")
    func fallbackRate() throws {
        let movi = try [UInt8].chunk("00dc", Self.pictures()[0])
        try Fixtures.withFile(Builder(rate: 0, microseconds: 40_000).file(movi)) { path in
            let reader = try FrameReaders.open(path, pool: ImagePool())
            #expect(reader.frameDurationNanoseconds == 40_000_000)
        }
    }

    @Test("what is wrong with a file is said")
    func badFiles() throws {
        let p = try Self.pictures()
        let movi = [UInt8].chunk("00dc", p[0])
        let cases: [([UInt8], CaptureError.Code)] = [
            (Builder().file([]), .noFrames),
            (Builder().file(.chunk("00dc", [])), .noFrames),
            (Builder(rate: 0).file(movi), .malformed),
            (Builder(width: 0).file(movi), .tooLarge),
            (Builder(height: 20_000).file(movi), .tooLarge),
            (Builder(width: 32).file(movi), .sizeChanged(frame: 0)),
            (Builder().file(.chunk("00dc", Array(p[0].prefix(700)))), .truncated(frame: 0)),
            (Builder().file(.chunk("00dc", [1, 2, 3, 4, 5])), .malformed),
            (.list("AVI ", .list("movi", movi), code: "RIFF"), .malformed),
            (.list("AVI ", [], code: "RIFF"), .malformed),
        ]
        for (index, (file, code)) in cases.enumerated() {
            try Fixtures.withFile(file) { path in
                let error = #expect(throws: CaptureError.self, "case \(index)") {
                    _ = try Fixtures.frames(path: path)
                }
                #expect(error?.code == code, "case \(index): \(error?.description ?? "")")
                #expect(error?.path == path)
                #expect(error?.exitStatus == .dataError)
            }
        }
    }

    @Test("the reader refuses what is not Motion-JPEG, which goes to ffmpeg instead")
    func otherCompression() throws {
        let error = #expect(throws: CaptureError.self) {
            _ = try AVIReader(path: Fixtures.path("video/mpeg4.avi"), pool: ImagePool())
        }
        #expect(error?.code == .unsupportedFormat)
    }
}
