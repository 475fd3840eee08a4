import AuralCore
import AuralText
import Foundation
import Testing

/// Our tokenizer beside Hugging Face's on the texts of Tests/Golden/text/table.json, which tools/golden/make-text-golden.py makes.
@Suite struct TokenizerTableTests {
    struct Table: Decodable {
        struct Case: Decodable, Sendable {
            let text: String
            let ids: [Int64]
            let mask: [Float]
        }
        let cases: [Case]
    }

    @Test("every text of the table gives the same tokens and the same mask", .timeLimit(.minutes(5)))
    func table() throws {
        let tokenizer = try GoldenText.tokenizer()
        let table = try JSONDecoder().decode(Table.self, from: Data(contentsOf: GoldenText.folder.appending(path: "table.json")))
        #expect(table.cases.count >= 80)
        for row in table.cases {
            let tokens = try tokenizer.encode(row.text)
            #expect(tokens.ids == row.ids, "\(row.text.debugDescription)")
            #expect(tokens.mask == row.mask, "\(row.text.debugDescription)")
            #expect(tokens.ids.count == TextTokenizer.length && tokens.mask.count == TextTokenizer.length)
        }
        #expect(tokenizer.lastToken == 1499)
    }

    @Test("a text is cut where it has more than 23 tokens, and only there")
    func truncation() throws {
        let tokenizer = try GoldenText.tokenizer()
        let full = try tokenizer.encode("the" + String(repeating: " the", count: 22))
        #expect(!full.isTruncated && full.mask.reduce(0, +) == 25 && full.ids.last == 2)
        let over = try tokenizer.encode("the" + String(repeating: " the", count: 23))
        #expect(over.isTruncated && over.ids == full.ids)
        #expect(try !tokenizer.encode("").isTruncated)
        #expect(try tokenizer.encode(String(repeating: "<mask>", count: 24)).isTruncated)
        #expect(try !tokenizer.encode(String(repeating: "<mask>", count: 23)).isTruncated)
        #expect(try tokenizer.encode("<mask> " + String(repeating: "!a", count: 12)).isTruncated)
    }

    @Test("the longest text that is taken is taken, one byte more is refused", .timeLimit(.minutes(5)))
    func longest() throws {
        let tokenizer = try GoldenText.tokenizer()
        let limit = TextTokenizer.maximumByteCount
        for unit in ["a", "ab", "the", " ", "!", "音", "😀"] {
            let text = String(repeating: unit, count: limit / unit.utf8.count)
            #expect(try tokenizer.encode(text).ids.count == TextTokenizer.length)
        }
        let error = #expect(throws: TextError.self) { try tokenizer.encode(String(repeating: "a", count: limit + 1)) }
        #expect(error?.description.contains("\(limit + 1) bytes") == true)
        #expect(error?.exitStatus == .usage)
    }

    @Test("any text gives 25 tokens with the mask of a run", .timeLimit(.minutes(5)))
    func fuzz() throws {
        let tokenizer = try GoldenText.tokenizer()
        var generator = SplitMix64(seed: 0x7E47)
        let likely = Array(" '\t\n\u{A0}\u{3000}<>/sketrevmld0½e\u{301}音ن😀\u{200D}.,".unicodeScalars) + Array("<mask></s><pad>".unicodeScalars)
        var cut = 0
        for _ in 0..<3000 {
            var text = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...60, using: &generator) {
                let any = Unicode.Scalar(UInt32.random(in: 0...0x10FFFF, using: &generator))
                let usual = likely.randomElement(using: &generator)
                if let scalar = Int.random(in: 0..<8, using: &generator) == 0 ? any : usual { text.append(scalar) }
            }
            let tokens = try tokenizer.encode(String(text))
            let used = Int(tokens.mask.reduce(0, +))
            cut += tokens.isTruncated ? 1 : 0
            #expect(tokens.ids.count == 25 && tokens.ids[0] == 0 && tokens.ids[used - 1] == 2)
            #expect(tokens.mask == [Float](repeating: 1, count: used) + [Float](repeating: 0, count: 25 - used))
            #expect(tokens.ids[used...].allSatisfy { $0 == 1 } && tokens.ids.allSatisfy { (0...1499).contains($0) })
        }
        #expect(cut > 500 && cut < 2900)
    }
}
