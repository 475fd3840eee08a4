extension PCMConfiguration {
    /// One line for a person: what the device does, and what was asked where that differs.
    func summary(_ device: LocatedDevice, asked: MicrophoneSettings) -> String {
        var line = device.path == device.label ? device.path : "\(device.path) (\(device.label))"
        line += ": \(format.rawValue), \(channels) channel\(channels == 1 ? "" : "s"), \(sampleRate) Hz"
        line += ", read every \(milliseconds(period)) ms out of \(milliseconds(buffer)) ms"
        var differences: [String] = []
        if asked.rate != sampleRate { differences.append("\(asked.rate) Hz") }
        if asked.channels > 0, asked.channels != channels { differences.append("\(asked.channels) channels") }
        return differences.isEmpty ? line : line + "; \(differences.joined(separator: ", ")) had been asked for"
    }

    private func milliseconds(_ samples: Int) -> Int { samples * 1000 / max(1, sampleRate) }
}
