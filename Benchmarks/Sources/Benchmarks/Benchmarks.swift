import ArgumentParser

/// The command line.
@main
struct Benchmarks: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmarks",
        abstract: "How fast aurald is, against itself: whole models through its binary, and records and masks.",
        subcommands: [ModelsCommand.self, LengthCommand.self, WireCommand.self])
}
