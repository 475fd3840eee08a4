import AuralCapture
import AuralCore
import AuralInference

/// Judges facts. Every check is a pure function with one finding.
package enum Doctor {
    /// All checks, in the order of the daemon's start.
    package static func report(_ facts: DoctorFacts) -> DoctorReport {
        let configuration = (try? facts.configuration.get()) ?? Configuration()
        return DoctorReport([
            self.configuration(facts.configuration, file: facts.file),
            user(facts.credentials),
            camera(facts.camera),
            microphone(facts.microphone, pcm: facts.pcm),
            engine(facts.engine, model: configuration.model),
            threads(configuration.model.threads, cores: facts.cores),
            bundle(facts.bundle, path: configuration.model.path),
            socket(facts.socket, path: configuration.socket.path),
            clock(resolution: facts.clockResolution),
            bootID(facts.bootID),
        ])
    }

    /// The configuration; `file` is empty where there is none, which is no fault.
    static func configuration(_ result: Result<Configuration, ConfigurationError>, file: String) -> DoctorFinding {
        switch result {
        case .success where file.isEmpty: .ok("configuration", "there is no \(ConfigurationLoader.defaultFile): every key has its default")
        case .success: .ok("configuration", "\(file) is right")
        case .failure(let error) where error.exitStatus == .noInput:
            .failed(
                "configuration", error.description,
                "copy configs/aurald.toml there, or name your own with --config; what follows is about the defaults")
        case .failure(let error):
            .failed("configuration", error.description, "correct the file; what follows is about the defaults")
        }
    }

    /// As whom this runs, which decides what the other checks are worth.
    static func user(_ credentials: Credentials) -> DoctorFinding {
        let name = "user \(credentials.userName) (\(credentials.user))"
        guard !credentials.isService else { return .ok("user", "\(name), as a systemd service") }
        guard credentials.user == 0 else { return .ok("user", "\(name), not as a service") }
        return .warning(
            "user", "\(name): root may open devices that the daemon's own user may not",
            "for the service's own view: systemd-run --pipe --wait -p DynamicUser=yes -p SupplementaryGroups='video audio' aurald doctor")
    }

    /// The engine, and whether it has the arithmetic that is configured.
    static func engine(_ result: Result<DoctorFacts.Engine, EngineError>, model: Configuration.Model) -> DoctorFinding {
        if model.engine == .rehearsal {
            return .warning(
                "engine", "rehearsal: computes no networks, masks are the bright parts of the picture", "set model.engine to \"openvino\"")
        }
        switch result {
        case .failure(let error): return .failed("engine", error.description, "run tools/setup, or install OpenVINO's libraries")
        case .success(let engine):
            let hasHalf = engine.capabilities.contains("BF16")
            guard model.precision == .f32 || hasHalf else {
                return .failed("engine", "\(engine.summary); this processor has no bfloat16", "set model.precision to \"f32\"")
            }
            guard model.precision == .f32, hasHalf else { return .ok("engine", "\(engine.summary), \(model.precision.rawValue)") }
            return .ok("engine", "\(engine.summary), f32; this processor also has bfloat16: model.precision = \"bf16\" is faster")
        }
    }

    /// Threads against cores.
    static func threads(_ threads: Int, cores: Int) -> DoctorFinding {
        guard threads > cores else { return .ok("threads", threads == 0 ? "all of \(cores) cores" : "\(threads) of \(cores) cores") }
        return .warning("threads", "\(threads) on \(cores) cores: they wait for each other", "set model.threads to \(cores) at most, or to 0")
    }

    /// The model bundle.
    static func bundle(_ result: Result<DoctorFacts.Bundle, BundleError>, path: String) -> DoctorFinding {
        switch result {
        case .failure(let error):
            .failed("model", error.description, "make a bundle with aurald import --output \(path), or set model.path to one")
        case .success(let bundle) where bundle.isTrained: .ok("model", "\(path): \(bundle.name), all digests right")
        case .success(let bundle):
            .warning(
                "model", "\(path): \(bundle.name), all digests right, but nobody trained these weights: masks mean nothing",
                "import a checkpoint: aurald import --sam2 FILE --output \(path)")
        }
    }

    /// The clock that all times are of.
    static func clock(resolution: Int64) -> DoctorFinding {
        guard resolution > 1_000_000 || resolution <= 0 else { return .ok("clock", "CLOCK_MONOTONIC counts in \(resolution) ns") }
        return .warning(
            "clock", "CLOCK_MONOTONIC counts in steps of \(resolution) ns: pictures and sound are not aligned better than that",
            "use a kernel with high-resolution timers (CONFIG_HIGH_RES_TIMERS, no highres=off)")
    }

    /// Without it clients cannot tell the times of two boots apart.
    static func bootID(_ identifier: String?) -> DoctorFinding {
        if let identifier { return .ok("boot id", identifier) }
        return .warning(
            "boot id", "/proc/sys/kernel/random/boot_id cannot be read; clients cannot tell times before a restart of the machine from later ones",
            "ProcSubset=pid hides it from a service: remove that where clients keep times")
    }
}
