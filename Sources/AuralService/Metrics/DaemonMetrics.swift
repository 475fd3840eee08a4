import AuralCore
import AuralWire

/// All metrics of the daemon; docs/operations.md has the table. Handles may be used from any thread. Every series is there from the start,
/// at 0, so that rates and alarms work before the first event.
package struct DaemonMetrics: Sendable {
    /// What the daemon is made of, as far as labels tell it.
    package struct Description: Sendable {
        /// The program's version.
        package var version: String
        /// What runs the networks, for example `openvino`.
        package var backend: String
        /// Where it runs them, for example `cpu`.
        package var device: String
        /// The name of the picture source.
        package var video: String
        /// The name of the sound source; nil without one.
        package var audio: String?

        /// Names program, engine and sources.
        package init(version: String, backend: String, device: String, video: String, audio: String?) {
            self.version = version
            self.backend = backend
            self.device = device
            self.video = video
            self.audio = audio
        }
    }

    /// Where they are scraped from.
    package let registry = MetricRegistry()
    /// The picture source's.
    package let video: VideoSourceMetrics
    /// The sound source's; nil without one.
    package let audio: AudioSourceMetrics?
    /// Sound's time minus the picture's, where both show the same, in seconds, as configured.
    package let audioVideoOffset: Gauge
    /// How long each stage takes.
    package let stages: Labelled<Stage, Histogram>
    /// From the frame's time to its record.
    package let endToEnd: Histogram
    /// What waits.
    package let queues: Labelled<QueueName, Gauge>
    /// 1 while something is heard that chooses a mask, else 0.
    package let sounding: Gauge
    /// Frames on which sound was fused with the picture.
    package let audioKeyframes: Counter
    /// Objects that are followed.
    package let objects: Gauge
    /// Frames that are remembered, of all objects.
    package let bankEntries: Gauge
    /// What they take.
    package let bankBytes: Gauge
    /// Connections to the client socket.
    package let clients: Gauge
    /// Frame and instance records that clients did not get because they read too slowly.
    package let recordsDropped: Labelled<PolicyLabel, Counter>
    /// Reloads of the configuration.
    package let reloads: Labelled<ReloadResult, Counter>
    private let prompts: [Labelled<PromptResult, Counter>]

    /// Makes all series. `clock` is the one that frames are stamped with.
    package init(_ description: Description, clock: any TimeSource = SystemTimeSource()) {
        let registry = registry
        registry.reading(
            "aurald_build_info", "The program: always 1.", [("version", description.version), ("swift", Self.compiler)]
        ) { 1 }
        registry.reading(
            "aurald_compute_info", "What runs the networks: always 1.",
            [("backend", description.backend), ("device", description.device)]
        ) { 1 }
        video = VideoSourceMetrics(registry, source: description.video, clock: clock)
        audio = description.audio.map { AudioSourceMetrics(registry, source: $0) }
        audioVideoOffset = registry.gauge(
            "aurald_av_offset_seconds", "Time of the sound minus time of the picture where both show the same, as configured.")
        stages = Labelled { registry.histogram("aurald_stage_seconds", "Time that a stage takes, each time that it runs.", $0) }
        endToEnd = registry.histogram("aurald_end_to_end_seconds", "From the frame's time to its record.")
        queues = Labelled { registry.gauge("aurald_queue_depth", "What waits: frames and prompts.", $0) }
        sounding = registry.gauge("aurald_sounding", "1 while something is heard that chooses a mask, else 0.")
        audioKeyframes = registry.counter("aurald_audio_keyframes_total", "Frames on which sound was fused with the picture.")
        objects = registry.gauge("aurald_objects_active", "Objects that are followed.")
        bankEntries = registry.gauge(
            "aurald_memory_bank_entries", "Frames that are remembered, of all objects.", [("source", description.video)])
        bankBytes = registry.gauge("aurald_memory_bank_bytes", "What the memories of all objects take.")
        clients = registry.gauge("aurald_clients", "Connections to the client socket.")
        recordsDropped = Labelled {
            registry.counter(
                "aurald_client_records_dropped_total", "Frame and instance records that clients did not get because they read too slowly.", $0)
        }
        prompts = PromptVerb.allCases.map { verb in
            Labelled {
                registry.counter("aurald_prompts_total", "Requests that change something, by result.", [(PromptVerb.label, verb.value)] + $0)
            }
        }
        reloads = Labelled { registry.counter("aurald_reloads_total", "Reloads of the configuration.", $0) }
        registry.addProcess()
    }

    /// The counter of a request's result.
    package func prompts(_ verb: PromptVerb, _ result: PromptResult) -> Counter { prompts[verb.rawValue][result] }

    /// The compiler's version, as far as it can be asked at compile time.
    static var compiler: String {
        #if compiler(>=6.5)
            "6.5 or later"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}

extension MetricRegistry {
    /// What Prometheus' own libraries tell about a process, under their names.
    fileprivate func addProcess() {
        reading("process_resident_memory_bytes", "Resident memory in bytes.") { ProcessStatistics.now().residentBytes }
        countReading("process_cpu_seconds_total", "Time on processors in seconds.") { ProcessStatistics.now().processorSeconds }
        reading("process_open_fds", "Open file descriptors.") { Double(ProcessStatistics.now().openDescriptors) }
    }
}
