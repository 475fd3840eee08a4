import Foundation
import Glibc

/// Opens the preview's page in the person's browser.
enum PageOpener {
    /// Has xdg-open open a file that leads to the page, and that only this user can read: the page's address has a secret, and what a command is
    /// given, every user of the machine sees in the list of processes. False where no browser could be asked.
    static func open(_ address: String) -> Bool {
        guard let path = write(address) else { return false }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["xdg-open", path]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.terminationHandler = { process in
            guard process.terminationStatus != 0 else { return }
            complain()
        }
        do {
            try process.run()
        } catch {
            return false
        }
        return true
    }

    /// Says that the person has to open the page.
    static func complain() {
        FileHandle.standardError.write(Data("aurald: no browser could be opened; open the address by hand\n".utf8))
    }

    /// The file's path, or nil. It stays: a browser may read it late, and its secret ends with the command.
    private static func write(_ address: String) -> String? {
        let folder = ProcessInfo.processInfo.environment["XDG_RUNTIME_DIR"].flatMap { $0.isEmpty ? nil : $0 } ?? "/tmp"
        let path = "\(folder)/aurald-preview-\(UUID().uuidString).html"
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return nil }
        let page = """
            <!doctype html><meta charset="utf-8"><title>aurald</title><meta http-equiv="refresh" content="0;url=\(address)">
            <p><a href="\(address)">aurald's page</a></p>

            """
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        guard (try? file.write(contentsOf: Data(page.utf8))) != nil else { return nil }
        return path
    }
}
