import AuralCore
import Foundation
import SwiftProtobuf

/// Builds one ONNX graph, operator by operator, with the element type and shape of every value at hand.
///
/// Networks are written against this class so that they read like the paper: `x = graph.add(x, attention(x))`. Constants of more than a few
/// values go to a `WeightStore` (ONNX external data), so a bundle has one weights file however many graphs it has. The order of calls
/// fixes every name, hence the same network and weights give the same bytes. Source: ONNX IR specification, opset 20.
package final class GraphBuilder {
    /// The opset that the graphs are written against (20 brought Gelu).
    package static let opsetVersion: Int64 = 20
    /// Constants of up to this many bytes are written into the graph itself.
    static let inlineLimit = 64

    /// Where the network's tensors come from.
    package let weights: any WeightSource
    let store: any WeightStore
    let arithmetic: LinearArithmetic
    /// Keys and channels of what an `observed` graph says the ranges of.
    package internal(set) var observed: [(key: String, channels: Int)] = []
    var graph = Aurald_Onnx_Graph()
    private var counter = 0
    private var constants: [ConstantKey: Value] = [:]

    struct ConstantKey: Hashable {
        var int64: [Int64]
        var shape: [Int]
    }

    /// Starts an empty graph.
    ///
    /// - Parameters:
    ///   - name: the stage's name, which also names the file.
    ///   - weights: where `parameter` and the layers take their tensors from.
    ///   - store: where large constants go.
    ///   - arithmetic: that of the Linear layers that were written to be quantized.
    package init(name: String, weights: any WeightSource, store: any WeightStore, arithmetic: LinearArithmetic = .float) {
        self.weights = weights
        self.store = store
        self.arithmetic = arithmetic
        graph.name = name
    }

    /// Declares a graph input.
    package func input(_ name: String, _ type: ValueType = .float32, _ shape: [Dimension]) -> Value {
        let value = Value(name: name, type: type, shape: shape)
        graph.input.append(Self.info(value))
        return value
    }

    /// Declares `value` to be a graph output under `name`.
    package func output(_ value: Value, _ name: String) {
        var node = Aurald_Onnx_Node()
        node.opType = "Identity"
        node.name = "output.\(name)"
        node.input = [value.name]
        node.output = [name]
        graph.node.append(node)
        graph.output.append(Self.info(Value(name: name, type: value.type, shape: value.shape)))
    }

    /// Adds a node with one output and returns that output.
    func node(
        _ opType: String, _ inputs: [Value?], _ type: ValueType, _ shape: [Dimension], _ attributes: [Aurald_Onnx_Attribute] = []
    ) -> Value {
        nodes(opType, inputs, [(type, shape)], attributes)[0]
    }

    /// Adds a node with several outputs; nil among the inputs is an omitted optional one.
    func nodes(
        _ opType: String, _ inputs: [Value?], _ outputs: [(ValueType, [Dimension])], _ attributes: [Aurald_Onnx_Attribute] = []
    ) -> [Value] {
        counter += 1
        let base = "\(opType)_\(counter)"
        var node = Aurald_Onnx_Node()
        node.opType = opType
        node.name = base
        node.input = inputs.map { $0?.name ?? "" }
        node.attribute = attributes
        let values = outputs.enumerated().map { index, output in
            Value(name: outputs.count == 1 ? "\(base)_out" : "\(base)_out\(index)", type: output.0, shape: output.1)
        }
        node.output = values.map(\.name)
        graph.node.append(node)
        return values
    }

    /// A float32 constant, row-major; `name` makes the file readable (the checkpoint's key, for one).
    ///
    /// Throws when the store cannot take it.
    package func constant(_ values: [Float], _ shape: [Int], _ name: String) throws(GraphError) -> Value {
        try constant(values.withUnsafeBytes { Data($0) }, .float32, shape, name)
    }

    /// An int8 constant, row-major. Throws when the store cannot take it.
    func constant(int8 values: [Int8], _ shape: [Int], _ name: String) throws(GraphError) -> Value {
        try constant(values.withUnsafeBytes { Data($0) }, .int8, shape, name)
    }

    /// A uint8 constant, row-major. Throws when the store cannot take it.
    func constant(uint8 values: [UInt8], _ shape: [Int], _ name: String) throws(GraphError) -> Value {
        try constant(Data(values), .uint8, shape, name)
    }

    private func constant(_ bytes: Data, _ type: ValueType, _ shape: [Int], _ name: String) throws(GraphError) -> Value {
        precondition(bytes.count == shape.reduce(type.byteCount, *), "\(name): \(bytes.count) bytes for shape \(shape)")
        counter += 1
        var tensor = Aurald_Onnx_Tensor()
        tensor.name = "\(name)_\(counter)"
        tensor.dims = shape.map(Int64.init)
        tensor.dataType = type.rawValue
        if bytes.count <= Self.inlineLimit {
            tensor.rawData = bytes
        } else {
            let offset = try store.append(bytes)
            tensor.dataLocation = .external
            tensor.externalData = [
                Self.entry("location", store.location), Self.entry("offset", String(offset)), Self.entry("length", String(bytes.count)),
            ]
        }
        graph.initializer.append(tensor)
        return Value(name: tensor.name, type: type, shape: shape.map(Dimension.fixed))
    }

    /// An int64 constant (axes, shapes, indices), written into the graph; equal ones are shared.
    func constant(int64 values: [Int64], _ shape: [Int]? = nil) -> Value {
        let shape = shape ?? [values.count]
        let key = ConstantKey(int64: values, shape: shape)
        if let known = constants[key] { return known }
        counter += 1
        var tensor = Aurald_Onnx_Tensor()
        tensor.name = "int64_\(counter)"
        tensor.dims = shape.map(Int64.init)
        tensor.dataType = ValueType.int64.rawValue
        tensor.rawData = values.withUnsafeBytes { Data($0) }
        graph.initializer.append(tensor)
        let value = Value(name: tensor.name, type: .int64, shape: shape.map(Dimension.fixed))
        constants[key] = value
        return value
    }

    /// A checkpoint's tensor as it is. Throws when it is missing or has another shape.
    package func parameter(_ key: String, _ shape: [Int]) throws -> Value {
        try constant(weights.floats(key, shape: shape), shape, key)
    }

    /// The whole model file's bytes. Throws only if protobuf cannot encode it, which would be our bug.
    package func serialized(metadata: [(String, String)] = []) throws -> Data {
        var model = Aurald_Onnx_Model()
        model.irVersion = 9
        model.producerName = "aurald"
        var opset = Aurald_Onnx_OperatorSet()
        opset.domain = ""
        opset.version = Self.opsetVersion
        model.opsetImport = [opset]
        model.graph = graph
        model.metadataProps = metadata.map(Self.entry)
        return try model.serializedData()
    }

    private static func entry(_ key: String, _ value: String) -> Aurald_Onnx_StringEntry {
        var entry = Aurald_Onnx_StringEntry()
        entry.key = key
        entry.value = value
        return entry
    }

    private static func info(_ value: Value) -> Aurald_Onnx_ValueInfo {
        var info = Aurald_Onnx_ValueInfo()
        info.name = value.name
        info.type.tensorType.elemType = value.type.rawValue
        info.type.tensorType.shape.dim = value.shape.map { dimension in
            var dim = Aurald_Onnx_TensorShape.Dimension()
            switch dimension {
            case .fixed(let size): dim.dimValue = Int64(size)
            case .symbol(let name): dim.dimParam = name
            }
            return dim
        }
        return info
    }
}
