import AuralCore

extension DevicesReport {
    /// Asks all devices of a machine.
    package init(_ system: DeviceSystem) {
        self.init(cameras: system.cameras.entries(), sounds: system.sounds.entries(), notes: DeviceAbsence.notes(system))
    }

    /// A report of what the catalogues list; notes of a kind of which there is something are not asked for.
    init(cameras: [CameraEntry], sounds: [SoundEntry], notes: (camera: String, sound: String)) {
        self.cameras = cameras.map { Camera($0, among: cameras) }
        microphones = sounds.map { Microphone($0, among: sounds) }
        self.notes = (cameras.isEmpty ? [notes.camera] : []) + (sounds.isEmpty ? [notes.sound] : [])
        configuration = Self.configuration(cameras, sounds)
    }

    /// The first of each that can be opened, or the first at all, as `[camera]` and `[microphone]` take them.
    private static func configuration(_ cameras: [CameraEntry], _ sounds: [SoundEntry]) -> String {
        var lines: [String] = []
        if let camera = cameras.first(where: { $0.access == .free && $0.recommendedMode != nil }) ?? cameras.first {
            lines += ["[camera]", "device = \(quoted(camera.stableName(among: cameras)))"]
            if let mode = camera.recommendedMode {
                lines += ["width = \(mode.width)", "height = \(mode.height)", "rate = \(rounded(mode.rate))", "format = \"\(mode.format.rawValue)\""]
            }
            lines.append("")
        }
        let real = sounds.filter { !$0.isLoopback }
        if let sound = real.first(where: { $0.access == .free }) ?? real.first ?? sounds.first {
            lines += ["[microphone]", "device = \(quoted(sound.stableName(among: sounds)))"]
            if let survey = sound.survey {
                lines += ["rate = \(rate(of: survey))", "channels = \(min(max(survey.channels.lowerBound, 2), survey.channels.upperBound, 8))"]
            }
            lines.append("")
        }
        return lines.joined(separator: "\n")
    }

    private static func rate(of survey: SoundSurvey) -> Int {
        if survey.usualRates.contains(48_000) { return 48_000 }
        return survey.usualRates.filter { $0 < 48_000 }.max() ?? survey.usualRates.min() ?? survey.rates.upperBound
    }

    /// Frames per second with two decimals.
    static func rounded(_ rate: Double) -> Double { (rate * 100).rounded() / 100 }

    /// A basic string of TOML.
    private static func quoted(_ text: String) -> String {
        let escaped = text.unicodeScalars.map { scalar -> String in
            switch scalar {
            case "\"": return "\\\""
            case "\\": return "\\\\"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                return "\\u" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
            default: return String(scalar)
            }
        }
        return "\"\(escaped.joined())\""
    }
}

extension DevicesReport.Camera {
    init(_ entry: CameraEntry, among others: [CameraEntry]) {
        device = entry.stableName(among: others)
        node = entry.node
        card = entry.card
        name = entry.name
        driver = entry.driver
        bus = entry.bus
        byID = entry.byID
        byPath = entry.byPath
        usb = entry.usb?.description
        (access, detail, holders) = entry.access.fields
        formats = entry.formats.map { format in
            DevicesReport.Format(
                code: format.code, name: format.name, format: format.pixelFormat?.rawValue, sizes: format.sizes.map(DevicesReport.Size.init))
        }
        recommended = entry.recommendedMode.map {
            DevicesReport.Mode(format: $0.format.rawValue, width: $0.width, height: $0.height, rate: DevicesReport.rounded($0.rate))
        }
    }
}

extension DevicesReport.Size {
    init(_ size: CameraSize) {
        self.init()
        if let step = size.step {
            (minWidth, maxWidth, stepWidth) = (size.smallest.width, size.largest.width, step.width)
            (minHeight, maxHeight, stepHeight) = (size.smallest.height, size.largest.height, step.height)
        } else {
            (width, height) = (size.smallest.width, size.smallest.height)
        }
        switch size.rates {
        case .listed(let rates): self.rates = rates.map(DevicesReport.rounded)
        case .range(let range): (minRate, maxRate) = (DevicesReport.rounded(range.lowerBound), DevicesReport.rounded(range.upperBound))
        }
    }
}

extension DevicesReport.Microphone {
    init(_ entry: SoundEntry, among others: [SoundEntry]) {
        device = entry.stableName(among: others)
        pcm = entry.pcm
        node = entry.node
        id = entry.identifier
        card = entry.name
        name = entry.deviceName
        subdevices = entry.subdevices
        usb = entry.usb?.description
        loopback = entry.isLoopback
        (access, detail, holders) = entry.access.fields
        formats = entry.survey?.formats
        (minRate, maxRate) = (entry.survey?.rates.lowerBound, entry.survey?.rates.upperBound)
        rates = entry.survey?.usualRates
        (minChannels, maxChannels) = (entry.survey?.channels.lowerBound, entry.survey?.channels.upperBound)
    }
}

extension DeviceAccess {
    fileprivate var fields: (String, String?, [DevicesReport.Program]) {
        switch self {
        case .free: ("free", nil, [])
        case .busy(let holders): ("busy", nil, holders.map { .init(pid: $0.process, name: $0.name) })
        case .denied(let text): ("denied", text, [])
        case .failed(let text): ("failed", text, [])
        }
    }
}
