import AuralCapture
import AuralCore

/// What cameras and microphones are reached through: this machine, or parts that stand in for it.
package struct LiveHardware: Sendable {
    /// The camera's system calls.
    package var cameraKernel: any V4L2Kernel
    /// Finds the camera.
    package var cameraLocator: any DeviceLocator
    /// alsa-lib.
    package var soundSystem: any ALSASystem
    /// Finds the microphone.
    package var soundLocator: any DeviceLocator
    /// The clock by which sound is timed.
    package var soundClock: any TimeSource
    /// Tells when devices come and go.
    package var hotPlug: any HotPlugSource

    /// All parts.
    package init(
        cameraKernel: any V4L2Kernel, cameraLocator: any DeviceLocator, soundSystem: any ALSASystem, soundLocator: any DeviceLocator,
        soundClock: any TimeSource, hotPlug: any HotPlugSource
    ) {
        self.cameraKernel = cameraKernel
        self.cameraLocator = cameraLocator
        self.soundSystem = soundSystem
        self.soundLocator = soundLocator
        self.soundClock = soundClock
        self.hotPlug = hotPlug
    }

    /// This machine.
    package init() {
        let system = DeviceSystem()
        self.init(
            cameraKernel: LibV4L2Kernel(), cameraLocator: system.cameraLocator, soundSystem: ALSALibrary(),
            soundLocator: system.microphoneLocator, soundClock: SystemTimeSource(), hotPlug: SystemHotPlug())
    }
}
