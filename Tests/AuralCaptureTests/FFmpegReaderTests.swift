import AuralCore
import Foundation
import Testing

@testable import AuralCapture

@Suite struct FFmpegReaderTests {
    /// The programs are needed by the tests that decode; elsewhere stand-ins are.
    static let isInstalled = ["/usr/bin/ffmpeg", "/usr/local/bin/ffmpeg"].contains {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    /// Runs `body` with tools that are shell scripts of the test's own.
    private func withTools<Result>(
        ffmpeg: String = "exit 0", ffprobe: String, _ body: (FFmpegReader.Tools, String) throws -> Result
    ) throws -> Result {
        try Fixtures.withFolder { folder in
            for (name, script) in [("ffmpeg", ffmpeg), ("ffprobe", ffprobe)] {
                try Data("#!/bin/sh\n\(script)\n".utf8).write(to: URL(filePath: "\(folder)/\(name)"))
                try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder)/\(name)")
            }
            try Data("video".utf8).write(to: URL(filePath: folder + "/clip.mp4"))
            return try body(FFmpegReader.Tools(ffmpeg: folder + "/ffmpeg", ffprobe: folder + "/ffprobe"), folder + "/clip.mp4")
        }
    }

    private static let twoByOne = #"echo '{"streams":[{"width":2,"height":1,"avg_frame_rate":"25/1","r_frame_rate":"25/1"}]}'"#

    @Test("a lossless film gives its frames, and again after rewind", .enabled(if: isInstalled), .timeLimit(.minutes(5)))
    func lossless() throws {
        let reader = try FrameReaders.open(Fixtures.path("video/lossless.mkv"), pool: ImagePool())
        #expect(reader is FFmpegReader)
        #expect(reader.width == 64 && reader.height == 48)
        #expect(abs(reader.frameDurationNanoseconds - 66_666_667) < 100_000)
        let frames = try Fixtures.frames(reader)
        // The film was made of the same four scenes as the folder, whose first one is kept without loss.
        let first = try ImageDecoder().decode(file: Fixtures.path("clip/2.png"), pool: ImagePool())
        #expect(frames.count == 4)
        #expect(frames.first == first.copiedBytes)
        try reader.rewind()
        _ = try reader.next()
        try reader.rewind()
        #expect(try Fixtures.frames(reader) == frames)
        #expect(try reader.next() == nil)
    }

    @Test("an AVI file that is not Motion-JPEG goes to ffmpeg", .enabled(if: isInstalled), .timeLimit(.minutes(5)))
    func otherAVI() throws {
        let reader = try FrameReaders.open(Fixtures.path("video/mpeg4.avi"), pool: ImagePool())
        #expect(reader is FFmpegReader)
        #expect(try Fixtures.frames(reader).count == 4)
    }

    @Test("a name that begins with a hyphen is a name", .enabled(if: isInstalled), .timeLimit(.minutes(5)))
    func hyphen() throws {
        // A relative name, hence a file in the working folder.
        let name = "-aural-capture-\(UUID().uuidString):x.mkv"
        try FileManager.default.copyItem(atPath: Fixtures.path("video/lossless.mkv"), toPath: "./" + name)
        defer { try? FileManager.default.removeItem(atPath: "./" + name) }
        #expect(try Fixtures.frames(path: name).count == 4)
    }

