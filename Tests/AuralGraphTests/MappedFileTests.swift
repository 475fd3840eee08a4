import AuralCore
import Foundation
import Testing

@testable import AuralGraph

@Suite struct MappedFileTests {
    @Test("bytes within the file are given, others are refused", .timeLimit(.minutes(5)))
    func ranges() throws {
        try withTemporaryFile([1, 2, 3, 4]) { path in
            let file = try MappedFile(path: path)
            #expect(file.count == 4)
            #expect(try file.bytes(1..<3).array() == [2, 3])
            #expect(try file.bytes(4..<4).array() == [])
            for range in [0..<5, -1..<2, 5..<5, 3..<Int.max, Int.min..<0] {
                let error = try #require(throws: CheckpointError.self) { try file.bytes(range) }
                #expect(error.description.contains("cut short"))
            }
        }
    }

    @Test("the bytes outlive the file's own reference and its name", .timeLimit(.minutes(5)))
    func lifetime() throws {
        let bytes = try withTemporaryFile([7, 8, 9]) { path in try MappedFile(path: path).bytes(1..<3) }
        #expect(bytes.array() == [8, 9])
    }

    static let missing: [(path: String, status: AuralCore.ExitStatus)] = [
        ("/nonexistent/model.pt", .noInput), ("", .noInput), ("/etc/passwd\0.pt", .noInput), ("/", .noInput),
        ("/dev/null", .noInput), ("/etc/passwd/model.pt", .noInput), ("/" + String(repeating: "x", count: 300), .noInput),
    ]

    @Test("a path that leads to no file is an error with the right exit status", .timeLimit(.minutes(5)), arguments: missing)
    func unreadable(path: String, status: AuralCore.ExitStatus) throws {
        let error = try #require(throws: CheckpointError.self) { _ = try Checkpoint.open(path) }
        #expect(error.exitStatus == status)
    }

    @Test("a file that may not be read is a matter of permission", .timeLimit(.minutes(5)), .enabled(if: geteuid() != 0))
    func permission() throws {
        try withTemporaryFile([1]) { path in
            chmod(path, 0)
            let error = try #require(throws: CheckpointError.self) { _ = try Checkpoint.open(path) }
            #expect(error.exitStatus == .noPermission)
        }
    }

    static let heads: [(head: String, words: String)] = [
        ("", "empty"), ("version https://git-lfs.github.com/spec/v1\n", "Git LFS"), ("<!DOCTYPE html>", "web page"),
        ("P", "neither"), ("hello, world", "neither"), ("\u{0}", "neither"),
    ]

    @Test("what is left in place of a checkpoint is called by its name", .timeLimit(.minutes(5)), arguments: heads)
    func sniffing(head: String, words: String) throws {
        try withTemporaryFile(Array(head.utf8)) { path in
            let error = try #require(throws: CheckpointError.self) { _ = try Checkpoint.open(path) }
            #expect(error.description.contains(words))
            #expect(error.exitStatus == .dataError)
        }
    }

    @Test("SHA-256 gives the digests of FIPS 180-4's examples", .timeLimit(.minutes(5)))
    func digests() throws {
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        let nothing = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        #expect(try SHA256Digest.of(bytes: Array("abc".utf8)).description == abc)
        #expect(try SHA256Digest.of(bytes: []).description == nothing)
        for (text, digest) in [("abc", abc), ("", nothing)] {
            let found = try withTemporaryFile(Array(text.utf8)) { path in try SHA256Digest.of(path: path) }
            #expect(found.description == digest)
        }
        let hasher = try SHA256Hasher()
        for byte in Array("abc".utf8) {
            try withUnsafeBytes(of: byte) { try hasher.update($0) }
        }
        #expect(try hasher.finish().description == abc)
    }

    @Test("CRC-32 gives the check value of its catalogue, at any length", .timeLimit(.minutes(5)))
    func checksum() {
        #expect(Array("123456789".utf8).withUnsafeBytes { CRC32.of($0) } == 0xCBF4_3926)
        #expect([UInt8]().withUnsafeBytes { CRC32.of($0) } == 0)
        let bytes = (0..<37).map { UInt8($0) }
        for count in 0...bytes.count {
            // The definition, a bit at a time.
            let expected = bytes.prefix(count).reduce(UInt32.max) { check, byte in
                (0..<8).reduce(check ^ UInt32(byte)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
            }
            #expect(Array(bytes.prefix(count)).withUnsafeBytes { CRC32.of($0) } == ~expected)
        }
    }

    @Test("text from a file is made fit for one line", .timeLimit(.minutes(5)))
    func printable() {
        #expect(CheckpointError.printable("a\nb\u{1B}[0m\u{202E}é") == "a\\u{a}b\\u{1b}[0m\\u{202e}é")
        #expect(CheckpointError.printable(String(repeating: "x", count: 500)).count == 121)
    }
}
