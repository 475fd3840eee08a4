import AuralCore
import Foundation

/// What `aurald devices` found, as its `--json` prints it: one document with these fields in snake case (`by_id`, `min_rate` …). Fields are only
/// ever added; what is not known is left out.
package struct DevicesReport: Sendable, Encodable {
    /// A program that has a device open.
    package struct Program: Sendable, Encodable {
        /// The process.
        let pid: Int
        /// Its name; empty where it is hidden.
        let name: String
    }

    /// A camera.
    package struct Camera: Sendable, Encodable {
        /// What `camera.device` takes, as stable a name as there is.
        let device: String
        /// The device node.
        let node: String
        /// The camera's name by its driver.
        let card: String
        /// The name in /sys, which `name:` means.
        let name: String
        /// The kernel's driver.
        let driver: String
        /// Where it is plugged in.
        let bus: String
        /// The link in /dev/v4l/by-id.
        let byID: String?
        /// The link in /dev/v4l/by-path.
        let byPath: String?
        /// `usb:VID:PID[:SERIAL]`.
        let usb: String?
        /// `free`, `busy`, `denied` or `failed`.
        let access: String
        /// Why it is denied or failed, and what to do.
        let detail: String?
        /// Who has it, where it is busy.
        let holders: [Program]
        /// The formats that the camera gives by itself.
        let formats: [Format]
        /// What `[camera]` should ask for.
        let recommended: Mode?
    }

    /// A format.
    package struct Format: Sendable, Encodable {
        /// V4L2's four characters.
        let code: String
        /// The driver's words.
        let name: String
        /// What `camera.format` takes; none where only libv4l2 could convert it.
        let format: String?
        /// The sizes.
        let sizes: [Size]
    }

    /// A size, as `width` and `height`, or a range of sizes; its rates as a list or a range of frames per second.
    package struct Size: Sendable, Encodable {
        var width, height, minWidth, maxWidth, minHeight, maxHeight, stepWidth, stepHeight: Int?
        var rates: [Double]?
        var minRate, maxRate: Double?
    }

    /// A mode to ask for.
    package struct Mode: Sendable, Encodable {
        let format: String
        let width, height: Int
        let rate: Double
    }

    /// A capture device of a sound card.
    package struct Microphone: Sendable, Encodable {
        /// What `microphone.device` takes, as stable a name as there is.
        let device: String
        /// The ALSA PCM that is opened.
        let pcm: String
        /// The device node.
        let node: String
        /// The card's id.
        let id: String
        /// The card's name.
        let card: String
        /// The device's name on it.
        let name: String
        /// How many programs can record at a time.
        let subdevices: Int?
        /// `usb:VID:PID[:SERIAL]`.
        let usb: String?
        /// Whether it is snd-aloop.
        let loopback: Bool
        /// `free`, `busy`, `denied` or `failed`.
        let access: String
        /// Why it is denied or failed, and what to do.
        let detail: String?
        /// Who has it, where it is busy.
        let holders: [Program]
        /// Sample formats by ALSA's names.
        let formats: [String]?
        /// Samples per second: lowest and highest.
        let minRate, maxRate: Int?
        /// The usual rates among them.
        let rates: [Int]?
        /// Channels: fewest and most.
        let minChannels, maxChannels: Int?
    }

    /// The cameras, by node number.
    package let cameras: [Camera]
    /// The microphones, by card and device.
    package let microphones: [Microphone]
    /// Where something was looked for and not found, why.
    package let notes: [String]
    /// Lines for the configuration file.
    package let configuration: String

    /// Whether there is nothing at all.
    package var isEmpty: Bool { cameras.isEmpty && microphones.isEmpty }

    /// The document.
    package func json() throws -> String {
        let encoder = JSONText.encoder(isPretty: true)
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
