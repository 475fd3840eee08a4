import AuralCore
import Testing

@testable import AuralGraph

@Suite struct SafetensorsTests {
    static func file(_ header: String, data: Int = 0) -> [UInt8] {
        little(header.utf8.count, 8) + Array(header.utf8) + [UInt8](repeating: 0, count: data)
    }

    private static func tensor(_ shape: String, _ begin: String, _ end: String, type: String = "F32") -> String {
        #"{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
    }

    static let broken: [(bytes: [UInt8], words: String)] = [
        ([1, 2, 3], "3 bytes"),
        (little(-1, 8) + [0x7B], "header's length"),
        (little(100_000_001, 8) + [0x7B], "header's length"),
        (little(3, 8) + Array("{}".utf8), "header's length"),
        (file("{"), "not the JSON"),
        (file("[]"), "not the JSON"),
        (file("{\"a\":1}"), "at 'a'"),
        (file(String(repeating: "{\"a\":", count: 5000)), "not the JSON"),
        (file("{\"a\":" + String(repeating: "[", count: 50_000)), "not the JSON"),
        (file(#"{"a":{"dtype":"F32","shape":[]}}"#), "not the JSON"),
        (file(#"{"a":{"dtype":4,"shape":[],"data_offsets":[0,4]}}"#, data: 4), "at 'a.dtype'"),
        (file(#"{"__metadata__":{"a":1}}"#), "not the JSON"),
        (file(#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0]}}"#), "two byte offsets"),
        (file("{\"a\":\(tensor("[1]", "0", "4", type: "F8_E4M3"))}", data: 4), "dtype 'F8_E4M3'"),
        (file("{\"a\":\(tensor("[-1]", "0", "4"))}", data: 4), "impossible shape"),
        (file("{\"a\":\(tensor("[1e300]", "0", "4"))}", data: 4), "not the JSON"),
        (file("{\"a\":\(tensor("[1.5]", "0", "4"))}", data: 4), "not the JSON"),
        (file("{\"a\":\(tensor("[9223372036854775807,4]", "0", "4"))}", data: 4), "impossible shape"),
        (file("{\"a\":\(tensor("[99999999999999999999]", "0", "4"))}", data: 4), "not the JSON"),
        (file("{\"a\":\(tensor("[1]", "-4", "0"))}", data: 4), "two byte offsets"),
        (file("{\"a\":\(tensor("[1]", "4", "0"))}", data: 4), "data_offsets [4, 0]"),
        (file("{\"a\":\(tensor("[1]", "0", "9223372036854775807"))}", data: 4), "data_offsets"),
        (file("{\"a\":\(tensor("[2]", "0", "4"))}", data: 4), "8 bytes from 0 on were expected"),
        (file("{\"a\":\(tensor("[1]", "4", "8"))}", data: 8), "from 0 on were expected"),
        (file("{\"a\":\(tensor("[1]", "0", "4")),\"b\":\(tensor("[1]", "0", "4"))}", data: 4), "'b' has data_offsets"),
        (file("{\"a\":\(tensor("[1]", "0", "4")),\"b\":\(tensor("[1]", "8", "12"))}", data: 12), "'b' has data_offsets"),
        (file("{\"a\":\(tensor("[1]", "0", "4")),\"a\":\(tensor("[1]", "4", "8"))}", data: 8), "broken"),
        (file("{\"a\":\(tensor("[1]", "0", "4"))}", data: 3), "cut short"),
        (file("{\"a\":\(tensor("[1]", "0", "4"))}", data: 6), "2 bytes at its end"),
    ]

    @Test("a broken safetensors file is refused in one line", .timeLimit(.minutes(5)), arguments: broken)
    func refused(bytes: [UInt8], words: String) throws {
        try withTemporaryFile(bytes) { path in
            let error = try #require(throws: CheckpointError.self) { _ = try SafetensorsFile(path: path) }
            #expect(error.description.contains(words))
            #expect(error.exitStatus == .dataError)
            #expect(!error.description.contains("\n"))
        }
    }

    @Test("an empty header is a file without tensors", .timeLimit(.minutes(5)))
    func empty() throws {
        try withTemporaryFile(Self.file("{}      ")) { path in
            let source = try Checkpoint.open(path)
            #expect(source.names == [])
        }
    }

    @Test("what the writer writes is read back, and is the same bytes in any order of adding", .timeLimit(.minutes(5)))
    func writer() throws {
        let tensors: [(name: String, shape: [Int], values: [Float])] = [
            ("b \"quoted\"\n", [2, 3], [1, -2, .infinity, 0.1, 5, 6]), ("a", [], [7]), ("leer/\u{1}é", [0, 4], []),
        ]
        var writer = SafetensorsWriter()
        var reversed = SafetensorsWriter()
        writer.metadata = ["source": "x\\y", "format": "pt"]
        reversed.metadata = writer.metadata
        for tensor in tensors { try writer.add(tensor.name, shape: tensor.shape, values: tensor.values) }
        for tensor in tensors.reversed() { try reversed.add(tensor.name, shape: tensor.shape, values: tensor.values) }
        #expect(writer.encoded() == reversed.encoded())
        #expect(writer.encoded().count % 4 == 0)
        try withTemporaryFile([]) { path in
            try writer.write(to: path)
            #expect(try MappedFile(path: path).bytes(0..<writer.encoded().count).array() == writer.encoded())
            let file = try SafetensorsFile(path: path)
            #expect(file.metadata == writer.metadata)
            #expect(file.names == tensors.map(\.name).sorted())
            for tensor in tensors {
                #expect(try file.floats(tensor.name, shape: tensor.shape) == tensor.values)
            }
        }
    }

    @Test("the writer refuses a name that is taken and values that do not fit the shape", .timeLimit(.minutes(5)))
    func writerRefuses() throws {
        var writer = SafetensorsWriter()
        try writer.add("a", shape: [1], values: [1])
        #expect(throws: CheckpointError.self) { try writer.add("a", shape: [1], values: [1]) }
        #expect(throws: CheckpointError.self) { try writer.add("b", shape: [2], values: [1]) }
        #expect(throws: CheckpointError.self) { try writer.add("b", shape: [.max, 2], values: [1]) }
        #expect(throws: CheckpointError.self) { try writer.add("__metadata__", shape: [1], values: [1]) }
        let error = try #require(throws: CheckpointError.self) { try writer.write(to: "/nonexistent/folder/x") }
        #expect(error.exitStatus == .cannotCreate)
    }
}
