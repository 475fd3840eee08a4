import AuralCore
import AuralWire
import Foundation

/// What the daemon says about itself in `hello`.
package struct ServerIdentity: Sendable {
    /// The daemon's version.
    package var version: String
    /// The source's name.
    package var source: String
    /// The kernel's boot id.
    package var bootID: String
    private let timeSource: any TimeSource

    /// An identity; the boot id is read from the kernel, and is "unknown" where that is hidden.
    package init(version: String, source: String, timeSource: any TimeSource = SystemTimeSource(), bootID: String? = nil) {
        self.version = version
        self.source = source
        self.timeSource = timeSource
        self.bootID = bootID ?? BootIdentifier.read()
    }

    func hello(size: [Int]?) -> HelloRecord {
        // A Double of seconds since 1970 keeps about 200 ns, enough for a mapping that is never used in arithmetic.
        let wall = Date().timeIntervalSince1970 * 1e9
        return HelloRecord(
            version: version, bootID: bootID, time: timeSource.now(), wallNanoseconds: Int64(exactly: wall.rounded()) ?? 0,
            subscription: Subscription(), source: source, size: size)
    }
}
