import ArgumentParser
import AuralCore
import AuralService
import Foundation

/// `aurald check`: whether the configuration is right, without starting anything.
struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration, and show what holds and why.",
        discussion: """
            Reads what aurald run would read: the file, conf.d beside it, AURALD_SECTION_KEY in the environment, and -o. Ends with 0 where all \
            of it is right, with 78 where a key or value is wrong, and with 66 or 77 where a file cannot be read. Devices, models and \
            sockets are not looked at.

            Examples:
              aurald check --config aurald.toml
              aurald check --dump
              aurald check --schema > aurald.schema.json
            """)

    @OptionGroup var options: ConfigurationOptions

    @Flag(help: "Print every key as TOML with its value and, as a comment, where it comes from.")
    var dump = false

    @Flag(help: "Print a JSON Schema of the configuration, and read none.")
    var schema = false

    @Flag(help: "Print the files that were read and the warnings as JSON.")
    var json = false

    func validate() throws {
        guard [dump, schema, json].count(where: { $0 }) <= 1 else { throw ValidationError("--dump, --schema and --json: give one of them") }
    }

    func run() throws {
        let output = try OutputFile("-")
        if schema {
            _ = try output.write(text: try Configuration.schema())
            return
        }
        let loaded = try options.loader.load()
        for warning in loaded.warnings { FileHandle.standardError.write(Data("aurald: warning: \(warning)\n".utf8)) }
        if json {
            _ = try output.write(text: try JSONText.line(["files": loaded.files, "warnings": loaded.warnings.map { "\($0)" }]))
        } else {
            _ = try output.write(text: dump ? loaded.dump : Self.summary(loaded))
        }
    }

    private static func summary(_ loaded: LoadedConfiguration) -> String {
        guard !loaded.files.isEmpty else { return "no file at \(ConfigurationLoader.defaultFile), defaults: ok\n" }
        return loaded.files.map { "\($0): ok\n" }.joined()
    }
}
