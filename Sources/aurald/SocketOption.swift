import ArgumentParser

/// The option of every command that talks to a daemon.
struct SocketOption: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's socket.", valueName: "path"))
    var socket = "/run/aurald.sock"
}
