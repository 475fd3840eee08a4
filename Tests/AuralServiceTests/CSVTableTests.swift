import AuralCore
import Testing

@testable import AuralService

@Suite struct CSVTableTests {
    private func table(_ text: String) throws -> CSVTable { try CSVTable(Array(text.utf8), path: "metadata.csv") }

    @Test(
        "fields may be quoted, and then hold commas, quotes and line ends",
        arguments: [
            ("a,b\n1,2\n", [["1", "2"]]), ("a,b\n1,2", [["1", "2"]]), ("a,b\r\n1,2\r\n3,4\r\n", [["1", "2"], ["3", "4"]]),
            ("a,b\n\"the man, left\",\"the \"\"big\"\" drum\"\n", [["the man, left", "the \"big\" drum"]]),
            ("a,b\n\"two\nlines\",x\ny,z\n", [["two\nlines", "x"], ["y", "z"]]), ("a,b\n,\n", [["", ""]]), ("a,b\n\"\",\"\"", [["", ""]]),
            ("\u{FEFF}a,b\n1,2\n", [["1", "2"]]), ("a,b\n\n1,2\n\n\n", [["1", "2"]]), ("a,b\n 1 ,é🎸\n", [[" 1 ", "é🎸"]]), ("a,b\n", []),
            ("a\n1\n", [["1"]]), ("a,b\n1\r2,3\n", [["1\r2", "3"]]),
        ] as [(String, [[String]])])
    func fields(_ text: String, _ expected: [[String]]) throws {
        #expect(try table(text).rows.map(\.fields) == expected)
    }

    @Test("rows know their line, also behind quoted line ends")
    func lines() throws {
        let table = try table("a,b\n1,2\n\n\"x\ny\",3\n5,6\n")
        #expect(table.rows.map(\.line) == [2, 4, 6])
    }

    @Test("columns are found by name, wherever they are")
    func columns() throws {
        let table = try table("uid,split,exp\nu,s,\"e, f\"\n")
        #expect(table.value(table.rows[0], try table.column("exp")) == "e, f")
        #expect(throws: EvaluationError("metadata.csv: no column named vid, among uid, split, exp", exitStatus: .dataError)) {
            try table.column("vid")
        }
        #expect(throws: EvaluationError.self) { try self.table("a,a\n1,2\n").column("a") }
    }

    @Test(
        "what breaks the rules is refused with its line",
        arguments: [
            ("", "empty"), ("a,b\n1\n", "line 2: 1 fields, but 2 columns"), ("a,b\n1,2\n1,2,3\n", "line 3: 3 fields"),
            ("a,b\n1,\"2\n", "line 2: a quote that is not closed"), ("a,b\n1,2\n\"1\"x,2\n", "line 3: text after a closing quote"),
            ("a,b\n1,2\"3\n", "line 2: a quote within a field"), ("a,b\nthe man, left,2\n", "line 2: 3 fields, but 2 columns; quote"),
        ])
    func refusals(_ text: String, _ reason: String) {
        let error = #expect(throws: EvaluationError.self) { try table(text) }
        #expect(error?.description.contains("metadata.csv: \(reason)") == true, "\(error?.description ?? "")")
        #expect(error?.exitStatus == .dataError)
    }

    @Test("bytes that are no text are refused")
    func encoding() {
        let error = #expect(throws: EvaluationError.self) { try CSVTable(Array("a\n".utf8) + [0xFF, 0xFE, 0x0A], path: "t.csv") }
        #expect(error?.description == "t.csv: line 2: not UTF-8 text")
    }

    @Test("no bytes make the reader trap")
    func fuzz() {
        var random = SplitMix64(seed: 4180)
        let alphabet = Array("ab,\"\r\n".utf8) + [0xC3, 0xA9, 0xFF]
        var good = 0
        for _ in 0..<2000 {
            let bytes = (0..<Int(random.next() % 24)).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
            if let table = try? CSVTable(bytes, path: "f") {
                good += 1
                #expect(table.rows.allSatisfy { $0.fields.count == table.names.count })
            }
        }
        #expect(good > 50)
    }
}
