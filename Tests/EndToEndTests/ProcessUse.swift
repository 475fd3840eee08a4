import Foundation
import Testing

/// What a process holds, as the kernel tells it.
struct ProcessUse: Sendable, Equatable {
    /// Resident memory in KiB (`VmRSS` of proc_pid_status(5)).
    var residentKiB: Int
    /// Open file descriptors.
    var descriptors: Int

    /// Asks for a process. Fails where it has ended.
    init(_ process: Int32) throws {
        let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        residentKiB = try #require(line.split(separator: " ").compactMap { Int($0) }.first)
        descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count
    }
}
