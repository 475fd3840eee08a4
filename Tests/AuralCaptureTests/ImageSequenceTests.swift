import AuralCore
import Foundation
import Testing

@testable import AuralCapture

@Suite struct ImageSequenceTests {
    @Test(
        "names are ordered as people number them",
        arguments: [
            ("2.png", "10.png"), ("a2b", "a10b"), ("a", "b"), ("a", "a1"), ("x001", "x2"), ("01", "1"), ("9", "10"),
            ("f99999999999999999998", "f99999999999999999999"), ("f9", "f00000000000000000000000010"), ("", "a"),
        ])
    func order(first: String, second: String) {
        #expect(NaturalOrder.precedes(first, second))
        #expect(!NaturalOrder.precedes(second, first))
        #expect(!NaturalOrder.precedes(first, first))
    }

    @Test("a folder is read in the order of its numbers, and again after rewind")
    func folder() throws {
        let reader = try FrameReaders.open(Fixtures.path("clip"), pool: ImagePool())
        #expect(reader.width == 64 && reader.height == 48 && reader.frameCount == 3)
        let frames = try Fixtures.frames(reader)
        let decoder = try ImageDecoder()
        let expected = try ["2.png", "9.jpg", "10.jpg"].map {
            try decoder.decode(file: Fixtures.path("clip/" + $0), pool: ImagePool()).copiedBytes
        }
        #expect(frames == expected)
        try reader.rewind()
        #expect(try Fixtures.frames(reader) == expected)
        #expect(try reader.next() == nil)
    }

    @Test("a single picture is a clip of one frame")
    func single() throws {
        let reader = try FrameReaders.open(Fixtures.path("pictures/rgba.png"), pool: ImagePool())
        #expect(reader.frameCount == 1)
        #expect(try Fixtures.frames(reader).count == 1)
    }

    @Test("other files, hidden files and file name case do not matter")
    func mixed() throws {
        try Fixtures.withFolder { folder in
            for (name, source) in [("1.JPG", "clip/9.jpg"), ("2.PnG", "clip/2.png"), (".3.png", "clip/2.png"), ("4.txt", "c")] {
                let data = source == "c" ? [UInt8](repeating: 65, count: 9) : try Fixtures.bytes(source)
                try Data(data).write(to: URL(filePath: folder + "/" + name))
            }
            #expect(try Fixtures.frames(path: folder).count == 2)
        }
    }

    @Test("a frame of another size is named")
    func changedSize() throws {
        try Fixtures.withFolder { folder in
            try Data(Fixtures.bytes("clip/2.png")).write(to: URL(filePath: folder + "/1.png"))
            try Data(Fixtures.bytes("pictures/rgb.png")).write(to: URL(filePath: folder + "/2.png"))
            let reader = try FrameReaders.open(folder + "/", pool: ImagePool())
            _ = try reader.next()
            let error = #expect(throws: CaptureError.self) { try reader.next() }
            #expect(error?.code == .sizeChanged(frame: 1))
            #expect(error?.description.hasPrefix(folder + "/2.png: frame 1 is 37x29, the clip is 64x48") == true)
        }
    }

    @Test("a picture that goes away while the folder is played is an error, not the end")
    func vanished() throws {
        try Fixtures.withFolder { folder in
            for name in ["1.png", "2.png"] {
                try Data(Fixtures.bytes("clip/2.png")).write(to: URL(filePath: folder + "/" + name))
            }
            let reader = try FrameReaders.open(folder, pool: ImagePool())
            try FileManager.default.removeItem(atPath: folder + "/2.png")
            _ = try reader.next()
            let error = #expect(throws: CaptureError.self) { try reader.next() }
            #expect(error?.code == .notFound)
        }
    }

    @Test("an empty folder has no frames")
    func empty() throws {
        try Fixtures.withFolder { folder in
            let error = #expect(throws: CaptureError.self) { _ = try FrameReaders.open(folder, pool: ImagePool()) }
            #expect(error?.code == .noFrames)
            #expect(error?.exitStatus == .dataError)
        }
    }
}
