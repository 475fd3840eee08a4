import AuralCapture
import AuralWire
import Synchronization

extension SourceRecord.Counts {
    /// A camera's.
    init(video counters: SourceCounters) {
        self.init(
            frames: counters.frames.load(ordering: .relaxed), corrupt: counters.corrupt.load(ordering: .relaxed),
            lost: counters.lost.load(ordering: .relaxed))
    }

    /// A microphone's.
    init(audio counters: SourceCounters) {
        self.init(
            samples: counters.samples.load(ordering: .relaxed), missingSamples: counters.missingSamples.load(ordering: .relaxed),
            overruns: counters.overruns.load(ordering: .relaxed))
    }
}

extension DaemonMetrics {
    /// From now on shows what live sources count themselves.
    func follow(_ sources: LiveSources) {
        let (camera, microphone) = (sources.cameraCounters, sources.microphoneCounters)
        video.framesDropped[.first].follow { camera.first.load(ordering: .relaxed) }
        // Besides those that the pipeline finds out about when it decodes them.
        video.framesDropped[.corrupt].follow { camera.corrupt.load(ordering: .relaxed) }
        video.framesDropped[.sequenceGap].follow { camera.lost.load(ordering: .relaxed) }
        audio?.samples.follow { microphone.samples.load(ordering: .relaxed) }
        audio?.skew.follow { [weak sources] in sources?.driftPPM ?? 0 }
        audioVideoOffset.follow { [offset = sources.offset] in Double(offset.nanoseconds) / 1e9 }
    }
}
