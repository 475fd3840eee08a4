import AuralCore
import Testing

@testable import AuralGraph

@Suite struct BrokenArchiveTests {
    /// A whole checkpoint with one tensor of four floats.
    static var whole: ZipBuilder {
        let content = PickleBuilder.dictionary([("a", PickleBuilder.tensor())])
        let storage = ([1, 2, 3, 4] as [Float]).withUnsafeBytes { [UInt8]($0) }
        return ZipBuilder.checkpoint(pickle: PickleBuilder.pickle(content), storages: [("0", storage)])
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let words: String
        let change: @Sendable (inout ZipBuilder) -> Void

        init(_ description: String, _ words: String, _ change: @escaping @Sendable (inout ZipBuilder) -> Void) {
            testDescription = description
            self.words = words
            self.change = change
        }
    }

    static let cases: [Case] = [
        Case("no entries", "without '*/data.pkl'") { $0.entries = [] },
        Case("no folder", "without '*/data.pkl'") { $0.entries[0].name = "data.pkl" },
        Case("two pickles", "2 files '*/data.pkl'") { $0.add("other/data.pkl", [0x2E]) },
        Case("the same name twice", "two entries 'archive/byteorder'") { $0.entries.append($0.entries[1]) },
        Case("big-endian", "'byteorder' is not 'little'") { $0.entries[1].data = Array("big".utf8) },
        Case("deflated", "'archive/data/0' is compressed (deflate)") { $0.entries[2].method = 8 },
        Case("another compression", "compressed (method 93)") { $0.entries[2].method = 93 },
        Case("encrypted", "is encrypted") { $0.entries[2].flags = 1 },
        Case("a size beyond the file", "overlaps") { $0.entries[2].size = 1 << 20 },
        Case("a size that runs into the next entry", "overlaps") { $0.entries[0].size = $0.entries[0].data.count + 8 },
        Case("a full size without the 64-bit one", "sizes that contradict") { $0.entries[2].size = 0xFFFF_FFFF },
        Case("two entries in one place", "another name in its own header") { $0.entries[2].offset = 0 },
        Case("an entry at the end", "begins beyond its end") { $0.entries[2].offset = 1 << 30 },
        Case("an entry without a header", "no header") { $0.entries[0].offset = 1 },
        Case("a pickle that was changed", "'archive/data.pkl' does not have the checksum") { $0.entries[0].check = 1 },
        Case("a program", "TorchScript") { $0.add("archive/constants.pkl", [0x2E]) },
    ]

    @Test("a broken or strange archive is refused in one line", .timeLimit(.minutes(5)), arguments: cases)
    func refused(_ test: Case) throws {
        var builder = Self.whole
        test.change(&builder)
        let bytes = builder.bytes()
        try withTemporaryFile(bytes) { path in
            let error = try #require(throws: CheckpointError.self) { _ = try PyTorchCheckpoint(path: path) }
            #expect(error.description.contains(test.words))
            #expect(error.exitStatus == .dataError)
        }
    }

    @Test("the archive without a change, and one with a comment, are read", .timeLimit(.minutes(5)))
    func accepted() throws {
        var commented = Self.whole
        commented.comment = Array("PK\u{5}\u{6} is not an end record here, though it is spelt so".utf8)
        for builder in [Self.whole, commented] {
            try withTemporaryFile(builder.bytes()) { path in
                let values = try Checkpoint.open(path).floats("a", shape: [4])
                #expect(values == [1, 2, 3, 4])
            }
        }
    }

    @Test(
        "a storage that was changed is found when its values are read; one without a checksum is taken",
        .timeLimit(.minutes(5))
    )
    func storageChecksum() throws {
        var builder = Self.whole
        builder.entries[2].check = 1
        try withTemporaryFile(builder.bytes()) { path in
            let source = try Checkpoint.open(path)
            let error = try #require(throws: CheckpointError.self) { try source.floats("a", shape: [4]) }
            #expect(error.description.contains("'archive/data/0' does not have the checksum"))
        }
        builder.entries[2].check = 0
        try withTemporaryFile(builder.bytes()) { path in
            let values = try Checkpoint.open(path).floats("a", shape: [4])
            #expect(values == [1, 2, 3, 4])
        }
    }

    @Test("a checkpoint that is cut off anywhere is refused", .timeLimit(.minutes(5)))
    func truncated() throws {
        let bytes = Self.whole.bytes()
        for count in 0..<bytes.count {
            try withTemporaryFile(Array(bytes.prefix(count))) { path in
                let error = try #require(throws: CheckpointError.self) { _ = try Checkpoint.open(path) }
                #expect(error.exitStatus == .dataError)
            }
        }
    }
}
