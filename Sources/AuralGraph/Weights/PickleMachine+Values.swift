extension PickleMachine {
    /// None, a truth value or a number.
    mutating func number(_ opcode: PickleOpcode) throws(CheckpointError) -> PickleValue {
        switch opcode {
        case .newTrue: return .bool(true)
        case .newFalse: return .bool(false)
        case .int: return .integer(Int(try need(reader.integer(Int32.self))))
        case .int1: return .integer(Int(try need(reader.byte())))
        case .int2: return .integer(Int(try need(reader.integer(UInt16.self))))
        case .long1: return try long(count: Int(try need(reader.byte())))
        case .long4: return try long(count: Int(try need(reader.integer(Int32.self))))
        case .float:
            _ = try need(reader.bytes(8))
            return .other
        default: return .none
        }
    }

    /// A two's complement integer of `count` bytes, little-endian. Beyond 64 bits only seeds of random generators are found.
    private mutating func long(count: Int) throws(CheckpointError) -> PickleValue {
        let bytes = try need(reader.bytes(count))
        guard count <= 8 else { return .other }
        let negative = (bytes.last ?? 0) >= 0x80
        return .integer(bytes.reversed().reduce(negative ? -1 : 0) { ($0 << 8) | Int($1) })
    }

    /// A text. Python may put lone surrogates into one; those are refused with all else that is not UTF-8.
    mutating func text(_ opcode: PickleOpcode) throws(CheckpointError) -> String {
        let count: Int? =
            switch opcode {
            case .shortUnicode: reader.byte().map(Int.init)
            case .unicode: reader.integer(UInt32.self).map(Int.init)
            default: reader.integer(UInt64.self).flatMap(Int.init(exactly:))
            }
        guard let text = String(validating: try need(reader.bytes(try need(count))), as: UTF8.self) else {
            throw broken("a text is not UTF-8")
        }
        return text
    }

    /// Bytes, or a text of Python 2: no tensor needs them.
    mutating func skipBytes(_ opcode: PickleOpcode) throws(CheckpointError) {
        let count: Int? =
            switch opcode {
            case .shortString, .shortBytes: reader.byte().map(Int.init)
            case .string: reader.integer(Int32.self).map(Int.init)
            case .bytes: reader.integer(UInt32.self).map(Int.init)
            default: reader.integer(UInt64.self).flatMap(Int.init(exactly:))
            }
        _ = try need(reader.bytes(try need(count)))
        stack.append(.other)
    }

    mutating func push(tuple items: [PickleValue]) {
        heap.sequences.append(items)
        stack.append(.tuple(heap.sequences.count - 1))
    }

    mutating func pushList() {
        heap.sequences.append([])
        stack.append(.list(heap.sequences.count - 1))
    }

    mutating func pushDictionary() {
        heap.dictionaries.append([])
        stack.append(.dictionary(heap.dictionaries.count - 1))
    }

    /// Appends `items` to the list on top of the stack.
    mutating func append(_ items: [PickleValue]) throws(CheckpointError) {
        guard case .list(let slot) = try top() else { throw broken("it appends to something that is no list") }
        heap.sequences[slot].append(contentsOf: items)
    }

    /// Puts `items`, keys and values in turn, into the dictionary on top of the stack.
    mutating func setItems(_ items: [PickleValue]) throws(CheckpointError) {
        guard case .dictionary(let slot) = try top() else { throw broken("it puts items into something that is no dictionary") }
        guard items.count.isMultiple(of: 2) else { throw broken("a key has no value") }
        for index in stride(from: 0, to: items.count, by: 2) {
            // Keys that are no text (an optimizer numbers its parameters) lead to nothing that is read.
            if case .text(let key) = items[index] {
                heap.dictionaries[slot].append((key, items[index + 1]))
            }
        }
    }
}
