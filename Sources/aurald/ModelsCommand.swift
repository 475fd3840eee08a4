import ArgumentParser
import AuralCore
import AuralInference
import AuralService
import Foundation

/// `aurald models`: which bundles there are, and whether they are whole.
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "List model bundles, or check that they are whole.",
        discussion: """
            Example:
              aurald models list
            """,
        subcommands: [List.self, Verify.self], defaultSubcommand: List.self)

    /// `aurald models list`
    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the model bundles in folders.",
            discussion: """
                Example:
                  aurald models list models /var/lib/aurald
                """)

        @Argument(
            help: ArgumentHelp("Bundles, or folders of them; by default models and /var/lib/aurald.", valueName: "folder"), completion: .directory)
        var folders = ["models", "/var/lib/aurald"]

        @Flag(help: "Print a JSON array.")
        var json = false

        func run() throws {
            let entries = BundleCatalogue.entries(in: folders)
            if json {
                print(try JSONText.line(entries), terminator: "")
            } else if entries.isEmpty {
                FileHandle.standardError.write(Data("aurald: no model bundle in \(folders.joined(separator: ", ")); aurald import makes one\n".utf8))
            } else {
                for entry in entries { print(Self.text(entry)) }
            }
        }

        private static func text(_ entry: BundleCatalogue.Entry) -> String {
            let hears = entry.fuser.map { ", hears (\($0)\(entry.takesWords ? ", takes words" : ""))" } ?? ""
            let origin = entry.isTrained ? entry.sources.joined(separator: " and ") : "untrained: its masks mean nothing"
            let integers = entry.isQuantized ? ", int8" : ""
            let size = "\(entry.imageSize) px\(integers)\(hears), \(entry.bytes / 1_000_000) MB"
            return TerminalText.safe("\(entry.path): \(entry.network) at \(size), \(origin)")
        }
    }

    /// `aurald models verify`
    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify",
            abstract: "Check every file of model bundles: size, SHA-256, and that nothing is missing.",
            discussion: """
                Ends with exit status 65 where a bundle is damaged.

                Example:
                  aurald models verify models/stamps
                """)

        @Argument(help: ArgumentHelp("The bundles.", valueName: "folder"), completion: .directory)
        var folders: [String]

        func run() throws {
            for folder in folders {
                let bundle = try ModelBundle(directory: folder)
                print(TerminalText.safe("\(folder): ok, \(bundle.stages.count) networks"))
            }
        }
    }
}
