extension Configuration {
    /// A commented configuration file with every key at its default: what `configs/aurald.toml` is.
    package static var document: String {
        var lines = [
            "# aurald's configuration. Every key is here with its default; keys in comments are not set by default.",
            "# A reload (SIGHUP) takes over all keys but those that say \"Needs a restart\". `aurald check` tells whether a file is right.",
        ]
        for section in ConfigurationKey.sections {
            lines += ["", "[\(section)]"]
            for key in ConfigurationKey.all where key.section == section {
                let reload = key.reload == .restart ? " Needs a restart." : ""
                lines += ["", "# \(key.documentation)", "# Takes \(key.kind.expectation).\(reload)"]
                lines.append(key.defaultText.map { "\(key.name) = \($0)" } ?? "# \(key.name) = \"…\"")
            }
        }
        lines += ["", "# Prompts that take effect on the first frame; one table for each object. Needs a restart."]
        lines += ConfigurationKey.prompt.map { "#   \($0.name): \($0.documentation)" }
        lines += ["#", "# [[prompt]]", "# object_id = 1", "# points = [[0.5, 0.5]]", "# labels = [1]", ""]
        return lines.joined(separator: "\n")
    }
}
