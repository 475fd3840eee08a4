import ArgumentParser
import AuralCapture
import AuralCore
import AuralService
import AuralWire
import Foundation

/// `aurald snapshot`: the frame that a running daemon looks at now, as a picture.
struct SnapshotCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "snapshot",
        abstract: "Save the next frame of a running daemon as a PNG picture, with its masks drawn in.",
        discussion: """
            Example:
              aurald snapshot --output now.png
            """)

    @OptionGroup var socket: SocketOption

    @Option(name: .shortAndLong, help: ArgumentHelp("The PNG file to write.", valueName: "file"), completion: .file())
    var output: String

    @Flag(inversion: .prefixedNo, help: "Draw the masks into the picture.")
    var masks = true

    @Option(help: "How many seconds to wait for a frame.")
    var timeout = 10.0

    @Flag(help: "Print the frame's record as JSON.")
    var json = false

    func validate() throws {
        guard timeout > 0, timeout <= 3600 else { throw ValidationError("--timeout: give seconds from 0 to 3600") }
    }

    func run() async throws {
        let pair = try await Snapshot.take(from: socket.socket, within: timeout)
        try PNGWriter.write(try Snapshot.image(of: pair, showsMasks: masks), to: output)
        let text =
            json
            ? String(decoding: pair.frame.encoded(), as: UTF8.self)
            : "\(output): frame \(pair.frame.sequence), \(pair.frame.objects.count) object(s)\n"
        _ = try OutputFile("-").write(text: text)
    }
}
