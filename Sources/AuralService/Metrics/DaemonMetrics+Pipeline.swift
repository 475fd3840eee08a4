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

    /// A frame was segmented: `latency` nanoseconds after its time, with so many objects, while so many frames were dropped before it.
    func segmented(_ frame: Frame, latency: Int64, objects count: Int, droppedBefore dropped: UInt64) {
        video.framesDropped[.busy].increment(by: dropped)
        // A camera counts what it delivers itself.
        if frame.timestampSource == .replay {
            video.framesCaptured.increment(by: dropped)
            video.captured(at: frame.time)
        }
        endToEnd.observe(nanoseconds: latency)
        objects.set(Double(count))
    }
}
