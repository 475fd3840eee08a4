import ArgumentParser
import AuralPreview
import AuralService
import Foundation
import Logging

/// `aurald preview`: a page in the browser with the live picture, its masks, and clicks.
struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Serve a page that shows what a running daemon sees and hears, and takes clicks.",
        discussion: """
            The page is served on 127.0.0.1 alone, and its address has a secret. It is a client of the socket like any other: what it can do,
            aurald prompt can. It goes on when the daemon restarts.

            Example: aurald preview --socket /tmp/aurald.sock --open
            """)

    @OptionGroup var socket: SocketOption

    @Option(help: "The port on 127.0.0.1; 0 takes one that is free.")
    var port: UInt16 = 0

    @Flag(help: "Open the page in the browser (xdg-open).")
    var open = false

    func run() async throws {
        var logger = Logger(label: "aurald") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let server = PreviewServer(.init(socket: socket.socket, port: port), logger: logger)
        let opens = open
        try await server.run { address in
            // Not print: who reads a pipe wants the address now.
            FileHandle.standardOutput.write(Data("\(address)\n".utf8))
            if opens, !PageOpener.open(address) { PageOpener.complain() }
        }
    }
}
