/// What VIDIOC_QUERYCAP says about a video node.
package struct CameraIdentity: Sendable, Equatable {
    /// The camera's name, `card`.
    package var card: String
    /// The kernel's driver.
    package var driver: String
    /// Where it is plugged in, `bus_info`.
    package var bus: String
    /// Whether it gives pictures through streaming: metadata nodes, outputs and codecs do not.
    package var isCapture: Bool

    /// An identity with all its fields.
    package init(card: String, driver: String, bus: String, isCapture: Bool) {
        self.card = card
        self.driver = driver
        self.bus = bus
        self.isCapture = isCapture
    }
}

/// A video node, asked about everything.
package struct CameraSurvey: Sendable, Equatable {
    /// What it is.
    package var identity: CameraIdentity
    /// Its formats; empty for nodes that are no capture nodes.
    package var formats: [CameraFormat]
    /// Whether another program streams from it.
    package var isBusy: Bool

    /// A survey with all its fields.
    package init(identity: CameraIdentity, formats: [CameraFormat], isBusy: Bool) {
        self.identity = identity
        self.formats = formats
        self.isBusy = isBusy
    }
}

/// The border to V4L2's questions. Both functions open the node and close it again.
package protocol CameraProbe: Sendable {
    /// What the node is. Throws `absent`, `denied`, or `failed` with the call.
    func identity(of node: String) throws(DeviceError) -> CameraIdentity

    /// What the node is and can do. Throws like `identity`.
    func survey(of node: String) throws(DeviceError) -> CameraSurvey
}
