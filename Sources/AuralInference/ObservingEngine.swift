import AuralGraph
import Synchronization

/// An engine that runs graphs which tell what their Linear layers read (`LinearArithmetic.observed`), and remembers the ranges.
package final class ObservingEngine: Engine {
    /// What the graphs tell of: keys and channels, by stage.
    package typealias Outputs = [String: [(key: String, channels: Int)]]

    package let summary: String
    private let engine: any Engine
    private let outputs: Outputs
    private let seen = Mutex<[String: ActivationRange]>([:])

    /// Listens to what `engine` runs.
    package init(_ engine: any Engine, outputs: Outputs) {
        self.engine = engine
        self.outputs = outputs
        summary = engine.summary
    }

    /// The ranges of all runs so far, by key.
    package var ranges: [String: ActivationRange] { seen.withLock { $0 } }

    package func load(_ stage: StageFile) throws(EngineError) -> any EngineStage {
        let loaded = try engine.load(stage)
        guard let told = outputs[stage.name], !told.isEmpty else { return loaded }
        return ObservingStage(loaded, told) { [self] key, range in
            seen.withLock { seen in
                if seen[key]?.formUnion(range) == nil { seen[key] = range }
            }
        }
    }
}

/// A stage whose further outputs are read after each run.
private final class ObservingStage: EngineStage {
    let name: String
    private let stage: any EngineStage
    private let outputs: [(name: String, tensor: Tensor)]
    private let ranges: [(key: String, minima: Tensor, maxima: Tensor)]
    private let tell: @Sendable (String, ActivationRange) -> Void

    init(_ stage: any EngineStage, _ told: [(key: String, channels: Int)], tell: @escaping @Sendable (String, ActivationRange) -> Void) {
        name = stage.name
        self.stage = stage
        self.tell = tell
        ranges = told.map { ($0.key, Tensor(.float32, [$0.channels]), Tensor(.float32, [$0.channels])) }
        outputs = ranges.flatMap {
            [(GraphBuilder.leastOutput($0.key), $0.minima), (GraphBuilder.greatestOutput($0.key), $0.maxima)]
        }
    }

    func run(inputs: [(name: String, tensor: Tensor)], outputs: [(name: String, tensor: Tensor)]) throws(EngineError) {
        try stage.run(inputs: inputs, outputs: outputs + self.outputs)
        for (key, minima, maxima) in ranges { tell(key, ActivationRange(minima: Array(minima.floats), maxima: Array(maxima.floats))) }
    }
}
