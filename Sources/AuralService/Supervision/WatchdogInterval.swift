/// How often the service manager wants a sign of life: sd_watchdog_enabled(3).
package enum WatchdogInterval {
    /// `$WATCHDOG_USEC` in nanoseconds; nil where it is missing, is no positive number, or is meant for another process (`$WATCHDOG_PID`).
    package static func nanoseconds(environment: [String: String], process: Int32) -> Int64? {
        guard let text = environment["WATCHDOG_USEC"], let microseconds = Int64(text), microseconds > 0 else { return nil }
        if let owner = environment["WATCHDOG_PID"], Int32(owner) != process { return nil }
        let (nanoseconds, overflow) = microseconds.multipliedReportingOverflow(by: 1000)
        return overflow ? .max : nanoseconds
    }
}
