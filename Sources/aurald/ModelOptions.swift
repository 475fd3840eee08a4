import ArgumentParser
import AuralInference

/// The options of every command that runs a model itself.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model bundle, made by aurald import.", valueName: "folder"))
    var model: String

    @Option(help: "Arithmetic: f32, or bf16 on processors that have it.")
    var precision = Precision.float32

    @Option(help: "Threads of the engine; 0 takes all cores.")
    var threads = 0

    @Option(help: ArgumentHelp("Folder for compiled graphs, which makes a second start faster.", valueName: "folder"))
    var cache: String?

    /// Opens the bundle and loads its stages.
    func bundleAndEngine() throws -> (ModelBundle, OpenVINOEngine) {
        let bundle = try ModelBundle(directory: model)
        return (bundle, try OpenVINOEngine(OpenVINOEngine.Options(threads: threads, cacheDirectory: cache)))
    }
}

extension Precision: ExpressibleByArgument {}
