import AuralCapture
import AuralCore
import AuralWire
import Synchronization

/// The metrics of a camera, or of the file that stands in for it.
package struct VideoSourceMetrics: Sendable {
    /// Frames that the source delivered.
    package let framesCaptured: Counter
    /// Frames that it did not, or that nobody looked at.
    package let framesDropped: Labelled<FrameDropReason, Counter>
    private let newest: NewestTime
    private let state: StateSet

    init(_ registry: MetricRegistry, source: String, clock: any TimeSource) {
        let labels = [("source", source)]
        state = registry.sourceState(source, "video")
        framesCaptured = registry.counter("aurald_frames_captured_total", "Frames that the source delivered.", labels)
        framesDropped = Labelled {
            registry.counter("aurald_frames_dropped_total", "Frames of the source that were not segmented, by reason.", labels + $0)
        }
        let newest = NewestTime(clock.now())
        self.newest = newest
        registry.reading("aurald_frame_age_seconds", "Age of the newest frame; before the first one, since the start.", labels) {
            Double(clock.now().nanoseconds(since: newest.value)) / 1e9
        }
    }

    /// A frame came: counts it, and its time is the newest.
    package func captured(at time: MonoTime) {
        framesCaptured.increment()
        newest.set(time)
    }

    /// The source changed its state.
    package func set(_ state: SourceRecord.State) { self.state.set(state.rawValue) }
}

/// The metrics of a microphone, or of the file that stands in for it.
package struct AudioSourceMetrics: Sendable {
    /// Sample frames that the source delivered.
    package let samples: Counter
    /// Sound that is missing, in nanoseconds.
    package let gaps: Labelled<AudioGapReason, Counter>
    /// The level of the second before the newest frame, in decibels relative to full scale.
    package let level: Gauge
    /// How much faster the sound card's clock is than the kernel's, in parts in a million.
    package let skew: Gauge
    private let state: StateSet

    init(_ registry: MetricRegistry, source: String) {
        let labels = [("source", source)]
        state = registry.sourceState(source, "audio")
        samples = registry.counter("aurald_audio_samples_total", "Sample frames that the source delivered.", labels)
        gaps = Labelled {
            registry.counter("aurald_audio_gap_seconds_total", "Sound that is missing, by reason.", labels + $0, unit: .nanoseconds)
        }
        // Silence, since 0 would be full scale.
        level = registry.gauge(
            "aurald_audio_rms_dbfs", "Level of the second before the newest frame in decibels relative to full scale.", labels, AudioLevel.floor)
        skew = registry.gauge(
            "aurald_clock_skew_ppm", "How much faster the source's clock is than CLOCK_MONOTONIC, in parts in a million.", labels)
    }

    /// The source changed its state.
    package func set(_ state: SourceRecord.State) { self.state.set(state.rawValue) }
}

/// The time of the newest frame, for whoever wants its age.
private final class NewestTime: Sendable {
    private let nanoseconds: Atomic<Int64>

    init(_ time: MonoTime) { nanoseconds = Atomic(time.nanoseconds) }

    var value: MonoTime { MonoTime(nanoseconds: nanoseconds.load(ordering: .relaxed)) }

    func set(_ time: MonoTime) { nanoseconds.store(time.nanoseconds, ordering: .relaxed) }
}

extension MetricRegistry {
    fileprivate func sourceState(_ source: String, _ kind: String) -> StateSet {
        let states: [SourceRecord.State] = [.absent, .opening, .streaming, .stalled, .busy, .denied, .backoff, .ended]
        return stateSet(
            "aurald_source_state", "The source's state: 1 for the present one.", [("source", source), ("kind", kind)],
            states: states.map(\.rawValue))
    }
}
