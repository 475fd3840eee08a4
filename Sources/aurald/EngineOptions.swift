import ArgumentParser
import AuralInference

/// The options of the engine, apart from what it runs.
struct EngineOptions: ParsableArguments {
    @Option(help: "Arithmetic: f32, or bf16 on processors that have it.")
    var precision = Precision.float32

    @Option(help: "Threads of the engine; 0 takes all cores.")
    var threads = 0

    @Option(
        help: ArgumentHelp("Folder for compiled graphs, which makes a second start faster. By default none.", valueName: "folder"),
        completion: .directory)
    var cache: String?

    /// Opens the bundle and starts the engine for it.
    func bundleAndEngine(model: String) throws -> (ModelBundle, OpenVINOEngine) {
        let bundle = try ModelBundle(directory: model)
        return (bundle, try OpenVINOEngine(OpenVINOEngine.Options(threads: threads, cacheDirectory: cache)))
    }
}

extension Precision: ExpressibleByArgument {}
