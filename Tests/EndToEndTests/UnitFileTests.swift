import Foundation
import Testing

extension EndToEnd {
    /// The unit files, looked at by systemd's own tools.
    @Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-analyze"), "systemd-analyze is not installed"))
    struct UnitFileTests {
        private static let units = ["aurald.service", "aurald.socket", "aurald-metrics.socket"]

        private func run(_ program: String, _ arguments: String...) async throws -> AuraldProcess.Outcome {
            try await AuraldProcess(arguments, program: "/usr/bin/\(program)").finish()
        }

        private func text(_ name: String) throws -> String {
            try String(contentsOf: Fixtures.root.appending(path: "systemd/\(name)"), encoding: .utf8)
        }

        @Test("The sandbox leaves an exposure of 2.0 at most", .timeLimit(.minutes(4)))
        func exposure() async throws {
            let unit = Fixtures.root.appending(path: "systemd/aurald.service").path
            let outcome = try await run("systemd-analyze", "security", "--offline=yes", "--no-pager", "--threshold=20", unit)
            #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
            #expect(outcome.output.contains("Overall exposure level for aurald.service"))
        }

        @Test("systemd understands every line of the units", .timeLimit(.minutes(4)))
        func verify() async throws {
            let folder = Fixtures.path("units")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for name in Self.units {
                // The program is not installed where tests run, and systemd insists on one.
                let installed = try text(name).replacing("ExecStart=/usr/bin/aurald ", with: "ExecStart=\(AuraldProcess.binary) ")
                try Data(installed.utf8).write(to: URL(filePath: "\(folder)/\(name)"))
            }
            let outcome = try await AuraldProcess(
                ["verify", "--man=no"] + Self.units.map { "\(folder)/\($0)" }, program: "/usr/bin/systemd-analyze"
            ).finish()
            #expect(outcome.status == 0 && outcome.errors == "", "\(outcome.errors)")
        }

        @Test("The sockets have the names that the daemon knows, and no group is called aurald", .timeLimit(.minutes(4)))
        func names() async throws {
            #expect(try text("aurald.socket").contains("\nFileDescriptorName=client\n"))
            #expect(try text("aurald-metrics.socket").contains("\nFileDescriptorName=metrics\n"))
            let groups = try text("aurald.sysusers").split(separator: "\n").filter { !$0.hasPrefix("#") }
            #expect(groups == ["g aurald-clients -"])
            for name in Self.units { #expect(try !text(name).contains("Group=aurald\n")) }
            for name in ["aurald.socket", "aurald-metrics.socket"] {
                #expect(try text(name).contains("\nSocketMode=0660\nSocketGroup=aurald-clients\n"))
            }
        }

        @Test(
            "systemd-sysusers understands the group's file", .timeLimit(.minutes(4)),
            .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/systemd-sysusers"), "systemd-sysusers is not installed"))
        func sysusers() async throws {
            let file = Fixtures.root.appending(path: "systemd/aurald.sysusers").path
            let outcome = try await run("systemd-sysusers", "--dry-run", "--root=\(Fixtures.path(""))", file)
            #expect(outcome.status == 0, "\(outcome.errors)")
            #expect(outcome.errors.contains("Creating group 'aurald-clients'"), "\(outcome.errors)")
        }
    }
}
