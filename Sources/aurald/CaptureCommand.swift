import ArgumentParser
import AuralCore
import AuralService
import Foundation

/// `aurald capture`: what the devices deliver, as files.
struct CaptureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "capture",
        abstract: "Record camera and microphone for some seconds, without any network: to check devices.",
        discussion: """
            Writes audio.wav (32-bit float, every sample as the device gave it), frames.ndjson (a line for each frame: seq, t_ns, ts_src, size and \
            the mean of its pixels) and frame.png (the last picture). The devices are those of the configuration unless they are named.

            Example:
              aurald capture --camera auto --microphone none --output /tmp/camera
            """)

    @OptionGroup var options: ConfigurationOptions

    @Option(help: ArgumentHelp("The camera, by a name as camera.device has it; none for none. By default the configuration's.", valueName: "device"))
    var camera: String?

    @Option(
        help: ArgumentHelp(
            "The microphone, by a name as microphone.device has it; none for none. By default the configuration's.", valueName: "device"))
    var microphone: String?

    @Option(help: "How many seconds, from the moment when all devices deliver.")
    var seconds = 5.0

    @Option(help: ArgumentHelp("The folder for the files.", valueName: "folder"), completion: .directory)
    var output: String

    @Flag(help: "Print what was counted as JSON.")
    var json = false

    func validate() throws {
        guard seconds > 0, seconds <= 3600 else { throw ValidationError("--seconds must be above 0 and at most 3600") }
    }

    func run() async throws {
        var configuration = try options.loader.load().configuration
        if let camera { configuration.camera.device = camera }
        if let microphone { configuration.microphone.device = microphone }
        guard configuration.camera.isOn || configuration.microphone.isOn else {
            throw ValidationError("neither a camera nor a microphone: name one with --camera or --microphone")
        }
        let recorder = DeviceRecorder(
            folder: output, seconds: seconds, camera: configuration.camera.isOn ? configuration.camera.settings : nil,
            microphone: configuration.microphone.isOn ? configuration.microphone.settings : nil
        ) { FileHandle.standardError.write(Data("aurald: \($0)\n".utf8)) }
        let summary = try await recorder.run()
        if json {
            print(try JSONText.line(summary), terminator: "")
            return
        }
        let rate = summary.framesPerSecond.map { String(format: ", %.2f frames/s", $0) } ?? ""
        let drift = summary.driftPPM.map { String(format: ", clock %+.0f ppm", $0) } ?? ""
        print(
            "\(output): \(summary.frames) frames\(rate), \(summary.framesLost) lost; \(summary.samples) samples, \(summary.missingSamples) missing\(drift)"
        )
    }
}
