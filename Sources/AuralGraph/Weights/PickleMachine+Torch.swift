extension PickleMachine {
    /// The opcode GLOBAL: a module and a name, each on a line of its own.
    mutating func readGlobal() throws(CheckpointError) {
        let module = String(decoding: try need(reader.line()), as: UTF8.self)
        let name = String(decoding: try need(reader.line()), as: UTF8.self)
        try push(global: name, of: module)
    }

    /// The opcode STACK_GLOBAL: the module and the name are on the stack.
    mutating func stackGlobal() throws(CheckpointError) {
        let pair = try popLast(2)
        guard case .text(let module) = pair[0], case .text(let name) = pair[1] else {
            throw broken("the name of a global is no text")
        }
        try push(global: name, of: module)
    }

    private mutating func push(global name: String, of module: String) throws(CheckpointError) {
        guard let global = PickleGlobal(module: module, name: name) else {
            let hint =
                name == "_rebuild_tensor_v3"
                ? " (a tensor of float8 or unsigned integers)" : ""
            throw refused("the pickle calls for '\(CheckpointError.printable("\(module).\(name)"))'\(hint)")
        }
        stack.append(.global(global))
    }

    /// The opcode REDUCE: in Python a call of what is below the top with the tuple on top.
    mutating func reduce() throws(CheckpointError) {
        let pair = try popLast(2)
        guard case .global(let global) = pair[0], case .tuple(let slot) = pair[1] else {
            throw broken("it calls something that is no name, or without arguments")
        }
        let arguments = heap.sequences[slot]
        switch global {
        case .orderedDictionary:
            guard arguments.isEmpty else { throw refused("the pickle fills an OrderedDict in the manner of Python 2") }
            pushDictionary()
        case .rebuildTensor:
            try rebuildTensor(arguments)
        case .rebuildParameter:
            guard case .tensor = arguments.first, let tensor = arguments.first else {
                throw broken("a parameter is made of something that is no tensor")
            }
            stack.append(tensor)
        case .size, .ignoredCall:
            stack.append(.other)
        case .storage, .ignoredValue:
            throw broken("it calls a type")
        }
    }

    /// The opcode BUILD: the state of an object. An OrderedDict of torch has `_metadata` (the versions of its modules), which is
    /// passed over; nothing else has any.
    mutating func build() throws(CheckpointError) {
        _ = try pop()
        guard case .dictionary = try top() else {
            throw refused("the pickle sets the state of something that is no dictionary")
        }
    }

    /// The opcode BINPERSID: ("storage", type, key, device, number of elements), or of bytes for an untyped one.
    mutating func loadStorage() throws(CheckpointError) {
        guard case .tuple(let slot) = try pop() else { throw broken("a storage has no description") }
        let fields = heap.sequences[slot]
        guard fields.count == 5, case .text("storage") = fields[0], case .global(.storage(let element)) = fields[1],
            case .text(let key) = fields[2], case .integer(let count) = fields[4], count >= 0
        else {
            throw broken("the description of a storage is not one")
        }
        let quoted = "storage 'data/\(CheckpointError.printable(key))'"
        guard let entry = archive.entries["\(root)/data/\(key)"] else {
            throw broken("\(quoted) is not in the archive")
        }
        let (byteCount, overflow) = count.multipliedReportingOverflow(by: element?.byteCount ?? 1)
        guard !overflow, byteCount == entry.range.count else {
            throw broken("\(quoted) has \(entry.range.count) bytes, not \(count) elements of \(element?.byteCount ?? 1)")
        }
        heap.storages.append(TorchStorage(element: element, count: count, entry: entry))
        stack.append(.storage(heap.storages.count - 1))
    }

    /// _rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks, metadata).
    private mutating func rebuildTensor(_ arguments: [PickleValue]) throws(CheckpointError) {
        guard (6...7).contains(arguments.count), case .storage(let slot) = arguments[0],
            case .integer(let offset) = arguments[1], let shape = integers(arguments[2]), let strides = integers(arguments[3])
        else {
            throw broken("the description of a tensor is not one")
        }
        let storage = heap.storages[slot]
        guard let element = storage.element else {
            throw refused("the pickle makes a tensor of an untyped storage")
        }
        let layout: TensorLayout
        do {
            layout = try TensorLayout(shape: shape, strides: strides, offset: offset, storageCount: storage.count)
        } catch {
            throw broken("a tensor in '\(CheckpointError.printable(storage.entry.name))' \(error.reason)")
        }
        heap.tensors.append(TorchTensor(element: element, entry: storage.entry, layout: layout))
        stack.append(.tensor(heap.tensors.count - 1))
    }

    /// The items of a tuple of integers.
    private func integers(_ value: PickleValue) -> [Int]? {
        guard case .tuple(let slot) = value, heap.sequences[slot].count <= TensorLayout.maximumRank else { return nil }
        var result: [Int] = []
        for case .integer(let item) in heap.sequences[slot] {
            result.append(item)
        }
        return result.count == heap.sequences[slot].count ? result : nil
    }
}
