import AuralCapture
import AuralWire
import ServiceLifecycle

/// Where the daemon's frames and sound come from: devices, or a clip in their place.
protocol DaemonSource: Sendable {
    /// The name of the pictures' source on the wire.
    var name: String { get }
    /// Where frames wait.
    var mailbox: FrameMailbox { get }
    /// What delivers them.
    var service: any Service { get }
    /// The sources' states, with what they have counted.
    var records: [SourceRecord] { get }
    /// The stages that the watchdog looks at.
    var stages: [StageProgress] { get }

    /// The sound that belongs to the frames; nil for none. Throws where it cannot be read.
    func makeSound() throws -> (any FrameSound)?
    /// Takes over what of a new configuration can change while it runs.
    func reconfigure(_ configuration: Configuration) async
}
