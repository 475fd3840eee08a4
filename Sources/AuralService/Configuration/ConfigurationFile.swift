import AuralCore
import Foundation
import Glibc

/// A configuration file that has been read.
struct ConfigurationFile: Sendable, Equatable {
    /// The largest file, in bytes; no sensible one comes near.
    static let maximumSize = 1 << 20

    /// The file's path, for messages.
    let path: String
    /// What is in it.
    let text: String

    /// A text as if it were a file.
    init(path: String, text: String) {
        self.path = path
        self.text = text
    }

    /// Reads a file, or a pipe (`--config <(…)`). Throws `noPermission`, `noInput`, or `configuration` where it cannot be a text.
    init(reading path: String) throws(ConfigurationError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.unreadable(path) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while bytes.count <= Self.maximumSize {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw Self.unreadable(path) }
            guard count > 0 else { break }
            bytes += chunk.prefix(count)
        }
        guard bytes.count <= Self.maximumSize, let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(file: path, message: "is not a text file in UTF-8 of at most \(Self.maximumSize) bytes")
        }
        self.init(path: path, text: text)
    }

    /// Whether something has this path. Where that cannot be known (a folder that is closed to us) it is assumed, so that reading it says
    /// why it cannot be read.
    static func exists(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 || (errno != ENOENT && errno != ENOTDIR)
    }

    /// The files in the folder `conf.d` beside a file that end in `.toml`, in the order of their names' bytes; hidden ones are left out.
    static func additions(beside path: String) throws(ConfigurationError) -> [String] {
        let folder = path.split(separator: "/", omittingEmptySubsequences: false).dropLast().map { $0 + "/" }.joined() + "conf.d"
        guard exists(folder) else { return [] }
        guard let stream = opendir(folder) else { throw unreadable(folder) }
        closedir(stream)
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".toml") && !$0.hasPrefix(".") }
                .sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }.map { "\(folder)/\($0)" }
        } catch {
            throw ConfigurationError(file: folder, message: "cannot be read: \(error)", exitStatus: .noInput)
        }
    }

    private static func unreadable(_ path: String) -> ConfigurationError {
        guard errno != EACCES, errno != EPERM else {
            return ConfigurationError(file: path, message: "permission denied; make it readable for this user", exitStatus: .noPermission)
        }
        return ConfigurationError(file: path, message: "cannot be read: \(String(cString: strerror(errno)))", exitStatus: .noInput)
    }
}
