import ArgumentParser
import AuralCore
import AuralService

/// `aurald doctor`: why it does not work, and what to do.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Check everything that the daemon needs, and say what to do about what is missing.",
        discussion: """
            Ends with 69 where something failed.

            Example:
              aurald doctor --config /etc/aurald/aurald.toml
            """)

    @OptionGroup var options: ConfigurationOptions

    @Flag(help: "Print one JSON document.")
    var json = false

    func run() async throws {
        let loaded = Self.read(options.loader)
        let configuration = loaded.map(\.configuration)
        let hasNone = (try? loaded.get())?.files.isEmpty == true
        let file = hasNone ? "" : options.loader.file ?? ConfigurationLoader.defaultFile
        let facts = await DoctorExamination().facts(file: file, configuration: configuration, devices: Self.devices(configuration))
        let report = Doctor.report(facts)
        print(json ? try report.json() : TerminalText.safe(report.text), terminator: "")
        if report.verdict == .failed { throw ExitCode(ExitStatus.unavailable.rawValue) }
    }

    // Not inlined: Swift 6.3.1 crashes while it splits an async function into which a call with a typed throw was inlined.
    @inline(never)
    private static func read(_ loader: ConfigurationLoader) -> Result<LoadedConfiguration, ConfigurationError> {
        do throws(ConfigurationError) { return .success(try loader.load()) } catch { return .failure(error) }
    }

    /// The names of the devices that are configured, or that are by default.
    private static func devices(_ configuration: Result<Configuration, ConfigurationError>) -> (camera: String, microphone: String) {
        guard case .success(let configuration) = configuration else { return ("auto", "auto") }
        return (configuration.camera.device, configuration.microphone.device)
    }
}
