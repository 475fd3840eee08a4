import AuralCore

extension LoadedConfiguration {
    /// Every key as TOML with its value and, as a comment, where it comes from. Reading it again gives the same configuration.
    package var dump: String {
        var lines: [String] = []
        for section in ConfigurationKey.sections {
            lines += lines.isEmpty ? ["[\(section)]"] : ["", "[\(section)]"]
            for key in ConfigurationKey.all where key.section == section {
                let setting = key.text(in: configuration).map { "\(key.name) = \($0)" } ?? "# \(key.name) is not set"
                lines.append("\(setting)  # \(TOMLText.escaped(origin(of: key.path).description))")
            }
        }
        for prompt in configuration.prompts {
            lines += ["", "[[prompt]]  # \(TOMLText.escaped(origin(of: "prompt").description))"] + Self.lines(of: prompt)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of prompt: Configuration.InitialPrompt) -> [String] {
        var lines = ["object_id = \(prompt.objectID.rawValue)"]
        if !prompt.points.isEmpty {
            lines.append("points = [\(prompt.points.map { "[\($0.x), \($0.y)]" }.joined(separator: ", "))]")
            lines.append("labels = [\(prompt.points.map { $0.isPositive ? "1" : "0" }.joined(separator: ", "))]")
        }
        if let box = prompt.box {
            lines.append("box = [\(box.left), \(box.top), \(box.right), \(box.bottom)]")
        }
        return lines
    }
}
