import AuralCore
import Testing

@testable import AuralService

@Suite struct ConfigurationChangeTests {
    /// A configuration where every key has another value than by default.
    private static func other() throws -> Configuration {
        var configuration = Configuration()
        for key in ConfigurationKey.all {
            let value: ConfigurationKey.Value =
                switch key.kind {
                case .string: .string("other")
                case .choice(let words): .string(words.first { "\"\($0)\"" != key.defaultText } ?? "")
                case .integer(let range): .integer(range.upperBound)
                case .number(let range), .choiceOrNumber(_, let range): .number(range.upperBound)
                case .boolean: .boolean(key.defaultText == "false")
                case .fileMode: .string("0600")
                }
            key.set(&configuration, value)
        }
        configuration.prompts = [.init(objectID: ObjectID(1), points: [], box: BoxPrompt(left: 0, top: 0, right: 1, bottom: 1))]
        return configuration
    }

    @Test("nothing differs between equals")
    func equal() throws {
        let change = ConfigurationChange.between(old: try Self.other(), new: try Self.other())
        #expect(change.isEmpty && change.livePaths.isEmpty && change.restartPaths.isEmpty)
    }

    @Test("all that differs is told by what it needs, both ways")
    func everything() throws {
        for (old, new) in [(Configuration(), try Self.other()), (try Self.other(), Configuration())] {
            let change = ConfigurationChange.between(old: old, new: new)
            #expect(change.live == ConfigurationKey.all.filter { $0.reload == .live })
            #expect(change.needsRestart == ConfigurationKey.all.filter { $0.reload == .restart })
            #expect(change.promptsNeedRestart && !change.isEmpty)
            #expect(change.restartPaths.last == "prompt" && change.restartPaths.count == change.needsRestart.count + 1)
        }
    }

    @Test("what is merged has the live keys of the new and the rest of the old", arguments: [false, true])
    func merged(isReversed: Bool) throws {
        let (old, new) = isReversed ? (try Self.other(), Configuration()) : (Configuration(), try Self.other())
        let merged = ConfigurationChange.merged(old: old, new: new)
        for key in ConfigurationKey.all {
            #expect(key.text(in: merged) == key.text(in: key.reload == .live ? new : old), "\(key.path)")
        }
        #expect(merged.prompts == old.prompts)
        let rest = ConfigurationChange.between(old: merged, new: new)
        #expect(rest.live.isEmpty, "a second reload of the same takes nothing over")
        #expect(rest.restartPaths == ConfigurationChange.between(old: old, new: new).restartPaths, "and still says what waits")
    }

    @Test("a single key is told alone", arguments: ConfigurationKey.all.map(\.path))
    func single(path: String) throws {
        let key = try #require(ConfigurationKey.all.first { $0.path == path })
        var new = Configuration()
        key.copy(try Self.other(), &new)
        let change = ConfigurationChange.between(old: Configuration(), new: new)
        #expect(change.livePaths == (key.reload == .live ? [path] : []))
        #expect(change.restartPaths == (key.reload == .restart ? [path] : []))
        #expect(ConfigurationChange.merged(old: Configuration(), new: new) == (key.reload == .live ? new : Configuration()))
        key.copy(Configuration(), &new)
        #expect(new == Configuration())
    }
}
