import Foundation
import Glibc

/// This machine's /dev, /sys and /proc.
package struct SystemDeviceTree: DeviceTree {
    private static let maximumFileSize = 65_536

    /// The machine's tree.
    package init() {}

    package func names(in folder: String) -> [String]? {
        try? FileManager.default.contentsOfDirectory(atPath: folder)
    }

    package func contents(of file: String) -> String? {
        // Files of /proc and /sys have no size, and a device or a pipe in their place must not keep us waiting.
        let descriptor = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard descriptor >= 0 else { return nil }
        defer { _ = close(descriptor) }
        var bytes: [UInt8] = []
        while bytes.count < Self.maximumFileSize {
            let chunk = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
                count = max(read(descriptor, buffer.baseAddress, buffer.count), 0)
            }
            if chunk.isEmpty { break }
            bytes += chunk
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    package func target(of link: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = buffer.withUnsafeMutableBytes { raw in
            raw.bindMemory(to: CChar.self).baseAddress.map { readlink(link, $0, raw.count) } ?? -1
        }
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    package func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    package func status(of path: String) -> NodeStatus? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        let kind: NodeStatus.Kind =
            switch status.st_mode & S_IFMT {
            case S_IFCHR: .device(UInt64(status.st_rdev))
            case S_IFDIR: .folder
            case S_IFSOCK: .socket
            default: .other
            }
        return NodeStatus(kind: kind, mode: status.st_mode & 0o7777, owner: status.st_uid, group: status.st_gid)
    }

    package func mayOpen(_ path: String) -> Bool { access(path, R_OK | W_OK) == 0 }
}
