import ArgumentParser
import Glibc

/// The command line. One file for each subcommand; the work is done elsewhere.
@main
struct Aurald: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "aurald",
        abstract: "Streams, live, the pixel mask of objects in a video, over a Unix socket.",
        discussion: """
            Begin with aurald devices and aurald doctor, which say what is there and what is missing. Then aurald run is the daemon, aurald watch \
            shows what it sends, and aurald preview shows it in a browser.

            Example:
              aurald run -o model.path=models/tiny-512 -o socket.path=/tmp/aurald.sock
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, CheckCommand.self, DevicesCommand.self, DoctorCommand.self, CaptureCommand.self, WatchCommand.self,
            PromptCommand.self, StatusCommand.self, SnapshotCommand.self, PreviewCommand.self, RecordCommand.self, ReplayCommand.self,
            ExportCommand.self, TrackCommand.self, AVSCommand.self, DrawCommand.self,
            ImportCommand.self, ModelsCommand.self, EvaluateCommand.self, BenchCommand.self,
        ])

    /// Like the library's own, but our errors end with their sysexits code and without a usage text.
    static func main() async {
        // Writing into a pipe whose reader has gone is an error to handle, not a reason to die.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            ProgramEnd.leave(0)
        } catch {
            ProgramEnd.exit(error)
        }
    }
}
