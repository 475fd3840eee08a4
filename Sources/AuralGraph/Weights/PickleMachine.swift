/// Reads the pickle of a PyTorch checkpoint: a stack machine that knows containers, numbers, text and tensors, and nothing that
/// could run anything. Work and memory grow with the pickle's length only, up to `PickleLimits`.
///
/// Source: CPython's pickletools, and torch/serialization.py for what torch.save puts where.
struct PickleMachine {
    let archive: ZipArchive
    /// The folder in the archive that everything is in.
    let root: String
    var reader: ByteReader
    var heap = PickleHeap()
    var stack: [PickleValue] = []
    /// The heights of the stack at the open marks.
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]

    init(_ pickle: [UInt8], archive: ZipArchive, root: String) {
        reader = ByteReader(pickle)
        self.archive = archive
        self.root = root
    }

    /// Reads up to the end and returns the pickled object.
    mutating func run() throws(CheckpointError) -> PickleValue {
        for _ in 0..<PickleLimits.opcodes {
            let code = try need(reader.byte())
            guard let opcode = PickleOpcode(rawValue: code) else {
                throw refused("the pickle uses opcode 0x\(String(code, radix: 16)), which a state dict does not need")
            }
            if opcode == .stop {
                guard stack.count == 1, marks.isEmpty, let result = stack.last else {
                    throw broken("it ends with \(stack.count) objects instead of one")
                }
                return result
            }
            try step(opcode)
            guard stack.count <= PickleLimits.stack, marks.count <= PickleLimits.marks, memo.count <= PickleLimits.memo else {
                throw refused("the pickle nests or remembers more objects than any checkpoint")
            }
        }
        throw refused("the pickle has more than \(PickleLimits.opcodes) opcodes")
    }

    private mutating func step(_ opcode: PickleOpcode) throws(CheckpointError) {
        switch opcode {
        case .proto: try checkProtocol()
        // The length of a frame only helps those who read from a pipe.
        case .frame: _ = try need(reader.bytes(8))
        case .stop: break
        case .mark: marks.append(stack.count)
        case .pop: _ = try pop()
        case .popMark: _ = try popToMark()
        case .duplicate: stack.append(try top())
        case .none, .newTrue, .newFalse, .int, .int1, .int2, .long1, .long4, .float: stack.append(try number(opcode))
        case .unicode, .shortUnicode, .unicode8: stack.append(.text(try text(opcode)))
        case .string, .shortString, .bytes, .shortBytes, .bytes8: try skipBytes(opcode)
        case .emptyTuple: push(tuple: [])
        case .tuple: push(tuple: try popToMark())
        case .tuple1: push(tuple: try popLast(1))
        case .tuple2: push(tuple: try popLast(2))
        case .tuple3: push(tuple: try popLast(3))
        case .emptyList: pushList()
        case .append: try append([pop()])
        case .appends: try append(popToMark())
        case .emptyDictionary: pushDictionary()
        case .setItem: try setItems(popLast(2))
        case .setItems: try setItems(popToMark())
        case .put: memo[Int(try need(reader.byte()))] = try top()
        case .longPut: memo[Int(try need(reader.integer(UInt32.self)))] = try top()
        case .memoize: memo[memo.count] = try top()
        case .get: try recall(Int(try need(reader.byte())))
        case .longGet: try recall(Int(try need(reader.integer(UInt32.self))))
        case .global: try readGlobal()
        case .stackGlobal: try stackGlobal()
        case .reduce: try reduce()
        case .build: try build()
        case .persistentID: try loadStorage()
        }
    }

    private mutating func checkProtocol() throws(CheckpointError) {
        let version = try need(reader.byte())
        guard (2...5).contains(version) else {
            throw refused("the pickle is of protocol \(version)")
        }
    }

    private mutating func recall(_ index: Int) throws(CheckpointError) {
        guard let value = memo[index] else {
            throw broken("it recalls object \(index) before it is there")
        }
        stack.append(value)
    }

    // MARK: The stack

    /// The number of values above the innermost open mark: none below it may be taken by anything but what closes the mark.
    private var available: Int { stack.count - (marks.last ?? 0) }

    func top() throws(CheckpointError) -> PickleValue {
        guard available > 0, let value = stack.last else { throw broken("its stack is empty") }
        return value
    }

    mutating func pop() throws(CheckpointError) -> PickleValue {
        let value = try top()
        stack.removeLast()
        return value
    }

    mutating func popLast(_ count: Int) throws(CheckpointError) -> [PickleValue] {
        guard available >= count else { throw broken("its stack is empty") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popToMark() throws(CheckpointError) -> [PickleValue] {
        guard let height = marks.popLast(), height <= stack.count else { throw broken("it closes a mark that is not open") }
        defer { stack.removeLast(stack.count - height) }
        return Array(stack[height...])
    }

    // MARK: Errors

    /// Unwraps what the reader gave.
    func need<Value>(_ value: Value?) throws(CheckpointError) -> Value {
        guard let value else { throw broken("it is cut short") }
        return value
    }

    /// The pickle is damaged.
    func broken(_ what: String) -> CheckpointError {
        CheckpointError(file: archive.file.path, reason: "a broken pickle in data.pkl: \(what); download or copy the file again")
    }

    /// The pickle may be whole, but is not one that is read.
    func refused(_ what: String) -> CheckpointError {
        CheckpointError(
            file: archive.file.path,
            reason: "\(what), so it is not loaded; save only the state dict: torch.save({\"model\": model.state_dict()}, …)")
    }
}
