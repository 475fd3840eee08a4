import Testing

@testable import AuralService

@Suite struct ConfigurationScannerTests {
    @Test(
        "the line of each key is found",
        arguments: [
            ("a = 1\nb = 2", ["a": 1, "b": 2]), ("\u{feff}a = 1", ["a": 1]), ("a = 1\r\nb = 2\r\n", ["a": 1, "b": 2]),
            ("# [x]\n\n[t] # b = 1\n  a = 1 # c = 2\n", ["t": 3, "t.a": 4]),
            ("[ a . \"b\" . 'c' ]\nd = 1", ["a": 1, "a.b": 1, "a.b.c": 1, "a.b.c.d": 2]),
            ("a.b = 1\na . c = 2", ["a": 1, "a.b": 1, "a.c": 2]),
            ("\"a.b\" = 1\n'x y' = 2", ["\"a.b\"": 1, "\"x y\"": 2]), ("\"\\u0061\\tb\\\"\" = 1", ["\"a\\u0009b\\\"\"": 1]),
            ("a = \"x = 1\\\"\\n[t]\"\nb = 2", ["a": 1, "b": 2]), ("a = 'x\\'\nb = 2", ["a": 1, "b": 2]),
            ("a = ''\nb = \"\"\nc=1", ["a": 1, "b": 2, "c": 3]),
            ("a = \"\"\"\nb = 1\n\\\"\"\"\nc = 1\n\"\"\"\"\"\nd = 1", ["a": 1, "d": 6]), ("a = '''\nb = 1\n\\'''\nd = 1", ["a": 1, "d": 4]),
            ("a = [\n  1, # ]\n  \"]\",\n  [2,\n 3],\n]\nb = 1", ["a": 1, "a[0]": 2, "a[1]": 3, "a[2]": 4, "a[2][0]": 4, "a[2][1]": 5, "b": 7]),
            ("a = {b = 1, c.d = [\n2], e = {}}\nf = 1", ["a": 1, "a.b": 1, "a.c": 1, "a.c.d": 1, "a.c.d[0]": 2, "a.e": 2, "f": 3]),
            (
                "[[p]]\nx = 1\n[p.q]\ny = 1\n[[p]]\nx = 2\n[p.q]\nz = 1",
                ["p": 1, "p[0]": 1, "p[0].x": 2, "p[0].q": 3, "p[0].q.y": 4, "p[1]": 5, "p[1].x": 6, "p[1].q": 7, "p[1].q.z": 8]
            ),
            ("d = 1979-05-27 07:32:00\nf = -inf\nx = 0x1f_ff", ["d": 1, "f": 2, "x": 3]), ("", [:]), ("\n# only this", [:]),
        ] as [(String, [String: Int])])
    func lines(text: String, lines: [String: Int]) {
        let scanner = TOMLScanner(text)
        #expect(scanner.fault == nil)
        #expect(scanner.lines == lines)
    }

    @Test(
        "what is no TOML is told with its line, and never comes before toml++, which would end the process",
        arguments: [
            ("= 2", "expected a name"), ("[b", "expected ]"), ("[b]]", "expected the end"), ("b = \"x", "this string has no end"),
            ("b = \"x\ny\"", "this string has no end"), ("b = \"\"\"x\n\n", "this string has no end"), ("b = [1", "expected ]"),
            ("b = {c", "expected ="), ("b = {c = 1", "expected }"), ("b", "expected ="), ("b =\n", "expected a value"),
            ("b = = 1", "expected a value"),
            ("[}]", "expected a name"), ("[[,]]", "expected a name"), ("[=", "expected a name"), ("[[\u{2028}a]]", "expected a name"),
            ("[é]", "expected a name"), ("b = [}", "expected a value"), ("b = [\u{2028}", "expected a value"),
            ("b = [[\u{85}1]]", "expected a value"),
            ("b = {,}", "expected a name"), ("b = 1\u{a0}", "expected the end"), ("b = 1\r2", "expected the end"), ("[a.]", "expected a name"),
        ])
    func lost(text: String, message: String) throws {
        for text in ["a = 1\n" + text, "a = 1\r\n" + text] {
            let scanner = TOMLScanner(text)
            let fault = try #require(scanner.fault)
            #expect(fault.line == 2 && fault.message.hasPrefix(message), "\(fault)")
            #expect(scanner.line(of: "a") == 1, "what came before stays")
            let error = #expect(throws: ConfigurationError.self) { try LoadedConfiguration.from(text) }
            #expect(error?.line == 2 && error?.message == fault.message)
        }
    }

    @Test("a path that has no line of its own has that of what is around it")
    func nearest() {
        let scanner = TOMLScanner("[socket]\npath = 's'\n[[prompt]]\nobject_id = 1\npoints = [[0, 1],\n[2, 0]]")
        #expect(scanner.line(of: "prompt[0].points[1][0]") == 6)
        #expect(scanner.line(of: "prompt[0].labels") == 3)
        #expect(scanner.line(of: "socket.zzz") == 1)
        #expect(scanner.line(of: "zzz") == nil)
        #expect(scanner.line(of: "") == nil)
    }

    @Test("names that are far too long cost no memory for each of their keys")
    func longNames() {
        let table = String(repeating: "x", count: 100_000)
        let scanner = TOMLScanner("[\(table).\(table)]\n" + (0..<10_000).map { "k\($0) = 1\n" }.joined() + "[camera]\nwidth = 1\n")
        #expect(scanner.fault == nil)
        #expect(scanner.lines.keys.allSatisfy { $0.utf8.count <= TOMLPath.longestText })
        #expect(scanner.line(of: "camera.width") == 10_003)
    }

    @Test("nesting has a limit, which is told", arguments: ["a = ", "a = {b = ", "[[t]]\na = "])
    func depth(start: String) {
        let deep = TOMLScanner(start + String(repeating: "[", count: 100_000))
        #expect(deep.fault?.message.contains("deeper") == true && deep.fault?.line == (start.hasPrefix("[[") ? 2 : 1))
        let allowed = String(repeating: "[", count: 60) + String(repeating: "]", count: 60)
        #expect(TOMLScanner("a = \(allowed)").fault == nil)
    }
}
