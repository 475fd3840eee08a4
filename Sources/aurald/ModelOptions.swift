import ArgumentParser
import AuralInference

/// The options of every command that always runs a model itself.
struct ModelOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model bundle, made by aurald import.", valueName: "folder"), completion: .directory)
    var model: String

    @OptionGroup var engine: EngineOptions

    /// See `EngineOptions`.
    var precision: Precision { engine.precision }

    /// Opens the bundle and starts the engine for it.
    func bundleAndEngine() throws -> (ModelBundle, OpenVINOEngine) {
        try engine.bundleAndEngine(model: model)
    }
}
