import AuralCore
import AuralWire
import Testing

@Suite struct LineSplitterTests {
    private func events(_ splitter: inout LineSplitter, _ text: String) -> [LineSplitter.Event] {
        var events: [LineSplitter.Event] = []
        Array(text.utf8).withUnsafeBytes { bytes in splitter.append(bytes) { events.append($0) } }
        return events
    }

    @Test("lines come out whole, however they come in")
    func pieces() {
        var splitter = LineSplitter(maximumLength: 5)
        #expect(events(&splitter, "") == [])
        #expect(events(&splitter, "ab") == [])
        #expect(events(&splitter, "c\nde\r\n\n\r\nf") == [.line(Array("abc".utf8)), .line(Array("de".utf8))])
        #expect(events(&splitter, "\n12345\n") == [.line(Array("f".utf8)), .line(Array("12345".utf8))])
    }

    @Test("a line that is too long is one event, and the next line is fine")
    func tooLong() {
        var splitter = LineSplitter(maximumLength: 5)
        #expect(events(&splitter, "123456") == [.tooLong])
        #expect(events(&splitter, "7890") == [])
        #expect(events(&splitter, "1\nok\n123456\nok\n") == [.line(Array("ok".utf8)), .tooLong, .line(Array("ok".utf8))])
    }

    @Test("random pieces give the same events as the whole", .timeLimit(.minutes(5)))
    func fuzz() {
        var random = SplitMix64(seed: 3)
        for _ in 0..<3_000 {
            let alphabet: [UInt8] = [10, 10, 13, 97, 98, 0, 255]
            let count = Int.random(in: 0...200, using: &random)
            let bytes = (0..<count).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            let limit = Int.random(in: 1...12, using: &random)
            let expected: [LineSplitter.Event] = bytes.split(separator: 10, omittingEmptySubsequences: false).dropLast()
                .compactMap { line in
                    if line.count > limit { return .tooLong }
                    let line = line.last == 13 ? line.dropLast() : line
                    return line.isEmpty ? nil : .line(Array(line))
                }
            var splitter = LineSplitter(maximumLength: limit)
            var found: [LineSplitter.Event] = []
            var rest = bytes[...]
            while !rest.isEmpty {
                let piece = Array(rest.prefix(Int.random(in: 1...40, using: &random)))
                rest = rest.dropFirst(piece.count)
                piece.withUnsafeBytes { piece in splitter.append(piece) { found.append($0) } }
            }
            // The last line is not complete; it may only be reported as too long.
            if found.count == expected.count + 1, found.last == .tooLong { found.removeLast() }
            #expect(found == expected)
        }
    }
}
