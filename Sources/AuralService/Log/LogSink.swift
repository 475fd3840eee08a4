import Glibc

/// Where log lines go.
package protocol LogSink: Sendable {
    /// Writes one line. Called by one thread at a time.
    func write(_ line: [UInt8])
}

/// Standard error.
package struct StandardErrorSink: LogSink {
    /// Makes one.
    package init() {}

    package func write(_ line: [UInt8]) {
        // One call for the whole line, so that lines of other processes with the same standard error do not come between. What the kernel
        // takes only in part is finished; what it does not take at all (a full disk, a reader that has gone) is lost, since there is nobody
        // to tell.
        var rest = line[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
