import AuralCore
import Testing

@testable import AuralGraph

@Suite struct CheckpointFuzzTests {
    /// What became of the damaged files.
    struct Outcome {
        var opened = 0
        var refused = 0
        var tensors = 0
    }

    /// Opens a damaged checkpoint and reads all of its tensors: all that may come of it is a source or a `CheckpointError` of one
    /// line. A trap ends the whole run, which is how this test fails most.
    static func check(_ bytes: [UInt8], _ outcome: inout Outcome) throws {
        try withTemporaryFile(bytes) { path in
            do {
                let source = try Checkpoint.open(path)
                outcome.opened += 1
                for name in source.names {
                    let shape = try #require(source.shape(of: name))
                    let count = shape.contains(0) ? 0 : shape.reduce(1, *)
                    // A tensor may repeat one element many times; that is slow here and shows nothing.
                    if count <= 1 << 16 {
                        outcome.tensors += try source.floats(name, shape: shape).count == count ? 1 : 0
                    }
                }
            } catch let error as CheckpointError {
                outcome.refused += 1
                #expect(error.description.hasPrefix(path))
                #expect(error.description.count < 1000)
                #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 })
            }
        }
    }

    @Test(
        "a damaged file of any kind ends in a source or an error",
        .timeLimit(.minutes(5)), arguments: GoldenCheckpointTests.names
    )
    func files(name: String) throws {
        let whole = try Golden.bytes(name)
        var generator = SplitMix64(seed: 0xA11A)
        var outcome = Outcome()
        for _ in 0..<1500 {
            var bytes = whole
            Mutation.apply(to: &bytes, using: &generator)
            try Self.check(bytes, &outcome)
        }
        #expect(outcome.opened > 20 && outcome.refused > 100 && outcome.opened + outcome.refused >= 1500)
    }

    @Test(
        "a damaged pickle in a whole archive ends in a source or an error",
        .timeLimit(.minutes(5)),
        arguments: ["flat.pt", "flat-protocol4.pt", "model.pt", "views.pt", "types.pt", "odd.pt", "hostile.pt"]
    )
    func pickles(name: String) throws {
        let archive = try ZipArchive(MappedFile(path: Golden.path(name)))
        var builder = ZipBuilder()
        for entry in archive.entries.values.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            builder.add(entry.name, try archive.checkedBytes(entry).array())
        }
        let pickle = try #require(builder.entries.firstIndex { $0.name.hasSuffix("/data.pkl") })
        let whole = builder.entries[pickle].data
        var generator = SplitMix64(seed: 0xBEEF)
        var outcome = Outcome()
        for _ in 0..<1500 {
            // The checksum is made anew, so that the damage gets as far as the reader of the pickle.
            builder.entries[pickle].data = whole
            Mutation.apply(to: &builder.entries[pickle].data, using: &generator)
            try Self.check(builder.bytes(), &outcome)
        }
        #expect(outcome.refused > 100)
        #expect(name == "hostile.pt" || outcome.opened > 50 && outcome.tensors > 50)
    }

    @Test(
        "a damaged safetensors header of the right length ends in a source or an error",
        .timeLimit(.minutes(5)), arguments: ["plain.safetensors", "types.safetensors"]
    )
    func headers(name: String) throws {
        let whole = try Golden.bytes(name)
        let length = whole.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        var generator = SplitMix64(seed: 0xCAFE)
        var outcome = Outcome()
        for _ in 0..<3000 {
            var header = Array(whole[8..<(8 + length)])
            Mutation.apply(to: &header, using: &generator)
            try Self.check(little(header.count, 8) + header + whole[(8 + length)...], &outcome)
        }
        #expect(outcome.opened > 20 && outcome.refused > 100 && outcome.tensors > 20)
    }
}
