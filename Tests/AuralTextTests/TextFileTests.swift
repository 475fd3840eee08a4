import AuralCore
import Foundation
import Testing

@testable import AuralText

/// Readers of vocab.json, merges.txt and config.json on files that are odd.
@Suite struct TextFileTests {
    /// A vocabulary of all bytes, the special tokens and `ab`, then changed.
    static func vocabulary(_ change: (inout [String: Int]) -> Void = { _ in }) throws -> [UInt8] {
        var entries: [String: Int] = ["<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3, "<mask>": 4, "ab": 261]
        for (index, scalar) in ByteAlphabet.scalars.enumerated() { entries[String(Character(scalar))] = 5 + index }
        change(&entries)
        return [UInt8](try JSONEncoder().encode(entries))
    }

    static let badVocabularies: [(change: @Sendable (inout [String: Int]) -> Void, words: String)] = [
        ({ $0["<mask>"] = nil }, "'<mask>' is missing"), ({ $0["</s>"] = nil }, "'</s>' is missing"),
        ({ $0["Ġ"] = nil }, "'Ġ' for the byte 32 is missing"), ({ $0["ab"] = 0 }, "the same number 0"),
        ({ $0["ab"] = -1 }, "number -1"), ({ $0["ab"] = .max }, "number 9223372036854775807"), ({ $0["ab"] = 1 << 20 + 1 }, "number"),
        ({ ($0["<pad>"], $0["<s>"]) = (0, 1) }, "expected 1"), ({ $0["\u{1B}[31m"] = -5 }, "\\u{1b}[31m"),
    ]

    @Test("a vocabulary that is odd is refused with the token's name", arguments: badVocabularies)
    func vocabularies(change: @Sendable (inout [String: Int]) -> Void, words: String) throws {
        #expect(throws: Never.self) { try Vocabulary(Self.vocabulary(), path: "v") }
        let error = try #require(throws: TextError.self) { try Vocabulary(Self.vocabulary(change), path: "some/vocab.json") }
        #expect(error.description.hasPrefix("some/vocab.json: ") && error.description.contains(words), "\(error)")
        #expect(error.exitStatus == .dataError)
    }

    @Test(
        "what is no object of numbers is no vocabulary",
        arguments: ["", "[]", "{", "{\"a\":1.5}", "{\"a\":\"b\"}", "{\"a\":1e400}", "null", String(repeating: "[", count: 60_000), "{}"])
    func noVocabulary(_ text: String) {
        #expect(throws: TextError.self) { try Vocabulary(Array(text.utf8), path: "v") }
    }

    static let badMerges: [(text: String, words: String)] = [
        ("", "no merges"), ("#version: 0.2\n", "no merges"), ("a b\n\n", "line 2 ''"), ("\na b\n", "line 1"), ("a b c\n", "line 1 'a b c'"),
        ("a  b\n", "line 1"), ("a\n", "line 1 'a'"), (" b\n", "line 1"), ("a b\nb a\n", "line 2: token 'ba' is not in vocab.json"),
        ("a b\na b\n", "line 2 is the same merge as line 1"), ("#version: 0.2\na b\r\na b\n", "line 3 is the same merge as line 2"),
        ("a 音\n", "line 1"), ("a b\n#version: 0.2\n", "line 2"), ("a \u{1B}[31m", "\\u{1b}"), ("zz z\n", "'zz' is not in"),
    ]

    @Test("merges that are odd are refused with the line", arguments: badMerges)
    func merges(text: String, words: String) throws {
        let vocabulary = try Vocabulary(Self.vocabulary(), path: "v")
        for good in ["a b\n", "a b", "#version: 0.2\na b\r\n"] {
            #expect(try MergeTable(Array(good.utf8), path: "m", vocabulary: vocabulary).count == 1)
        }
        let error = try #require(throws: TextError.self) {
            try MergeTable(Array(text.utf8), path: "some/merges.txt", vocabulary: vocabulary)
        }
        #expect(error.description.hasPrefix("some/merges.txt: ") && error.description.contains(words), "\(error)")
        #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 })
    }

    @Test("merges that are no text are refused")
    func binary() throws {
        let vocabulary = try Vocabulary(Self.vocabulary(), path: "v")
        let error = #expect(throws: TextError.self) { try MergeTable([0x61, 0x20, 0xFF], path: "m", vocabulary: vocabulary) }
        #expect(error?.description.contains("UTF-8") == true)
    }

    @Test("every byte has one character, and every character its byte")
    func alphabet() {
        #expect(Set(ByteAlphabet.scalars).count == 256)
        #expect(ByteAlphabet.bytes(of: "Ġdog") == Array(" dog".utf8) && ByteAlphabet.bytes(of: "Ċ") == [10])
        #expect(ByteAlphabet.bytes(of: String(String.UnicodeScalarView(ByteAlphabet.scalars))) == Array(UInt8.min...UInt8.max))
        #expect(ByteAlphabet.bytes(of: "音") == nil && ByteAlphabet.bytes(of: " ") == nil)
    }

    static let badConfigurations: [(text: String, words: String)] = [
        ("", "not a JSON object"), ("[1]", "not a JSON object"), (#"{"num_attention_heads":"12"}"#, "key num_attention_heads"),
        (#"{"num_attention_heads":0}"#, "num_attention_heads is 0"), (#"{"num_attention_heads":1000}"#, "num_attention_heads is 1000"),
        (#"{"layer_norm_eps":0}"#, "layer_norm_eps is 0"), (#"{"layer_norm_eps":-1e-5}"#, "layer_norm_eps"),
        (#"{"model_type":"bert"}"#, "model_type is bert, expected roberta"), (#"{"hidden_act":"relu"}"#, "hidden_act is relu"),
        (#"{"position_embedding_type":"relative_key"}"#, "position_embedding_type"), (#"{"pad_token_id":0}"#, "pad_token_id is 0"),
    ]

    @Test("a configuration of another encoder, or an odd one, is refused with the key", arguments: badConfigurations)
    func configurations(text: String, words: String) throws {
        let error = try #require(throws: TextError.self) { try TextConfiguration(Array(text.utf8), path: "some/config.json") }
        #expect(error.description.hasPrefix("some/config.json: ") && error.description.contains(words), "\(error)")
    }

    @Test("a configuration says heads and epsilon, or nothing")
    func configuration() throws {
        let text = #"{"model_type":"roberta","num_attention_heads":12,"layer_norm_eps":1e-05,"pad_token_id":1,"vocab_size":50265,"x":[null]}"#
        #expect(try TextConfiguration(Array(text.utf8), path: "c") == TextConfiguration(heads: 12, epsilon: 1e-5))
        #expect(try TextConfiguration(Array("{}".utf8), path: "c") == TextConfiguration())
    }
}
