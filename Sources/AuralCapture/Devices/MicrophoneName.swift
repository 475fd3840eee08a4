/// A microphone's name in the configuration, `microphone.device`.
package enum MicrophoneName: Sendable, Equatable {
    /// `auto`: the first sound card with a capture device.
    ///
    /// Not ALSA's `default`: for a service without a session that is card 0, on most machines HDMI, which has nothing to capture; and with a
    /// sound server it works only for the user whose session it is. A card that can capture is what is meant. Whoever wants the sound
    /// server writes `default` or `pipewire`.
    case automatic
    /// `none`: no sound.
    case none
    /// `card:NAME`: a card's id, like `Webcam`, or its name; its first capture device.
    case card(String)
    /// `usb:VID:PID` or `usb:VID:PID:SERIAL`: the first capture device of that card.
    case usb(USBIdentity)
    /// Any other text: the name of an ALSA PCM, like `hw:1,0` or `pipewire`.
    case pcm(String)

    /// Reads a name. Throws `badName` with what is allowed.
    package init(_ text: String) throws(DeviceError) {
        switch text {
        case "auto": self = .automatic
        case "none": self = .none
        case _ where text.hasPrefix("card:") && text.count > 5: self = .card(String(text.dropFirst(5)))
        case _ where text.hasPrefix("usb:"):
            guard let identity = USBIdentity(text.dropFirst(4)) else {
                throw DeviceError(
                    .badName, device: text,
                    "is not a USB device's name; write usb:VID:PID or usb:VID:PID:SERIAL with four hexadecimal digits each, like usb:046d:0825")
            }
            self = .usb(identity)
        default:
            guard !text.isEmpty, text != "card:", !text.hasPrefix("/"), !text.utf8.contains(0) else {
                throw DeviceError(
                    .badName, device: text,
                    "is not a microphone's name; microphone.device takes \"auto\", \"none\", card:NAME, usb:VID:PID[:SERIAL] or an ALSA PCM "
                        + "like hw:1,0 or default (aurald devices lists them)")
            }
            self = .pcm(text)
        }
    }
}
