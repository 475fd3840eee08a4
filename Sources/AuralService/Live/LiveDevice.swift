import AuralCapture

/// What cameras and microphones have in common for those who look after them.
protocol LiveDevice: Actor {
    /// What is wanted of the device.
    associatedtype Settings: LiveSettings

    /// Opens it, and again whenever it comes back; does nothing where it runs.
    func start()
    /// Closes it; does nothing where it does not run.
    func stop()
    /// Other settings hold from now on; the same ones change nothing.
    func reconfigure(_ settings: Settings)
    /// Something changed among the devices.
    func devicesChanged(isRelease: Bool)
}

/// What the settings of cameras and microphones have in common.
protocol LiveSettings: Sendable {
    /// Without data for this long the device is opened again, in nanoseconds.
    var patienceNanoseconds: Int64 { get }
}

extension V4L2Camera: LiveDevice {}
extension ALSAMicrophone: LiveDevice {}
extension CameraSettings: LiveSettings {}
extension MicrophoneSettings: LiveSettings {}
