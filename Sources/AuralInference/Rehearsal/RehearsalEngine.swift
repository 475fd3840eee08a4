import AuralCore
import Glibc

/// An engine that computes no networks but keeps their pace: to try cameras, sound and clients before there are weights, and to test a daemon
/// for days on any machine.
///
/// Every object's mask is the bright half of the picture (luma above 127), so what is seen on the socket follows what the camera sees. The
/// tracker above it does all that it does otherwise: memory bank, prompts, batches.
package final class RehearsalEngine: Engine {
    package let summary: String
    private let nanosecondsPerFrame: Int64

    /// An engine that takes at least `milliseconds` for each frame; 0 for as fast as it goes.
    package init(milliseconds: Int) {
        nanosecondsPerFrame = Int64(clamping: milliseconds) &* 1_000_000
        summary = "rehearsal, \(milliseconds) ms a frame: no networks"
    }

    package func load(_ stage: StageFile) throws(EngineError) -> any EngineStage {
        RehearsalStage(stage.name, nanoseconds: stage.name == StageName.imageEncoder.rawValue ? nanosecondsPerFrame : 0)
    }
}
