import AuralCore
import Testing

@testable import AuralGraph

@Suite struct HostilePickleTests {
    struct Case: CustomTestStringConvertible {
        let testDescription: String
        let content: [UInt8]
        let words: String

        init(_ description: String, _ content: [UInt8], _ words: String) {
            testDescription = description
            self.content = content
            self.words = words
        }
    }

    private typealias Build = PickleBuilder

    private static func inDictionary(_ content: [UInt8]) -> [UInt8] {
        Build.dictionary([("a", content)])
    }

    static let cases: [Case] = [
        Case("builtins.eval", inDictionary(Build.global("builtins", "eval")), "'builtins.eval'"),
        Case("STACK_GLOBAL", inDictionary(Build.text("os") + Build.text("system") + [0x93]), "'os.system'"),
        Case("STACK_GLOBAL of numbers", inDictionary(Build.integer(1) + Build.integer(2) + [0x93]), "no text"),
        Case("a private storage name", inDictionary(Build.global("torch", "_C")), "'torch._C'"),
        Case("a name with control characters", Build.global("o\u{1B}[31ms", "x\ty"), "'o\\u{1b}[31ms.x\\u{9}y'"),
        Case("NEWOBJ", inDictionary(Build.global("collections", "OrderedDict") + [0x29, 0x81]), "opcode 0x81"),
        Case("INST", Build.mark + [0x69], "opcode 0x69"),
        Case("OBJ", Build.mark + [0x6F], "opcode 0x6f"),
        Case("EXT1", [0x82, 1], "opcode 0x82"),
        Case("PERSID", [0x50], "opcode 0x50"),
        Case("protocol 9", [0x80, 9], "protocol 9"),
        Case("a call of a type", Build.global("torch", "FloatStorage") + [0x29, 0x52], "calls a type"),
        Case("a call of a text", Build.text("x") + [0x29, 0x52], "calls something"),
        Case("an OrderedDict of arguments", Build.global("collections", "OrderedDict") + [0x5D, 0x85, 0x52], "Python 2"),
        Case("state of a list", [0x5D, 0x7D, 0x62], "state of something"),
        Case("an empty stack", [0x30], "stack is empty"),
        Case("popping through a mark", [0x5D, 0x28, 0x30], "stack is empty"),
        Case("a tuple without a mark", [0x74], "mark that is not open"),
        Case("appending to a dictionary", [0x7D, 0x4E, 0x61], "no list"),
        Case("items into a list", [0x5D, 0x4E, 0x4E, 0x73], "no dictionary"),
        Case("a key without a value", [0x7D, 0x28, 0x4E, 0x75], "no value"),
        Case("two objects", [0x4E, 0x4E], "2 objects"),
        Case("an open mark at the end", [0x28], "0 objects"),
        Case("an unknown memo", [0x6A, 1, 2, 3, 4], "recalls object"),
        Case("a text that is too long", [0x58, 0xFF, 0xFF, 0xFF, 0xFF], "cut short"),
        Case("a text of 2^64 bytes", [0x8D] + [UInt8](repeating: 0xFF, count: 8), "cut short"),
        Case("a long of negative length", [0x8B, 0xFF, 0xFF, 0xFF, 0xFF], "cut short"),
        Case("a string of negative length", [0x54, 0, 0, 0, 0x80], "cut short"),
        Case("a text that is not UTF-8", [0x58, 2, 0, 0, 0, 0xC3, 0x28], "UTF-8"),
        Case("a lone surrogate", [0x58, 3, 0, 0, 0, 0xED, 0xA0, 0x80], "UTF-8"),
        Case("a global without an end", [0x63] + Array("os".utf8), "cut short"),
        Case("half a million open marks", [UInt8](repeating: 0x28, count: 500_000), "nests or remembers"),
        Case("half a million open lists", [UInt8](repeating: 0x5D, count: 500_000), "nests or remembers"),
        Case("a number", [0x4B, 1], "no dictionary"),
        Case("an empty dictionary", [0x7D], "no tensors"),
        Case("a storage that is text", Build.text("0") + [0x51], "no description"),
        Case("a storage of an unknown kind", Build.tuple([Build.text("module")]) + [0x51], "not one"),
        Case("a storage that is missing", inDictionary(Build.tensor("9")), "'data/9' is not in the archive"),
        Case("a storage outside its folder", inDictionary(Build.tensor("../data.pkl")), "not in the archive"),
        Case("a storage of another size", inDictionary(Build.tensor(count: 5)), "16 bytes, not 5 elements of 4"),
        Case("a storage of negative size", inDictionary(Build.tensor(count: -1)), "not one"),
        Case("a storage of 2^62 elements", inDictionary(Build.tensor(count: 1 << 62)), "elements"),
        Case("a tensor of an untyped storage", inDictionary(Build.tensor(count: 16, type: "UntypedStorage")), "untyped"),
        Case("a tensor beyond its storage", inDictionary(Build.tensor(shape: [5])), "element 4 of a storage of 4"),
        Case("an offset beyond the storage", inDictionary(Build.tensor(offset: 1)), "element 4 of a storage of 4"),
        Case("a stride beyond the storage", inDictionary(Build.tensor(shape: [2], strides: [4])), "element 4"),
        Case("a negative stride", inDictionary(Build.tensor(shape: [2], strides: [-1])), "negative"),
        Case("a negative size", inDictionary(Build.tensor(shape: [-4])), "negative"),
        Case("a negative offset", inDictionary(Build.tensor(offset: -1)), "negative"),
        Case("an offset near 2^63", inDictionary(Build.tensor(offset: .max)), "no memory holds"),
        Case("a size near 2^63", inDictionary(Build.tensor(shape: [.max, .max], strides: [1, 1])), "no memory holds"),
        Case("2^62 copies of one element", inDictionary(Build.tensor(shape: [1 << 62], strides: [0])), "expands"),
        Case("more strides than dimensions", inDictionary(Build.tensor(strides: [1, 1])), "1 dimensions and 2 strides"),
        Case("65 dimensions", inDictionary(Build.tensor(shape: .init(repeating: 1, count: 65))), "description of a tensor"),
        Case(
            "a parameter of a text", Build.global("torch._utils", "_rebuild_parameter") + Build.tuple([Build.text("x")]) + [0x52],
            "no tensor"),
    ]

