/// The names of Python that a pickled state dict may mention. None of them is ever called: each stands for a rule of the reader.
enum PickleGlobal: Sendable, Equatable {
    /// collections.OrderedDict: an empty dictionary.
    case orderedDictionary
    /// torch._utils._rebuild_tensor_v2: a tensor from a storage, offset, shape and strides.
    case rebuildTensor
    /// torch._utils._rebuild_parameter and _rebuild_parameter_with_state: the tensor that is their first argument.
    case rebuildParameter
    /// torch.FloatStorage and its like: the element type of a storage; nil for untyped ones.
    case storage(ElementType?)
    /// torch.Size: a tuple.
    case size
    /// torch.device and torch.serialization._get_layout: a value that no tensor needs.
    case ignoredCall
    /// torch.float32 and its like: a value that no tensor needs.
    case ignoredValue

    private static let storages: [String: ElementType] = [
        "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16, "BFloat16Storage": .bfloat16,
        "LongStorage": .int64, "IntStorage": .int32, "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8,
        "BoolStorage": .bool,
    ]

    /// Nil for every name that is refused.
    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"), ("torch._utils", "_rebuild_parameter_with_state"):
            self = .rebuildParameter
        case ("torch.storage", "UntypedStorage"), ("torch", "UntypedStorage"): self = .storage(nil)
        case ("torch", "Size"): self = .size
        case ("torch", "device"), ("torch.serialization", "_get_layout"): self = .ignoredCall
        case ("torch", _):
            if let element = Self.storages[name] {
                self = .storage(element)
            } else if ElementType(rawValue: name) != nil {
                self = .ignoredValue
            } else {
                return nil
            }
        default: return nil
        }
    }
}
