import AuralCore
import Logging
import ServiceLifecycle
import Synchronization
import UnixSignals

/// SIGHUP: reads the configuration again, and takes all of it over that can change while the daemon runs, or nothing.
struct ReloadService: Service {
    let daemon: Daemon
    let source: any DaemonSource
    let pipeline: SegmentationPipeline
    let access: AccessControl
    let limits: SocketLimits
    let metrics: DaemonMetrics
    /// What holds at the start.
    let running: Configuration
    /// The signals.
    let requests: UnixSignalsSequence

    func run() async throws {
        var running = running
        for await _ in requests.cancelOnGracefulShutdown() {
            daemon.notifier.send(.reloading(SystemTimeSource().now()))
            running = await reload(running)
            daemon.notifier.send(.ready)
        }
    }

    /// Returns what holds from now on.
    func reload(_ running: Configuration) async -> Configuration {
        let loaded: LoadedConfiguration
        do {
            loaded = try load()
        } catch {
            daemon.logger.error("reload rejected, nothing has changed", metadata: ["reason": "\(error)"])
            metrics.reloads[.rejected].increment()
            return running
        }
        let change = ConfigurationChange.between(old: running, new: loaded.configuration)
        let merged = ConfigurationChange.merged(old: running, new: loaded.configuration)
        daemon.log.settings.level = merged.log.level
        for warning in loaded.warnings { daemon.logger.warning("\(warning)") }
        limits.set(maximumClients: merged.socket.maximumClients, maximumClientBytes: merged.socket.clientBytes)
        access.policy = .resolved(groupNamed: merged.socket.group, logger: daemon.logger)
        await pipeline.setMaskSize(FrameSegmenter.MaskSize(merged.socket.maskSize))
        await pipeline.setHearing(merged.hearing)
        await source.reconfigure(merged)
        var metadata: Logger.Metadata = ["changed": "\(change.livePaths.joined(separator: " "))"]
        if change.restartPaths.isEmpty {
            daemon.logger.notice("reloaded", metadata: metadata)
            metrics.reloads[.applied].increment()
        } else {
            metadata["needs_restart"] = "\(change.restartPaths.joined(separator: " "))"
            daemon.logger.warning("reloaded, but some keys need a restart", metadata: metadata)
            metrics.reloads[.needsRestart].increment()
        }
        return merged
    }

    // Not inlined: Swift 6.3.1 crashes while it splits an async function into which a call with a typed throw was inlined.
    @inline(never)
    private func load() throws -> LoadedConfiguration { try daemon.loader.load() }
}
