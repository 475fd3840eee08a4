import Glibc

/// Catalogues and locators of this machine, wired together.
package struct DeviceSystem: Sendable {
    /// The machine's /dev, /sys and /proc.
    package let tree: any DeviceTree
    /// The video nodes.
    package let cameras: CameraCatalogue
    /// The capture devices of sound cards.
    package let sounds: SoundCatalogue
    /// Finds cameras by name.
    package let cameraLocator: CameraLocator
    /// Finds microphones by name.
    package let microphoneLocator: MicrophoneLocator
    /// As whom this program runs.
    package let credentials: Credentials

    /// This machine, or parts that stand in for it.
    package init(
        tree: any DeviceTree = SystemDeviceTree(), cameraProbe: any CameraProbe = V4L2Probe(), soundProbe: any SoundProbe = ALSAProbe(),
        credentials: Credentials = .current, groupName: @escaping @Sendable (UInt32) -> String = Credentials.groupName
    ) {
        let holders = HolderFinder(tree, ownProcess: Int(getpid()))
        let advice = GroupAdvice(credentials, groupName: groupName)
        self.tree = tree
        self.credentials = credentials
        cameras = CameraCatalogue(tree, probe: cameraProbe, holders: holders, advice: advice)
        sounds = SoundCatalogue(tree, probe: soundProbe, holders: holders, advice: advice)
        cameraLocator = CameraLocator(tree, probe: cameraProbe, holders: holders, advice: advice)
        microphoneLocator = MicrophoneLocator(tree, probe: soundProbe, holders: holders, advice: advice)
    }
}
