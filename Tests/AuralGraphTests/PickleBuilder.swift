/// Pieces of pickles, as bytes.
enum PickleBuilder {
    static let empty: [UInt8] = [0x7D]
    static let mark: [UInt8] = [0x28]
    static let tuple: [UInt8] = [0x74]
    static let reduce: [UInt8] = [0x52]

    /// A whole pickle of protocol 2.
    static func pickle(_ content: [UInt8]) -> [UInt8] {
        [0x80, 2] + content + [0x2E]
    }

    static func text(_ text: String) -> [UInt8] {
        [0x58] + little(text.utf8.count, 4) + Array(text.utf8)
    }

    /// An integer, as an 8-byte long.
    static func integer(_ value: Int) -> [UInt8] {
        [0x8A, 8] + little(value, 8)
    }

    static func tuple(_ items: [[UInt8]]) -> [UInt8] {
        mark + items.flatMap { $0 } + tuple
    }

    static func global(_ module: String, _ name: String) -> [UInt8] {
        [0x63] + Array("\(module)\n\(name)\n".utf8)
    }

    /// A dictionary.
    static func dictionary(_ items: [(String, [UInt8])]) -> [UInt8] {
        empty + mark + items.flatMap { text($0.0) + $0.1 } + [0x75]
    }

    static func storage(_ key: String, count: Int, type: String = "FloatStorage") -> [UInt8] {
        tuple([text("storage"), global("torch", type), text(key), text("cpu"), integer(count)]) + [0x51]
    }

    /// A tensor in a storage of `count` elements.
    static func tensor(
        _ key: String = "0", count: Int = 4, offset: Int = 0, shape: [Int] = [4], strides: [Int] = [1],
        type: String = "FloatStorage"
    ) -> [UInt8] {
        let hooks = global("collections", "OrderedDict") + [0x29] + reduce
        let arguments = tuple([
            storage(key, count: count, type: type), integer(offset), tuple(shape.map(integer)), tuple(strides.map(integer)),
            [0x89], hooks,
        ])
        return global("torch._utils", "_rebuild_tensor_v2") + arguments + reduce
    }
}
