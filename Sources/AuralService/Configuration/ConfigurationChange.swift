/// What differs between two configurations, by what it needs.
package struct ConfigurationChange: Sendable, Equatable {
    /// Keys that differ and take effect at once, in the order of the table.
    package private(set) var live: [ConfigurationKey] = []
    /// Keys that differ and take effect when the daemon starts again.
    package private(set) var needsRestart: [ConfigurationKey] = []
    /// Whether the `[[prompt]]` tables differ: they are for the first frame, so they wait for the next start too.
    package private(set) var promptsNeedRestart = false

    /// Compares two configurations.
    package static func between(old: Configuration, new: Configuration) -> ConfigurationChange {
        var change = ConfigurationChange()
        for key in ConfigurationKey.all where key.value(old) != key.value(new) {
            switch key.reload {
            case .live: change.live.append(key)
            case .restart: change.needsRestart.append(key)
            }
        }
        change.promptsNeedRestart = old.prompts != new.prompts
        return change
    }

    /// The old configuration with the live keys of the new one: what holds after a reload.
    package static func merged(old: Configuration, new: Configuration) -> Configuration {
        var result = old
        for key in ConfigurationKey.all where key.reload == .live { key.copy(new, &result) }
        return result
    }

    /// The paths of `live`, for a message.
    package var livePaths: [String] { live.map(\.path) }

    /// The paths of what needs a restart, for a message; `prompt` for the `[[prompt]]` tables.
    package var restartPaths: [String] { needsRestart.map(\.path) + (promptsNeedRestart ? ["prompt"] : []) }

    /// Whether nothing differs.
    package var isEmpty: Bool { livePaths.isEmpty && restartPaths.isEmpty }
}
