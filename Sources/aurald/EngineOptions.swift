import ArgumentParser
import AuralInference

/// The options of the engine, apart from what it runs.
struct EngineOptions: ParsableArguments {
    @Option(help: "Arithmetic: f32, or bf16 on processors that have it.")
    var precision = Precision.float32

    @Flag(help: "Read older memories at a quarter of their resolution: faster, a little less exact.")
    var poolMemories = false

    @Flag(help: "Carry objects that are small enough forward in a part of the picture around them: faster for many, a little less exact.")
    var windows = false

    @Option(help: "Threads of the engine; 0 takes all cores.")
    var threads = 0

    @Option(
        help: ArgumentHelp("Folder for compiled graphs, which makes a second start faster. By default none.", valueName: "folder"),
        completion: .directory)
    var cache: String?

    /// Opens the bundle and starts the engine for it, which measures every layer where `profiles` says so.
    func bundleAndEngine(model: String, profiles: Bool = false) throws -> (ModelBundle, OpenVINOEngine) {
        let bundle = try ModelBundle(directory: model)
        return (bundle, try OpenVINOEngine(OpenVINOEngine.Options(threads: threads, cacheDirectory: cache, profiles: profiles)))
    }
}

extension Precision: ExpressibleByArgument {}
