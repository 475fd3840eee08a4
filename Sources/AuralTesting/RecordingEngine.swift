import AuralCore
import AuralGraph
import AuralInference
import Synchronization

/// An engine that computes nothing: it fills outputs in a way that tells which call made them, notes what it was asked, and fails on command.
///
/// Every output of a call holds the call's number within its stage; but `masks` are rectangles at the top (row k
/// of the four covers (k + 1) eighths of the height) with logits ±3, or what `setMask` says, `ious` are 0.5, 0.9, 0.7, 0.6, and `object_score` is what is set.
package final class RecordingEngine: Engine {
    /// One run of a stage.
    package struct Call: Sendable, Equatable {
        /// The stage's name.
        package var stage: String
        /// Shapes by tensor name.
        package var inputs: [String: [Int]]
        /// Shapes by tensor name.
        package var outputs: [String: [Int]]
    }

    struct State {
        var calls: [Call] = []
        var counts: [String: Int] = [:]
        var loaded: [StageFile] = []
        var failing: Set<String> = []
        var objectScore: Float = 2
        var masks: [String: PixelRectangle] = [:]
        var observer: (@Sendable (String, [String: Tensor]) -> Void)?
    }

    let state = Mutex(State())
    private let keepsCalls: Bool
    package let summary = "recording engine"

    /// Makes an engine; without `keepsCalls` it only counts them, and its own memory stays the same.
    package init(keepsCalls: Bool = true) {
        self.keepsCalls = keepsCalls
    }

    package func load(_ stage: StageFile) throws(EngineError) -> any EngineStage {
        state.withLock { $0.loaded.append(stage) }
        return RecordingStage(stage.name, engine: self)
    }

    /// What was loaded.
    package var loaded: [StageFile] { state.withLock(\.loaded) }

    /// Runs of one stage, oldest first.
    package func calls(of stage: StageName) -> [Call] { state.withLock { $0.calls.filter { $0.stage == stage.rawValue } } }

    /// The stages that ran, in order.
    package var stages: [String] { state.withLock { $0.calls.map(\.stage) } }

    /// The number of runs of one stage.
    package func count(of stage: StageName) -> Int { state.withLock { $0.counts[stage.rawValue] ?? 0 } }

    /// Forgets all calls, but not their numbers.
    package func forgetCalls() { state.withLock { $0.calls = [] } }

    /// Makes the next run of a stage fail.
    package func failNext(_ stage: StageName) { state.withLock { _ = $0.failing.insert(stage.rawValue) } }

    /// The object score that decoders give from now on.
    package func setObjectScore(_ score: Float) { state.withLock { $0.objectScore = score } }

    /// The rectangle, in pixels of the decoder's own maps, that all four masks of a stage are from now on.
    package func setMask(_ rectangle: PixelRectangle, of stage: StageName) { state.withLock { $0.masks[stage.rawValue] = rectangle } }

    func mask(of stage: String) -> PixelRectangle? { state.withLock { $0.masks[stage] } }

    /// Called with the inputs of every run from now on.
    package func observe(_ body: @escaping @Sendable (String, [String: Tensor]) -> Void) { state.withLock { $0.observer = body } }

    /// Notes a run and returns its number within its stage and the object score to give.
    func note(
        _ stage: String, _ inputs: [(name: String, tensor: Tensor)], _ outputs: [(name: String, tensor: Tensor)]
    ) throws(EngineError) -> (number: Int, score: Float) {
        let (number, score, fails, observer) = state.withLock { state in
            let number = (state.counts[stage] ?? 0) + 1
            state.counts[stage] = number
            if keepsCalls { state.calls.append(Call(stage: stage, inputs: Self.shapes(inputs), outputs: Self.shapes(outputs))) }
            return (number, state.objectScore, state.failing.remove(stage) != nil, state.observer)
        }
        if fails { throw EngineError("stage \(stage) fails on command") }
        observer?(stage, Dictionary(inputs.map { ($0.name, $0.tensor) }) { first, _ in first })
        return (number, score)
    }

    private static func shapes(_ tensors: [(name: String, tensor: Tensor)]) -> [String: [Int]] {
        Dictionary(tensors.map { ($0.name, $0.tensor.shape) }) { first, _ in first }
    }
}
