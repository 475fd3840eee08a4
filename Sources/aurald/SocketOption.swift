import ArgumentParser

/// The option of every command that talks to a daemon.
struct SocketOption: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's socket.", valueName: "path"), completion: .file())
    var socket = "/run/aurald.sock"
}
