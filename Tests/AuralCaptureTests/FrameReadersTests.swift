import AuralCapture
import AuralCore
import Foundation
import Testing

@Suite struct FrameReadersTests {
    @Test("what is not there, not readable, empty or no file is said, with the right exit code")
    func paths() throws {
        try Fixtures.withFolder { folder in
            let empty = folder + "/empty.mp4"
            try Data().write(to: URL(filePath: empty))
            let fifo = folder + "/fifo"
            #expect(mkfifo(fifo, 0o600) == 0)
            let cases: [(String, CaptureError.Code, AuralCore.ExitStatus)] = [
                (folder + "/none.mp4", .notFound, .noInput), (empty + "/x.mp4", .notFound, .noInput),
                (empty, .noFrames, .dataError), (fifo, .unsupportedFormat, .dataError),
                ("/dev/null", .unsupportedFormat, .dataError),
            ]
            for (path, code, status) in cases {
                let error = #expect(throws: CaptureError.self) { _ = try FrameReaders.open(path, pool: ImagePool()) }
                #expect(error?.code == code)
                #expect(error?.exitStatus == status)
                #expect(error?.description.hasPrefix(path + ": ") == true)
            }
        }
    }

    @Test("denied access is called that", .enabled(if: getuid() != 0, "root may read everything"))
    func denied() throws {
        try Fixtures.withFile([1, 2, 3]) { path in
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
            let error = #expect(throws: CaptureError.self) { _ = try FrameReaders.open(path, pool: ImagePool()) }
            #expect(error?.exitStatus == .noPermission)
        }
    }

    @Test("the contents decide what a file is, not its name")
    func misnamed() throws {
        for (source, frames) in [
            ("video/mjpeg.avi", 4), ("video/c444.y4m", 2), ("pictures/rgb.png", 1), ("pictures/grey.jpg", 1),
        ] {
            try Fixtures.withFile(Fixtures.bytes(source), suffix: ".doc") { path in
                let found = try Fixtures.frames(path: path)
                #expect(found.count == frames)
            }
        }
    }

    @Test("the pictures of a clip come from the pool, so that playing it allocates two")
    func pooling() throws {
        let reader = try FrameReaders.open(Fixtures.path("video/c420jpeg.y4m"), pool: ImagePool(capacity: 2))
        var addresses: Set<UnsafeMutablePointer<UInt8>?> = []
        for _ in 0..<10 {
            while let image = try reader.next() { addresses.insert(image.bytes.baseAddress) }
            try reader.rewind()
        }
        #expect(addresses.count == 1)
    }
}
