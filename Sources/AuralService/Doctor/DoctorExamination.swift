import AuralCapture
import AuralCore
import AuralInference
import AuralNetworks
import AuralWire
import Foundation
import Glibc

/// Finds out the facts of this machine.
package struct DoctorExamination {
    private let system: DeviceSystem
    private let soundProbe: any SoundProbe

    /// An examination of this machine, or of parts that stand in for its devices.
    package init(_ system: DeviceSystem = DeviceSystem(), soundProbe: any SoundProbe = ALSAProbe()) {
        self.system = system
        self.soundProbe = soundProbe
    }

    /// Looks at everything. Takes seconds: the bundle's digests are computed, and a silent socket is given two.
    ///
    /// - Parameters:
    ///   - file: the configuration file.
    ///   - devices: the camera's and the microphone's names in it.
    package func facts(
        file: String, configuration: Result<Configuration, ConfigurationError>, devices: (camera: String, microphone: String)
    ) async -> DoctorFacts {
        let settings = (try? configuration.get()) ?? Configuration()
        let entries = system.sounds.entries()
        let microphone = Self.locate(system.microphoneLocator, devices.microphone)
        var resolution = timespec()
        let hasResolution = clock_getres(CLOCK_MONOTONIC, &resolution) == 0
        return DoctorFacts(
            file: file, configuration: configuration,
            camera: .init(
                name: devices.camera, located: Self.locate(system.cameraLocator, devices.camera), entries: system.cameras.entries(),
                absence: DeviceAbsence.camera(system.tree)),
            microphone: .init(name: devices.microphone, located: microphone, entries: entries, absence: DeviceAbsence.sound(system.tree)),
            pcm: pcm(microphone, entries), engine: Self.engine(settings.model), bundle: Self.bundle(settings.model.path),
            socket: await SocketExamination(system.tree).state(of: settings.socket.path),
            clockResolution: hasResolution ? Int64(resolution.tv_sec) &* 1_000_000_000 &+ Int64(resolution.tv_nsec) : 0,
            bootID: BootIdentifier.known(),
            credentials: system.credentials, cores: ProcessInfo.processInfo.activeProcessorCount)
    }

    private func pcm(_ located: Result<LocatedDevice, DeviceError>, _ entries: [SoundEntry]) -> Result<Void, DeviceError>? {
        guard case .success(let device) = located, !entries.contains(where: { $0.answers(to: device.path) }) else { return nil }
        do throws(DeviceError) {
            try soundProbe.open(pcm: device.path)
            return .success(())
        } catch { return .failure(system.microphoneLocator.explain(error, device)) }
    }

    private static func locate(_ locator: some DeviceLocator, _ name: String) -> Result<LocatedDevice, DeviceError> {
        do throws(DeviceError) { return .success(try locator.locate(name)) } catch { return .failure(error) }
    }

    private static func engine(_ model: Configuration.Model) -> Result<DoctorFacts.Engine, EngineError> {
        do throws(EngineError) {
            let engine = try OpenVINOEngine(OpenVINOEngine.Options(threads: model.threads))
            return .success(.init(summary: engine.summary, capabilities: try engine.capabilities()))
        } catch { return .failure(error) }
    }

    private static func bundle(_ path: String) -> Result<DoctorFacts.Bundle, BundleError> {
        do throws(BundleError) {
            let manifest = try ModelBundle(directory: path).manifest
            return .success(.init(name: "\(manifest.network.name) at \(manifest.imageSize) px", isTrained: manifest.isTrained))
        } catch { return .failure(error) }
    }
}
