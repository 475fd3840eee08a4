import AuralInference
import Synchronization

/// An engine that compiles one graph at a time in the whole process: when two tests compile the same one at once, OpenVINO's cache loses the file of
/// one of them under the other's hands ("cannot set permissions: No such file or directory").
struct OneByOneEngine: Engine {
    private static let compiling = Mutex(())
    private let engine: any Engine

    init(_ engine: any Engine) {
        self.engine = engine
    }

    var summary: String { engine.summary }

    func load(_ stage: StageFile) throws(EngineError) -> any EngineStage {
        try Self.compiling.withLock { _ throws(EngineError) in try engine.load(stage) }
    }
}
