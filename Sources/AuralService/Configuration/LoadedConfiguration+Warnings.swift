extension LoadedConfiguration {
    /// What is right, but probably not meant, one line each: key, where it was set, what to do.
    package var warnings: [String] {
        var result: [String] = []
        func warn(_ path: String, _ message: String) { result.append("\(origin(of: path)): \(path): \(message)") }
        if configuration.camera.device.wholeMatch(of: /\/dev\/video[0-9]+/) != nil {
            warn(
                "camera.device",
                "\(configuration.camera.device): numbers change when devices are plugged in another order; use /dev/v4l/by-id/… or usb:VID:PID")
        }
        if configuration.microphone.device.wholeMatch(of: /(plug)?hw:[0-9].*/) != nil {
            warn(
                "microphone.device",
                "\(TOMLText.escaped(configuration.microphone.device)): numbers change when cards are plugged in another order; use card:NAME")
        }
        if configuration.microphone.bufferMilliseconds < 2 * configuration.microphone.periodMilliseconds {
            warn("microphone.buffer_ms", "holds less than two periods of microphone.period_ms, so that sound is lost; give it more")
        }
        if configuration.hearing.closeLevel > configuration.hearing.openLevel {
            warn("hearing.close_dbfs", "above hearing.open_dbfs, and taken as equal to it; give a lower level")
        }
        if configuration.socket.mode & 0o002 != 0 {
            warn("socket.mode", "lets every user of this machine connect; 0660 lets the daemon's user and group")
        }
        if configuration.source.kind == .live {
            for key in ConfigurationKey.source where key.text(in: configuration) != key.defaultText {
                warn(key.path, "does nothing, since source.kind is \"live\"; to play a clip say source.kind = \"replay\"")
            }
        }
        return result
    }
}
