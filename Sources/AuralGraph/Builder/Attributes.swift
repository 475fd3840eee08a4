import Foundation

extension Aurald_Onnx_Attribute {
    /// An integer attribute.
    static func int(_ name: String, _ value: Int) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.i = Int64(value)
        attribute.type = .int
        return attribute
    }

    /// A list of integers.
    static func ints(_ name: String, _ values: [Int]) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.ints = values.map(Int64.init)
        attribute.type = .ints
        return attribute
    }

    /// A float attribute.
    static func float(_ name: String, _ value: Float) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.f = value
        attribute.type = .float
        return attribute
    }

    /// A string attribute.
    static func string(_ name: String, _ value: String) -> Self {
        var attribute = Self()
        attribute.name = name
        attribute.s = Data(value.utf8)
        attribute.type = .string
        return attribute
    }
}
