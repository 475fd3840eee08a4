import AuralCore
import AuralService
import Foundation
import Glibc
import Logging
import Testing

@Suite struct LogTests {
    private let moment = WallTime(seconds: 1_795_252_502, milliseconds: 7)

    private func text(_ line: LogLine, _ format: LogFormat) -> String { String(decoding: line.encoded(as: format, at: moment), as: UTF8.self) }

    @Test(
        "each level has its priority in the journal",
        arguments: [
            (Logger.Level.trace, 7), (.debug, 7), (.info, 6), (.notice, 5), (.warning, 4), (.error, 3), (.critical, 2),
        ])
    func priorities(level: Logger.Level, priority: Int) {
        #expect(text(LogLine(level: level, label: "aurald", message: "ready"), .journal) == "<\(priority)>ready\n")
    }

    @Test("the formats differ in their beginnings, and name their metadata in order")
    func formats() throws {
        let line = LogLine(
            level: .warning, label: "aurald", message: "client slow", metadata: ["n": "7", "from": "two words", "list": ["a", "b\n"]])
        #expect(text(line, .journal) == "<4>client slow from=\"two words\" list=\"[\\\"a\\\", \\\"b\\\\n\\\"]\" n=7\n")
        #expect(text(LogLine(level: .info, label: "nio", message: "x"), .journal) == "<6>nio: x\n")
        let people = text(line, .text)
        #expect(
            try people.wholeMatch(of: Regex(#"2026-11-\d\dT\d\d:\d\d:02\.007[+-]\d{4} warning aurald: client slow from=.*\n"#)) != nil, "\(people)")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text(line, .json).utf8)) as? [String: Any])
        #expect(object["time"] as? String == "2026-11-21T09:15:02.007Z" && object["level"] as? String == "warning")
        #expect(object["logger"] as? String == "aurald" && object["message"] as? String == "client slow")
        let metadata = try #require(object["metadata"] as? [String: Any])
        #expect(metadata["n"] as? String == "7" && metadata["list"] as? [String] == ["a", "b\n"])
        #expect(text(LogLine(level: .info, label: "a", message: "m"), .json).hasSuffix("\"message\":\"m\"}\n"))
    }

    @Test("one message is one line, whatever is in it", arguments: [LogFormat.journal, .text, .json])
    func oneLine(format: LogFormat) throws {
        var random = SplitMix64(seed: 7)
        let odd: [Unicode.Scalar] = ["\n", "\r", "\u{0}", "\u{1b}", "\u{85}", "\u{2028}", "\u{202e}", "\"", "\\", "=", " ", "<", "é", "🎥", "\u{7f}"]
        func string() -> String {
            String(String.UnicodeScalarView((0..<random.next() % 12).map { _ in odd.randomElement(using: &random) ?? "a" }))
        }
        for _ in 0..<2000 {
            let (message, key, value, label) = (string(), string(), string(), string())
            let bytes = LogLine(level: .info, label: label, message: message, metadata: [key: "\(value)", "z": [["k\n": "\(value)"]]]).encoded(
                as: format, at: moment)
            let scalars = String(decoding: bytes.dropLast(), as: UTF8.self).unicodeScalars
            let breaks: [Unicode.GeneralCategory] = [.control, .lineSeparator, .paragraphSeparator]
            #expect(bytes.last == 10 && !scalars.contains { breaks.contains($0.properties.generalCategory) })
            guard format == .json else { continue }
            let object = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
            #expect((object["message"] as? String)?.unicodeScalars.elementsEqual(message.unicodeScalars) == true)
            #expect(((object["metadata"] as? [String: Any])?[key] as? String)?.unicodeScalars.elementsEqual(value.unicodeScalars) == true)
        }
    }

    @Test(
        "values are quoted where they would not be read back",
        arguments: [
            ("plain", "plain"), ("/dev/video0", "/dev/video0"), ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""),
            ("say \"so\"", "\"say \\\"so\\\"\""), ("C:\\x", "\"C:\\\\x\""), ("a\nb\tc", "\"a\\nb\\tc\""), ("\u{1b}[31m", "\"\\u{1b}[31m\""),
            ("ü", "ü"),
        ])
    func quoting(value: String, shown: String) {
        #expect(text(LogLine(level: .info, label: "aurald", message: "m", metadata: ["k": "\(value)"]), .journal) == "<6>m k=\(shown)\n")
    }

    @Test("what is too long is cut")
    func long() {
        let line = text(LogLine(level: .info, label: "aurald", message: String(repeating: "é", count: 100_000)), .journal)
        #expect(line == "<6>" + String(repeating: "é", count: 2048) + "…\n")
    }

    @Test("the level may change while the daemon runs, and a logger may have its own")
    func levels() {
        let (sink, settings) = (LineSink(), LogSettings(level: .notice))
        var logger = sink.logger(settings)
        logger.info("unseen")
        settings.level = .debug
        logger.debug("seen")
        logger.logLevel = .error
        logger.warning("unseen")
        settings.level = .trace
        logger.warning("unseen")
        #expect(sink.lines == ["<7>seen\n"])
        for level in Logger.Level.allCases {
            settings.level = level
            #expect(settings.level == level)
        }
    }

    @Test("metadata of the message wins over the logger's, and that over the provider's")
    func merging() {
        let sink = LineSink()
        let output = LogOutput(settings: LogSettings(), format: .journal, sink: sink)
        let provider = Logger.MetadataProvider { ["a": "provider", "b": "provider", "c": "provider"] }
        var logger = Logger(label: "aurald") { JournalLogHandler(label: $0, output: output, metadataProvider: provider) }
        logger[metadataKey: "b"] = "logger"
        logger[metadataKey: "c"] = "logger"
        logger.error("m", metadata: ["c": "message"])
        #expect(sink.lines == ["<3>m a=provider b=logger c=message\n"])
    }

    @Test("the journal is recognised by device and inode of the very descriptor")
    func journal() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        var status = stat()
        fstat(ends[1], &status)
        let environment = ["JOURNAL_STREAM": "\(status.st_dev):\(status.st_ino)"]
        #expect(LogFormat.auto.resolved(environment: environment, descriptor: ends[1]) == .journal)
        #expect(LogFormat.json.resolved(environment: environment, descriptor: ends[1]) == .json)
        // Another pipe, so of the same device: inherited, but the output goes elsewhere.
        var others: [Int32] = [0, 0]
        try #require(pipe(&others) == 0)
        defer { for end in others { close(end) } }
        #expect(LogFormat.auto.resolved(environment: environment, descriptor: others[1]) == .text)
        #expect(LogFormat.auto.resolved(environment: environment, descriptor: -1) == .text)
        for text in ["", "1", "1:2:3", "a:b", "-1:2", "1:", "\(status.st_dev):\(status.st_ino) "] {
            #expect(LogFormat.auto.resolved(environment: ["JOURNAL_STREAM": text], descriptor: ends[1]) == .text, "\(text)")
        }
    }
}
