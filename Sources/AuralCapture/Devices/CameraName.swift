/// A camera's name in the configuration, `camera.device`.
package enum CameraName: Sendable, Equatable {
    /// `auto`: the first camera there is.
    case automatic
    /// `none`: no camera.
    case none
    /// A device node or a link to one, by its absolute path.
    case path(String)
    /// `usb:VID:PID` or `usb:VID:PID:SERIAL`.
    case usb(USBIdentity)
    /// `name:CARD`: the driver's name of the camera, or how it begins.
    case card(String)

    /// Reads a name. Throws `badName` with what is allowed.
    package init(_ text: String) throws(DeviceError) {
        switch text {
        case "auto": self = .automatic
        case "none": self = .none
        case _ where text.hasPrefix("/") && text.count > 1 && !text.utf8.contains(0): self = .path(text)
        case _ where text.hasPrefix("name:") && text.count > 5: self = .card(String(text.dropFirst(5)))
        case _ where text.hasPrefix("usb:"):
            guard let identity = USBIdentity(text.dropFirst(4)) else {
                throw DeviceError(
                    .badName, device: text,
                    "is not a USB device's name; write usb:VID:PID or usb:VID:PID:SERIAL with four hexadecimal digits each, like usb:046d:0825")
            }
            self = .usb(identity)
        default:
            throw DeviceError(
                .badName, device: text,
                "is not a camera's name; camera.device takes \"auto\", \"none\", a path like /dev/v4l/by-id/…, usb:VID:PID[:SERIAL] or name:CARD "
                    + "(aurald devices lists them)")
        }
    }
}
