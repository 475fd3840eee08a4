/// Element types that graphs use; raw values are ONNX's `TensorProto.DataType`.
package enum ValueType: Int32, Sendable, Codable {
    case float32 = 1
    case uint8 = 2
    case int8 = 3
    case int64 = 7
    case bool = 9

    /// Bytes of one element.
    package var byteCount: Int {
        switch self {
        case .float32: 4
        case .uint8, .int8, .bool: 1
        case .int64: 8
        }
    }
}
