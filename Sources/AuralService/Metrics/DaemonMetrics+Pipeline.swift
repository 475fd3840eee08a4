import AuralCapture
import AuralCore
import AuralTracking

extension DaemonMetrics {
    /// Times the stages of a model and the steps around it, from now on.
    package func time(_ model: SegmentationModel, _ segmenter: FrameSegmenter) {
        let stages = stages
        model.observer = { name, nanoseconds in
            if let stage = Stage(name) { stages[stage].observe(nanoseconds: nanoseconds) }
        }
        segmenter.observer = { step, nanoseconds in stages[Stage(step)].observe(nanoseconds: nanoseconds) }
    }

    /// A frame was taken, and so many before it were not, because the networks were busy.
    func taken(_ frame: Frame, droppedBefore dropped: UInt64) {
        video.framesDropped[.busy].increment(by: dropped)
        // A camera counts what it delivers itself.
        guard frame.timestampSource == .replay else { return }
        video.framesCaptured.increment(by: dropped)
        video.captured(at: frame.time)
    }

    /// What is followed now, and remembered of it.
    func follows(_ tracker: OnlineTracker) {
        sounding.set(tracker.isSounding ? 1 : 0)
        objects.set(Double(tracker.identifiers.count))
        bankEntries.set(Double(tracker.bankEntries))
        bankBytes.set(Double(tracker.bankBytes))
    }
}
