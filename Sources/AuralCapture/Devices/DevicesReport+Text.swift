extension DevicesReport {
    /// One block for each device, what was not found and why, and lines for the configuration.
    package var text: String {
        var blocks = cameras.map(\.text) + microphones.map(\.text)
        if !notes.isEmpty { blocks.append(notes.joined(separator: "\n")) }
        if !configuration.isEmpty {
            blocks.append("For the configuration (aurald.toml):\n\n\(configuration)".trimmingEnd)
        }
        return blocks.joined(separator: "\n\n") + "\n"
    }

    /// Frames per second as people write them: 30, 29.97, 7.5.
    package static func text(_ rate: Double) -> String {
        let hundredths = Int((min(max(rate, 0), 1e6) * 100).rounded())
        guard hundredths % 100 != 0 else { return "\(hundredths / 100)" }
        let digits = String(hundredths % 100 + 100).dropFirst()
        return "\(hundredths / 100).\(digits.last == "0" ? digits.dropLast() : digits)"
    }

    fileprivate static func row(_ key: String, _ text: String) -> String {
        "  " + key + String(repeating: " ", count: max(10 - key.count, 1)) + text
    }

    fileprivate static func state(_ access: String, _ detail: String?, _ holders: [Program], _ node: String) -> String {
        guard access == "busy" else { return access + (detail.map { ": \($0)" } ?? "") }
        return "busy: " + HolderFinder.text(holders.map { Holder(process: $0.pid, name: $0.name) }, node: node)
    }
}

extension DevicesReport.Camera {
    fileprivate var text: String {
        let facts = [driver, bus, usb ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
        var lines = [
            "Camera \([card, name, node].first { !$0.isEmpty } ?? node)", DevicesReport.row("device", device),
            DevicesReport.row("node", node + (facts.isEmpty ? "" : " (\(facts))")),
            DevicesReport.row("state", DevicesReport.state(access, detail, holders, node)),
        ]
        // Formats that have the same sizes and rates share a line.
        var modes: [(codes: String, sizes: String)] = []
        for format in formats where format.format != nil {
            let sizes = format.sizesText
            if let index = modes.firstIndex(where: { $0.sizes == sizes }) {
                modes[index].codes += " " + format.code
            } else {
                modes.append((format.code, sizes))
            }
        }
        for (index, mode) in modes.enumerated() { lines.append(DevicesReport.row(index == 0 ? "modes" : "", "\(mode.codes): \(mode.sizes)")) }
        let others = formats.filter { $0.format == nil }.map(\.code)
        if !others.isEmpty {
            let more = others.count > 12 ? " and \(others.count - 12) more" : ""
            lines.append(DevicesReport.row("also", others.prefix(12).joined(separator: " ") + more + ", which libv4l2 may convert"))
        }
        if access == "free", formats.isEmpty {
            lines.append(DevicesReport.row("modes", "none: a loopback device has some once a program plays into it"))
        }
        return lines.joined(separator: "\n")
    }
}

extension DevicesReport.Format {
    /// `160x120…640x480 (7 sizes) to 30 fps, 1280x720 to 10 fps`: neighbours with the same highest rate together.
    fileprivate var sizesText: String {
        var groups: [(first: DevicesReport.Size, last: DevicesReport.Size, count: Int)] = []
        for size in sizes {
            if let group = groups.last, group.last.highest == size.highest, group.last.width != nil, size.width != nil {
                groups[groups.count - 1] = (group.first, size, group.count + 1)
            } else {
                groups.append((size, size, 1))
            }
        }
        let texts = groups.map { group in
            let rate = group.last.highest.map { " to \(DevicesReport.text($0)) fps" } ?? ""
            return (group.count == 1 ? group.first.text : "\(group.first.text)…\(group.last.text) (\(group.count) sizes)") + rate
        }
        return texts.isEmpty ? "any size" : texts.joined(separator: ", ")
    }
}

extension DevicesReport.Size {
    fileprivate var highest: Double? { rates?.max() ?? maxRate }

    fileprivate var text: String {
        if let width, let height { return "\(width)x\(height)" }
        guard let minWidth, let minHeight, let maxWidth, let maxHeight, let stepWidth, let stepHeight else { return "" }
        let step = stepWidth > 1 || stepHeight > 1 ? " in steps of \(stepWidth)x\(stepHeight)" : ""
        return "\(minWidth)x\(minHeight)…\(maxWidth)x\(maxHeight)\(step)"
    }
}

extension DevicesReport.Microphone {
    fileprivate var text: String {
        let facts = [name, usb ?? "", subdevices.map { $0 == 1 ? "" : "\($0) subdevices" } ?? "", loopback ? "loopback" : ""]
        let list = facts.filter { !$0.isEmpty }.joined(separator: ", ")
        var lines = [
            "Microphone \(card)", DevicesReport.row("device", device), DevicesReport.row("node", node + (list.isEmpty ? "" : " (\(list))")),
            DevicesReport.row("state", DevicesReport.state(access, detail, holders, node)),
        ]
        if let formats, let rates, let minRate, let maxRate, let minChannels, let maxChannels {
            let channels = minChannels == maxChannels ? "\(maxChannels)" : "\(minChannels) to \(maxChannels)"
            let hertz = rates.isEmpty ? "\(minRate) to \(maxRate)" : rates.map(String.init).joined(separator: " ")
            let unit = channels == "1" ? "channel" : "channels"
            lines.append(DevicesReport.row("modes", "\(formats.joined(separator: " ")), \(hertz) Hz, \(channels) \(unit)"))
        }
        return lines.joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmingEnd: String { String(reversed().drop { $0.isNewline }.reversed()) }
}