    @Test("a file without video, and one that is no film, are refused", .enabled(if: isInstalled), .timeLimit(.minutes(5)))
    func noVideo() throws {
        let sound = #expect(throws: CaptureError.self) {
            _ = try FrameReaders.open(Fixtures.path("video/sound.mka"), pool: ImagePool())
        }
        #expect(sound?.code == .noFrames)
        try Fixtures.withFile(Array("this is no film at all".utf8)) { path in
            let error = #expect(throws: CaptureError.self) { _ = try FrameReaders.open(path, pool: ImagePool()) }
            #expect(error?.code == .unsupportedFormat)
            #expect(error?.exitStatus == .dataError)
        }
    }

    @Test("without ffmpeg the error says what to install")
    func notInstalled() throws {
        let tools = FFmpegReader.Tools(ffmpeg: "/nonexistent/ffmpeg", ffprobe: "/nonexistent/ffprobe")
        let error = #expect(throws: CaptureError.self) {
            _ = try FFmpegReader(path: Fixtures.path("video/lossless.mkv"), pool: ImagePool(), tools: tools)
        }
        #expect(error?.code == .toolMissing)
        #expect(error?.exitStatus == .unavailable)
        #expect(error?.message.contains("apt install ffmpeg") == true)
    }

    @Test("frames come through the pipe; what the program complains about is in the error", .timeLimit(.minutes(5)))
    func failure() throws {
        let complaint = "printf abcdef; for i in 1 2 3; do echo \"line $i\" >&2; done; exit 3"
        try withTools(ffmpeg: complaint, ffprobe: Self.twoByOne) { tools, path in
            let reader = try FFmpegReader(path: path, pool: ImagePool(), tools: tools)
            #expect(try reader.next().map { $0.copiedBytes } == Array("abcdef".utf8))
            let error = #expect(throws: CaptureError.self) { try reader.next() }
            #expect(error?.message == "ffmpeg stopped at frame 1 with status 3: line 3")
        }
    }

    @Test("a flood of complaints does not stop the pictures", .timeLimit(.minutes(5)))
    func flood() throws {
        // More than a pipe holds, before the first picture.
        let script = "head -c 300000 /dev/zero | tr '\\0' 'x' >&2; echo >&2; printf abcdef"
        try withTools(ffmpeg: script, ffprobe: Self.twoByOne) { tools, path in
            let reader = try FFmpegReader(path: path, pool: ImagePool(), tools: tools)
            #expect(try Fixtures.frames(reader) == [Array("abcdef".utf8)])
        }
    }

    @Test("a program that is still open for writing when it is called is waited for", .timeLimit(.minutes(5)))
    func busyProgram() throws {
        try withTools(ffmpeg: "printf abcdef", ffprobe: Self.twoByOne) { tools, path in
            let descriptor = open(tools.ffprobe, O_WRONLY | O_CLOEXEC)
            try #require(descriptor >= 0)
            // Released by another thread after the first attempts have met ETXTBSY.
            Thread.detachNewThread {
                poll(nil, 0, 100)
                close(descriptor)
            }
            let reader = try FFmpegReader(path: path, pool: ImagePool(), tools: tools)
            #expect(try Fixtures.frames(reader) == [Array("abcdef".utf8)])
        }
    }

    @Test("half a frame at the end is a truncation, none at all is said", .timeLimit(.minutes(5)))
    func shortOutput() throws {
        try withTools(ffmpeg: "printf abcdefgh", ffprobe: Self.twoByOne) { tools, path in
            let reader = try FFmpegReader(path: path, pool: ImagePool(), tools: tools)
            _ = try reader.next()
            #expect(throws: CaptureError.truncated(path: path, frame: 1)) { try reader.next() }
        }
        try withTools(ffprobe: Self.twoByOne) { tools, path in
            let reader = try FFmpegReader(path: path, pool: ImagePool(), tools: tools)
            let error = #expect(throws: CaptureError.self) { try reader.next() }
            #expect(error?.code == .noFrames)
        }
    }

    @Test("a child that never ends is killed and reaped with its reader", .timeLimit(.minutes(5)))
    func killed() throws {
        try withTools(ffmpeg: "echo $$ > \"$0.pid\"; printf abcdef; exec sleep 1000", ffprobe: Self.twoByOne) { tools, path in
            var reader: FFmpegReader? = try FFmpegReader(path: path, pool: ImagePool(), tools: tools)
            _ = try reader?.next()
            let text = try String(contentsOfFile: tools.ffmpeg + ".pid", encoding: .utf8)
            let child = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
            #expect(kill(child, 0) == 0)
            reader = nil
            // Reaped as well: not even a zombie is left to send a signal to.
            #expect(kill(child, 0) == -1 && errno == ESRCH)
        }
    }

    @Test(
        "ffprobe's answers",
        arguments: [
            (
                #"{"streams":[{"width":4,"height":2,"avg_frame_rate":"30000/1001","r_frame_rate":"30000/1001","nb_frames":"7"}]}"#,
                4, 2, 33_366_667, nil, 7
            ),
            (#"{"streams":[{"width":4,"height":2,"avg_frame_rate":"0/0","r_frame_rate":"10/1"}]}"#, 4, 2, 100_000_000, nil, nil),
            (
                #"{"streams":[{"width":4,"height":2,"avg_frame_rate":"10/1","r_frame_rate":"90000/1","nb_frames":"7"}]}"#, 4, 2,
                100_000_000, "10/1", nil
            ),
            (
                #"{"streams":[{"width":4,"height":2,"avg_frame_rate":"10/1","side_data_list":[{},{"rotation":-90}]}]}"#, 2, 4,
                100_000_000, nil, nil
            ),
            (
                #"{"streams":[{"width":4,"height":2,"avg_frame_rate":"10/1","tags":{"rotate":"180"}}]}"#, 4, 2, 100_000_000, nil,
                nil
            ),
        ] as [(String, Int, Int, Int64, String?, Int?)])
    func probe(json: String, width: Int, height: Int, duration: Int64, rate: String?, count: Int?) throws {
        let expected = FFmpegProbe(
            width: width, height: height, frameDurationNanoseconds: duration, steadyRate: rate, frameCount: count)
        #expect(try FFmpegProbe.parse(Data(json.utf8), path: "x") == expected)
    }

    @Test(
        "answers that cannot be used",
        arguments: [
            ("", .toolFailed), ("{}", .noFrames), (#"{"streams":[]}"#, .noFrames), (#"{"streams":[{"height":2}]}"#, .malformed),
            (#"{"streams":[{"width":0,"height":2,"avg_frame_rate":"10/1"}]}"#, .tooLarge),
            (#"{"streams":[{"width":1e99,"height":2,"avg_frame_rate":"10/1"}]}"#, .toolFailed),
            (#"{"streams":[{"width":4,"height":2,"avg_frame_rate":"0/0","r_frame_rate":"x"}]}"#, .malformed),
        ] as [(String, CaptureError.Code)])
    func badProbe(json: String, code: CaptureError.Code) {
        let error = #expect(throws: CaptureError.self) { try FFmpegProbe.parse(Data(json.utf8), path: "x") }
        #expect(error?.code == code)
    }
}
