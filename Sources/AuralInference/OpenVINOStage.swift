import AuralGraph
import COpenVINO
import Synchronization

/// One compiled graph with its inference request.
final class OpenVINOStage: EngineStage, @unchecked Sendable {
    // SAFETY: @unchecked because of the C handles. `EngineStage` allows one run at a time; the handles are freed with the object, and
    // `engine` outlives them.
    let name: String
    private let compiled: OpaquePointer
    let request: OpaquePointer
    let isProfiled: Bool
    /// Runs since the stage was loaded: the plugin tells the mean over all of them as a layer's time.
    let runs = Atomic<Int>(0)
    private let engine: OpenVINOEngine

    init(name: String, compiled: OpaquePointer, precision: Precision, isProfiled: Bool, engine: OpenVINOEngine) throws(EngineError) {
        var request: OpaquePointer?
        do throws(EngineError) {
            try Self.requirePrecision(precision, of: compiled, name)
            try OpenVINOStatus.check(ov_compiled_model_create_infer_request(compiled, &request), "make a request for stage \(name)")
        } catch {
            ov_compiled_model_free(compiled)
            throw error
        }
        guard let request else { throw EngineError("OpenVINO made no request for stage \(name)") }
        self.name = name
        self.compiled = compiled
        self.isProfiled = isProfiled
        self.request = request
        self.engine = engine
    }

    deinit {
        ov_infer_request_free(request)
        ov_compiled_model_free(compiled)
    }

    /// The plugin may choose another precision than the one asked for; that would be a silent fall-back.
    private static func requirePrecision(_ precision: Precision, of compiled: OpaquePointer, _ name: String) throws(EngineError) {
        var text: UnsafeMutablePointer<CChar>?
        try OpenVINOStatus.check(
            ov_compiled_model_get_property(compiled, "INFERENCE_PRECISION_HINT", &text), "tell the precision of stage \(name)")
        defer { ov_free(text) }
        let actual = text.map { String(cString: $0) } ?? "unknown"
        guard actual == precision.rawValue else {
            throw EngineError("stage \(name) was asked to run in \(precision.rawValue), but OpenVINO chose \(actual)")
        }
    }

    func run(inputs: [(name: String, tensor: Tensor)], outputs: [(name: String, tensor: Tensor)]) throws(EngineError) {
        // The request knows only addresses: the tensors must outlive the inference, not merely their last mention.
        defer { withExtendedLifetime((inputs, outputs)) {} }
        for (name, tensor) in inputs { try bind(name, tensor) }
        for (name, tensor) in outputs { try bind(name, tensor) }
        try OpenVINOStatus.check(ov_infer_request_infer(request), "run stage \(name)")
        runs.wrappingAdd(1, ordering: .relaxed)
    }

    private func bind(_ tensorName: String, _ tensor: Tensor) throws(EngineError) {
        var shape = ov_shape_t()
        let sizes = tensor.shape.map(Int64.init)
        try OpenVINOStatus.check(ov_shape_create(Int64(sizes.count), sizes, &shape), "make a shape")
        defer { ov_shape_free(&shape) }
        let type: ov_element_type_e =
            switch tensor.type {
            case .float32: F32
            case .uint8: U8
            case .int8: I8
            case .int64: I64
            case .bool: ov_element_type_e(rawValue: 1)  // BOOLEAN, whose name Swift does not see
            }
        var handle: OpaquePointer?
        try OpenVINOStatus.check(ov_tensor_create_from_host_ptr(type, shape, tensor.memory, &handle), "wrap tensor \(tensorName)")
        // The request keeps a reference of its own.
        defer { ov_tensor_free(handle) }
        try OpenVINOStatus.check(
            ov_infer_request_set_tensor(request, tensorName, handle), "take \(tensorName) \(tensor.shape) in stage \(name)")
    }
}
