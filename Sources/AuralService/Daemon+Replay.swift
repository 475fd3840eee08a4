import AuralCore
import AuralRecording
import AuralWire

extension Daemon {
    /// A recording to be played through the pipeline that the configuration describes; sockets and devices are left alone. Also returns the model's
    /// name. Throws what recording, bundle and engine report.
    package func replay(of recording: Recording) throws -> (replay: RecordingReplay, model: String) {
        let hub = Hub()
        let metrics = DaemonMetrics(metricsDescription)
        let clock = ReplayClock()
        let sound = try RecordedSound(recording, hearing: configuration.hearing)
        let (segmenter, description) = try loadModel(metrics, source: recording.path)
        // The configuration's prompts are in the recording, where they took effect.
        let pipeline = try SegmentationPipeline(
            segmenter: segmenter, sound: sound, hub: hub, prompts: [], description: description, logger: logger,
            instances: configuration.sounding.instances.map { InstancePublisher(hub: hub, settings: $0) }, clock: clock)
        return (RecordingReplay(pipeline: pipeline, hub: hub, clock: clock), description.model)
    }
}