    @Test("a hostile or broken pickle is refused in one line", .timeLimit(.minutes(5)), arguments: cases)
    func refused(_ test: Case) throws {
        let storage = [UInt8](repeating: 0, count: 16)
        let archive = ZipBuilder.checkpoint(pickle: Build.pickle(test.content), storages: [("0", storage)])
        try withTemporaryFile(archive.bytes()) { path in
            let error = try #require(throws: CheckpointError.self) { _ = try Checkpoint.open(path) }
            #expect(error.description.contains(test.words))
            #expect(error.exitStatus == .dataError)
            #expect(error.description.unicodeScalars.allSatisfy { $0.value >= 0x20 })
        }
    }

    @Test(
        "the builder's own tensor is read, so that the refusals above are for the reasons that they name",
        .timeLimit(.minutes(5))
    )
    func accepted() throws {
        let values: [Float] = [1, 2, 3, 4]
        let storage = values.withUnsafeBytes { [UInt8]($0) }
        // Beside the tensor: lists doubled forty times over and a list that holds itself, as a pickle may well say.
        let doubled = [UInt8](repeating: 0x29, count: 1) + [UInt8]((0..<40).flatMap { _ -> [UInt8] in [0x32, 0x86] })
        let itself: [UInt8] = [0x5D, 0x71, 0, 0x68, 0, 0x61]
        let content = PickleBuilder.dictionary([
            ("doubled", doubled), ("itself", itself), ("a", PickleBuilder.tensor(shape: [2, 2], strides: [1, 2])),
        ])
        let archive = ZipBuilder.checkpoint(pickle: PickleBuilder.pickle(content), storages: [("0", storage)])
        try withTemporaryFile(archive.bytes()) { path in
            let source = try Checkpoint.open(path)
            #expect(source.names == ["a"])
            #expect(try source.floats("a", shape: [2, 2]) == [1, 3, 2, 4])
        }
    }

    @Test("a dictionary that wraps itself ends the search", .timeLimit(.minutes(5)))
    func wrapsItself() throws {
        let content = PickleBuilder.empty + [0x71, 0] + PickleBuilder.text("model") + [0x68, 0, 0x73]
        let archive = ZipBuilder.checkpoint(pickle: PickleBuilder.pickle(content))
        try withTemporaryFile(archive.bytes()) { path in
            let error = try #require(throws: CheckpointError.self) { _ = try Checkpoint.open(path) }
            #expect(error.description.contains("no tensors"))
        }
    }

    @Test("a key that is set twice has its last value", .timeLimit(.minutes(5)))
    func lastValue() throws {
        let content = PickleBuilder.dictionary([
            ("a", PickleBuilder.tensor()), ("b", PickleBuilder.tensor()), ("a", PickleBuilder.tensor(shape: [2])), ("b", [0x4E]),
        ])
        let storage = [UInt8](repeating: 0, count: 16)
        let archive = ZipBuilder.checkpoint(pickle: PickleBuilder.pickle(content), storages: [("0", storage)])
        try withTemporaryFile(archive.bytes()) { path in
            let source = try Checkpoint.open(path)
            #expect(source.names == ["a"])
            #expect(source.shape(of: "a") == [2])
        }
    }
}
