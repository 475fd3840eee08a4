import AuralCore
import Testing

@testable import AuralService

@Suite struct ConfigurationFuzzTests {
    /// Pieces that mean something in TOML, or to us.
    private static let pieces: [String] =
        [
            "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\n", "\r\n", " ", "\t", "#", "\"", "'", "\"\"\"", "'''", "\\", "\\u0041", "\\\"", "-",
            "+", "\u{85}", "\u{2028}", "\u{7f}", "true", "1", "0.5", "1e9", "nan", "0x1f", "1979-05-27 07:32:00", "é", "\u{0}", "\u{feff}", "a",
            "\"clip\"", "prompt", "object_id",
            "points", "labels", "box", "[[0.5, 0.5]]", "[1]", "_", "\"live\"", "9223372036854775808",
        ] + ConfigurationKey.sections + ConfigurationKey.all.map(\.name)

    private static func piece(_ generator: inout SplitMix64) -> String { pieces[Int(generator.next() % UInt64(pieces.count))] }

    /// A file that is right, with some pieces put in, taken out and exchanged.
    private static func damaged(_ generator: inout SplitMix64) -> String {
        var text = Array(Configuration.document + "\n[[prompt]]\nobject_id = 1\npoints = [[0.5, 0.5]]\nlabels = [1]\n")
        for _ in 0...Int(generator.next() % 4) {
            let place = Int(generator.next() % UInt64(text.count))
            let length = min(Int(generator.next() % 6), text.count - place)
            text.replaceSubrange(place..<(place + length), with: generator.next() % 2 == 0 ? Array(Self.piece(&generator)) : [])
        }
        return String(text)
    }

    /// Loads, and checks what must hold for anything: a fault is one short line with a line of the file; a success can be dumped and read.
    private static func check(_ text: String) throws -> Bool {
        do {
            let loaded = try LoadedConfiguration.from(text)
            #expect(try LoadedConfiguration.from(loaded.dump).configuration == loaded.configuration)
            return true
        } catch {
            let lines = text.utf8.count(where: { $0 == UInt8(ascii: "\n") }) + 1
            #expect(error.line.map { (1...lines + 1).contains($0) } ?? false, "\(error) in \(text)")
            #expect(!error.description.contains { $0.isNewline })
            return false
        }
    }

    @Test("any mixture of pieces is read or refused, never more", .timeLimit(.minutes(5)))
    func mixtures() throws {
        var generator = SplitMix64(seedName: "configuration/mixtures")
        for _ in 0..<6000 {
            let text = (0..<(1 + generator.next() % 24)).map { _ in Self.piece(&generator) }.joined()
            _ = try Self.check(text)
        }
    }

    @Test("a damaged file is read or refused with its line", .timeLimit(.minutes(5)))
    func damage() throws {
        var generator = SplitMix64(seedName: "configuration/damage")
        let outcomes = try (0..<1500).map { _ in try Self.check(Self.damaged(&generator)) }
        #expect(outcomes.contains(true) && outcomes.contains(false), "both are tried")
    }

    @Test("any variable and any -o are taken or refused", .timeLimit(.minutes(5)))
    func texts() {
        var generator = SplitMix64(seedName: "configuration/texts")
        for _ in 0..<4000 {
            let key = ConfigurationKey.all[Int(generator.next() % UInt64(ConfigurationKey.all.count))]
            let text = (0..<(generator.next() % 6)).map { _ in Self.piece(&generator) }.joined()
            do {
                let loaded = try ConfigurationLoader.load([], environment: [key.variable: text])
                #expect(try LoadedConfiguration.from(loaded.dump).configuration == loaded.configuration, "\(key.path)=\(text.debugDescription)")
            } catch {
                #expect(error.key == key.path || error.key == "metrics.path")
            }
            _ = try? ConfigurationLoader.load([], overrides: [text, "\(key.path)\(text)"])
        }
    }
}
