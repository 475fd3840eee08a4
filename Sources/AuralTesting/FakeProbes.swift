import AuralCapture

/// Video nodes that answer from a table.
package struct FakeCameraProbe: CameraProbe {
    /// What each node says.
    package var surveys: [String: CameraSurvey] = [:]
    /// What opening each node fails with.
    package var failures: [String: DeviceError.Code] = [:]

    /// No nodes.
    package init() {}

    package func identity(of node: String) throws(DeviceError) -> CameraIdentity { try survey(of: node).identity }

    package func survey(of node: String) throws(DeviceError) -> CameraSurvey {
        if let code = failures[node] { throw DeviceError(code, device: node, "fails") }
        guard let survey = surveys[node] else { throw DeviceError(.absent, device: node, "is not there") }
        return survey
    }
}

/// Sound cards that answer from a table.
package struct FakeSoundProbe: SoundProbe {
    /// The cards' names.
    package var names: [Int: String] = [:]
    /// What opening fails with, by `card,device` or the PCM's name.
    package var failures: [String: DeviceError.Code] = [:]
    /// What every device can do.
    package var survey = SoundSurvey(formats: ["S16_LE"], rates: 8000...48_000, usualRates: [8000, 16_000, 48_000], channels: 1...2)

    /// Cards without names.
    package init() {}

    package func survey(card: Int, device: Int) throws(DeviceError) -> SoundSurvey {
        if let code = failures["\(card),\(device)"] { throw DeviceError(code, device: "hw:\(card),\(device)", "fails") }
        return survey
    }

    package func open(pcm: String) throws(DeviceError) {
        if let code = failures[pcm] { throw DeviceError(code, device: pcm, "fails") }
    }

    package func name(ofCard card: Int) -> String? { names[card] }
}
