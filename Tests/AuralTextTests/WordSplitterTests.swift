import Testing

@testable import AuralText

@Suite struct WordSplitterTests {
    static let cases: [(text: String, pieces: [String])] = [
        ("", []), (" ", [" "]), ("  ", ["  "]), ("the dog", ["the", " dog"]), ("the  dog", ["the", " ", " dog"]),
        ("a\n\nb", ["a", "\n", "\n", "b"]), ("a \nb", ["a", " ", "\n", "b"]), ("it's", ["it", "'s"]), ("'stop", ["'s", "top"]),
        ("we'll've", ["we", "'ll", "'ve"]), ("'rx 'lx 'v", ["'", "rx", " '", "lx", " '", "v"]), ("IT'S", ["IT", "'", "S"]),
        ("a1½Ⅻ", ["a", "1½Ⅻ"]), (" 's", [" '", "s"]), ("e\u{301}t", ["e", "\u{301}", "t"]), ("\u{A0}a", ["\u{A0}", "a"]),
        ("a \u{3000} ", ["a", " \u{3000} "]), ("!? #", ["!?", " #"]), ("'", ["'"]),
    ]

    @Test("a text is cut as GPT-2's expression cuts it", arguments: cases)
    func pieces(text: String, pieces: [String]) {
        let splitter = WordSplitter(Array(text.unicodeScalars))
        let cut = splitter.pieces(limit: .max).map { Array($0) }
        #expect(cut == pieces.map { Array($0.unicodeScalars) })
        #expect(splitter.pieces(limit: 1).count == min(pieces.count, 1))
    }

    @Test("special tokens are found where they are written out, and nowhere else")
    func special() {
        func text(_ text: String) -> SpecialToken.Part { .text(Array(text.unicodeScalars)) }
        #expect(SpecialToken.parts(of: "a <mask>b</s>") == [text("a"), .token(.mask), text("b"), .token(.end)])
        #expect(SpecialToken.parts(of: "a <pad> b") == [text("a "), .token(.padding), text(" b")])
        #expect(SpecialToken.parts(of: "<<s>s> < s>") == [text("<"), .token(.start), text("s> < s>")])
        #expect(SpecialToken.parts(of: " <mask>") == [.token(.mask)] && SpecialToken.parts(of: "").isEmpty)
    }
}
