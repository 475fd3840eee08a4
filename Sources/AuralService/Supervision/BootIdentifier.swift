import Foundation

/// The kernel's random name of this boot, with which clients tell whether two readings of CLOCK_MONOTONIC may be compared.
package enum BootIdentifier {
    /// The kernel's, or what the service manager passed in `$BOOT_ID`: the unit's `ProcSubset=pid` hides the kernel's own file. `unknown`
    /// where there is neither.
    package static func read(
        environment: [String: String] = ProcessInfo.processInfo.environment, path: String = "/proc/sys/kernel/random/boot_id"
    ) -> String {
        known(environment: environment, path: path) ?? "unknown"
    }

    /// The same; nil where there is neither.
    package static func known(
        environment: [String: String] = ProcessInfo.processInfo.environment, path: String = "/proc/sys/kernel/random/boot_id"
    ) -> String? {
        let file = try? String(contentsOfFile: path, encoding: .utf8)
        return file.flatMap(canonical) ?? environment["BOOT_ID"].flatMap(canonical)
    }

    /// 32 hexadecimal digits, with or without hyphens, in the form of the kernel's file; nil for anything else.
    static func canonical(_ text: String) -> String? {
        let digits = text.trimmingCharacters(in: .whitespacesAndNewlines).lowercased().replacing("-", with: "")
        guard digits.utf8.count == 32, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        var rest = digits[...]
        var parts: [Substring] = []
        for count in [8, 4, 4, 4, 12] {
            parts.append(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        return parts.joined(separator: "-")
    }
}
