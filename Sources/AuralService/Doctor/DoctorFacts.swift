import AuralCapture
import AuralCore
import AuralInference

/// Everything that `Doctor` judges by, found out before. Tests make their own.
package struct DoctorFacts: Sendable {
    /// A configured device.
    package struct Device<Entry: Sendable>: Sendable {
        /// Its name in the configuration.
        package var name: String
        /// Where it was found.
        package var located: Result<LocatedDevice, DeviceError>
        /// All devices of its kind.
        package var entries: [Entry]
        /// Why there is none of its kind, should there be none.
        package var absence: String

        /// A device with all its fields.
        package init(name: String, located: Result<LocatedDevice, DeviceError>, entries: [Entry], absence: String) {
            self.name = name
            self.located = located
            self.entries = entries
            self.absence = absence
        }
    }

    /// An engine that was started.
    package struct Engine: Sendable {
        /// Its name, version and device.
        package var summary: String
        /// What the processor can compute with, as OpenVINO names it.
        package var capabilities: [String]

        /// An engine with both fields.
        package init(summary: String, capabilities: [String]) {
            self.summary = summary
            self.capabilities = capabilities
        }
    }

    /// A bundle whose files have the sizes and digests that its description says.
    package struct Bundle: Sendable {
        /// The network's name and image size.
        package var name: String
        /// False for synthetic weights.
        package var isTrained: Bool

        /// A bundle with both fields.
        package init(name: String, isTrained: Bool) {
            self.name = name
            self.isTrained = isTrained
        }
    }

    /// What there is at the socket's path.
    package enum Socket: Sendable, Equatable {
        /// Nothing, in a folder that can be written.
        case vacant
        /// Nothing, and this user must not write the folder.
        case folderIsReadOnly(String)
        /// The folder is not there.
        case noFolder(String)
        /// A daemon of this version.
        case daemon(version: String)
        /// A socket that nobody listens on.
        case stale
        /// A socket that this user must not connect to.
        case denied
        /// Something that is no socket.
        case occupied
        /// A socket behind which something else speaks, or nothing within two seconds.
        case strange(String)
        /// The path cannot be a socket's.
        case impossible(String)
    }

    /// The configuration file; empty where there is none, so that every key has its default.
    package var file: String
    /// The configuration that was read, or why not; then the other facts are those of the defaults.
    package var configuration: Result<Configuration, ConfigurationError>
    /// The camera.
    package var camera: Device<CameraEntry>
    /// The microphone.
    package var microphone: Device<SoundEntry>
    /// Whether an ALSA PCM that is no card's device can be opened; nil where the microphone is a card's.
    package var pcm: Result<Void, DeviceError>?
    /// The engine.
    package var engine: Result<Engine, EngineError>
    /// The bundle.
    package var bundle: Result<Bundle, BundleError>
    /// The socket.
    package var socket: Socket
    /// Resolution of CLOCK_MONOTONIC in nanoseconds.
    package var clockResolution: Int64
    /// The kernel's boot id; nil where it is hidden.
    package var bootID: String?
    /// As whom this program runs.
    package var credentials: Credentials
    /// Cores that this process may use.
    package var cores: Int
}
