import Glibc

/// What the kernel knows about this process (proc(5)).
package struct ProcessStatistics: Sendable, Equatable {
    /// Resident set, in bytes.
    package var residentBytes: Double
    /// Time on processors, in user and kernel, in seconds.
    package var processorSeconds: Double
    /// Open file descriptors.
    package var openDescriptors: Int

    /// Reads it now; what cannot be read is 0.
    package static func now() -> ProcessStatistics {
        let pageSize = Double(max(sysconf(Int32(_SC_PAGESIZE)), 1))
        let ticks = Double(max(sysconf(Int32(_SC_CLK_TCK)), 1))
        return ProcessStatistics(
            residentBytes: residentPages(read("/proc/self/statm")) * pageSize,
            processorSeconds: processorTicks(read("/proc/self/stat")) / ticks, openDescriptors: countDescriptors())
    }

    /// The second field of statm.
    static func residentPages(_ statm: String) -> Double {
        let fields = statm.split(separator: " ")
        return fields.count > 1 ? Double(fields[1]) ?? 0 : 0
    }

    /// utime and stime of stat, the fields 14 and 15. The second field is the program's name in parentheses, which may itself contain
    /// spaces and parentheses: what counts comes after the last one.
    static func processorTicks(_ stat: String) -> Double {
        guard let end = stat.lastIndex(of: ")") else { return 0 }
        let fields = stat[end...].dropFirst().split(separator: " ")
        guard fields.count > 12 else { return 0 }
        return (Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)
    }

    /// These files are shorter than a page, and are read at once so that they are of one moment.
    private static func read(_ path: String) -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = bytes.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }

    private static func countDescriptors() -> Int {
        guard let folder = opendir("/proc/self/fd") else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // Without ".", ".." and the descriptor that reads the folder.
        return max(count - 3, 0)
    }
}
