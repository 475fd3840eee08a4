/// Something that runs graphs. Written down as a protocol so that the networks, the tracker and the tests do not know which one it is.
package protocol Engine: Sendable {
    /// What to call the engine and how it is set up, for `status` and bug reports.
    var summary: String { get }

    /// Reads a stage's ONNX file and makes it ready to run.
    ///
    /// Throws where the file cannot be read, or where the engine cannot run it as asked: an engine never falls back silently to
    /// something slower or less exact.
    func load(_ stage: StageFile) throws(EngineError) -> any EngineStage
}

/// A stage to load.
package struct StageFile: Sendable, Equatable {
    /// The stage's name within the bundle, `memory_attention` for one.
    package var name: String
    /// Path of the `.onnx` file; its weights lie beside it.
    package var path: String
    /// The arithmetic to run it in.
    package var precision: Precision

    /// Names a stage's file.
    package init(name: String, path: String, precision: Precision) {
        self.name = name
        self.path = path
        self.precision = precision
    }
}

/// A stage that is ready to run. One run at a time.
package protocol EngineStage: AnyObject, Sendable {
    /// The stage's name within the bundle.
    var name: String { get }

    /// Runs the stage on named tensors and writes its results into the given ones; neither is copied.
    ///
    /// Every input and output that the stage declares must be named, with the shapes that its graph gives. Throws what the engine reports.
    func run(inputs: [(name: String, tensor: Tensor)], outputs: [(name: String, tensor: Tensor)]) throws(EngineError)

    /// The layers of all runs so far; empty where the engine was not told to measure them. Throws what the engine reports.
    func layerProfile() throws(EngineError) -> LayerProfile
}

extension EngineStage {
    package func layerProfile() throws(EngineError) -> LayerProfile { LayerProfile() }
}
