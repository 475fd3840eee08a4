import AuralCore
import AuralText
import Foundation
import Testing

@Suite struct TextFolderTests {
    private static func files() throws -> [String: [UInt8]] {
        ["vocab.json": try GoldenText.bytes("vocab.json"), "merges.txt": try GoldenText.bytes("merges.txt"), "model.safetensors": [1]]
    }

    @Test("a whole folder gives its weights, its configuration and its tokenizer")
    func whole() throws {
        var files = try Self.files()
        files["config.json"] = Array(#"{"num_attention_heads":2}"#.utf8)
        files["pytorch_model.bin"] = [2]
        try GoldenText.withFolder(files) { path in
            let folder = try TextFolder(path)
            #expect(folder.weightsPath == "\(path)/model.safetensors" && folder.configuration == TextConfiguration(heads: 2))
            let read = try folder.tokenizer().encode("the dog")
            #expect(try read == GoldenText.tokenizer().encode("the dog"))
            let contents = try TextTokenizer(
                vocabularyContent: GoldenText.bytes("vocab.json"), mergesContent: GoldenText.bytes("merges.txt"))
            #expect(try contents.encode("the dog") == read)
        }
    }

    @Test("without config.json nothing is known, and pytorch_model.bin will do for weights")
    func older() throws {
        var files = try Self.files()
        files["model.safetensors"] = nil
        files["pytorch_model.bin"] = [2]
        try GoldenText.withFolder(files) { path in
            let folder = try TextFolder(path)
            #expect(folder.weightsPath == "\(path)/pytorch_model.bin" && folder.configuration == TextConfiguration())
        }
    }

    @Test("a folder that lacks files is refused with their names", arguments: ["vocab.json", "merges.txt", "model.safetensors"])
    func incomplete(_ name: String) throws {
        var files = try Self.files()
        files[name] = nil
        try GoldenText.withFolder(files) { path in
            let error = try #require(throws: TextError.self) { try TextFolder(path) }
            #expect(error.description.hasPrefix("\(path): \(name)") && error.description.contains("is missing; copy"), "\(error)")
            #expect(error.exitStatus == .noInput)
            if name == "model.safetensors" { #expect(try TextFolder(path, needsWeights: false).weightsPath == nil) }
        }
        try GoldenText.withFolder([:]) { path in
            let error = try #require(throws: TextError.self) { try TextFolder(path) }
            #expect(error.description.contains("model.safetensors (or pytorch_model.bin), vocab.json, merges.txt are missing"))
        }
    }

    @Test("what is no folder, and a file too large, are refused", arguments: ["/nonexistent/folder", "", "a\0b", "/dev/null"])
    func odd(_ path: String) throws {
        #expect(throws: TextError.self) { try TextFolder(path) }
        #expect(throws: TextError.self) { try TextTokenizer(vocabulary: path, merges: path) }
        try GoldenText.withFolder(["config.json": [UInt8](repeating: 0x20, count: 1 << 20 + 1)]) { folder in
            let error = #expect(throws: TextError.self) { try TextConfiguration(path: "\(folder)/config.json") }
            #expect(error?.description.contains("1048577 bytes") == true)
        }
    }

    @Test("damaged files end in a tokenizer or an error of one line", .timeLimit(.minutes(5)))
    func fuzz() throws {
        let (vocabulary, merges) = (try GoldenText.bytes("vocab.json"), try GoldenText.bytes("merges.txt"))
        var generator = SplitMix64(seed: 0xF022)
        var (opened, refused) = (0, 0)
        for round in 0..<400 {
            var damaged = round % 4 == 0 ? vocabulary : merges
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<damaged.count, using: &generator)
                switch Int.random(in: 0..<6, using: &generator) {
                case 0: damaged.removeSubrange(place...)
                case 1: damaged.remove(at: place)
                case 2: damaged.insert(damaged[place], at: Int.random(in: 0...damaged.count, using: &generator))
                case 3: damaged[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                default: damaged[place] = UInt8.random(in: 0...255, using: &generator)
                }
                if damaged.isEmpty { damaged = [0] }
            }
            do throws(TextError) {
                let tokenizer = try TextTokenizer(
                    vocabularyContent: round % 4 == 0 ? damaged : vocabulary, mergesContent: round % 4 == 0 ? merges : damaged)
                opened += 1
                #expect(try tokenizer.encode("the dog, that barks 音 😀").ids.count == 25)
            } catch {
                refused += 1
                #expect(error.description.count < 300 && error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 })
            }
        }
        #expect(opened > 10 && refused > 50, "\(opened) opened, \(refused) refused")
    }
}
