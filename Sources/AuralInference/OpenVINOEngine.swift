import AuralCore
import COpenVINO

/// The first engine: OpenVINO's CPU plugin through its C API.
package final class OpenVINOEngine: Engine {
    /// How to run.
    package struct Options: Sendable {
        /// Threads for one inference; 0 takes all cores.
        package var threads: Int
        /// Folder for compiled graphs, so that a second start takes a fraction of the first; nil compiles anew every time.
        package var cacheDirectory: String?
        /// Collect the time of every layer (slower).
        package var profiles: Bool

        /// Makes options.
        package init(threads: Int = 0, cacheDirectory: String? = nil, profiles: Bool = false) {
            self.threads = threads
            self.cacheDirectory = cacheDirectory
            self.profiles = profiles
        }
    }

    // SAFETY: ov_core is documented to be safe to use from several threads; it is freed when the last stage and the engine are gone.
    private nonisolated(unsafe) let core: OpaquePointer
    private let options: Options
    package let summary: String

    /// Starts OpenVINO. Throws when its libraries or CPU plugin are missing.
    package init(_ options: Options = Options()) throws(EngineError) {
        var core: OpaquePointer?
        try OpenVINOStatus.check(ov_core_create(&core), "start OpenVINO (is it installed? run tools/setup)")
        guard let core else { throw EngineError("OpenVINO gave no core; run tools/setup") }
        self.core = core
        self.options = options
        var version = ov_version_t()
        var build = "unknown"
        if ov_get_openvino_version(&version) == OK, let number = version.buildNumber { build = String(cString: number) }
        ov_version_free(&version)
        summary = "OpenVINO \(build) CPU, \(options.threads == 0 ? "all" : String(options.threads)) threads"
    }

    deinit {
        ov_core_free(core)
    }

    /// What the processor can do, as OpenVINO names it: FP32, BF16, INT8 …
    package func capabilities() throws(EngineError) -> [String] {
        var text: UnsafeMutablePointer<CChar>?
        try OpenVINOStatus.check(ov_core_get_property(core, "CPU", "OPTIMIZATION_CAPABILITIES", &text), "ask for the CPU's capabilities")
        defer { ov_free(text) }
        return text.map { String(cString: $0).split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init) } ?? []
    }

    package func load(_ stage: StageFile) throws(EngineError) -> any EngineStage {
        if stage.precision == .bfloat16, try !capabilities().contains("BF16") {
            throw EngineError("stage \(stage.name): this processor has no bfloat16 arithmetic; set precision to f32")
        }
        var properties: [(String, String)] = [
            ("PERFORMANCE_HINT", "LATENCY"), ("NUM_STREAMS", "1"), ("INFERENCE_PRECISION_HINT", stage.precision.rawValue),
        ]
        if options.threads > 0 { properties.append(("INFERENCE_NUM_THREADS", String(options.threads))) }
        if let directory = options.cacheDirectory { properties.append(("CACHE_DIR", directory)) }
        if options.profiles { properties.append(("PERF_COUNT", "YES")) }
        let compiled = try compile(stage, properties)
        return try OpenVINOStage(name: stage.name, compiled: compiled, precision: stage.precision, isProfiled: options.profiles, engine: self)
    }

    private func compile(_ stage: StageFile, _ properties: [(String, String)]) throws(EngineError) -> OpaquePointer {
        // The C structures borrow the strings, which must outlive the call.
        let strings = properties.flatMap { [$0.0, $0.1] }.map { $0.utf8CString.withUnsafeBufferPointer { copyString($0) } }
        defer { for string in strings { string.deallocate() } }
        let list = stride(from: 0, to: strings.count, by: 2).map {
            ov_property_t(key: strings[$0].baseAddress, value: UnsafeRawPointer(strings[$0 + 1].baseAddress))
        }
        var compiled: OpaquePointer?
        let status = ov_core_compile_model_from_file_props(core, stage.path, "CPU", list.count, list, &compiled)
        try OpenVINOStatus.check(status, "compile stage \(stage.name) from \(stage.path)")
        guard let compiled else { throw EngineError("OpenVINO compiled stage \(stage.name) to nothing") }
        return compiled
    }

    private func copyString(_ characters: UnsafeBufferPointer<CChar>) -> UnsafeMutableBufferPointer<CChar> {
        let copy = UnsafeMutableBufferPointer<CChar>.allocate(capacity: characters.count)
        _ = copy.initialize(from: characters)
        return copy
    }
}
