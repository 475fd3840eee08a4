import AuralCore

/// Why a checkpoint could not be read or written: names the file, the key or field in it, and what to do about it.
package struct CheckpointError: ReportableError, Sendable, Equatable {
    /// The path of the file, as it was given.
    package let file: String

    /// What was wrong, without the file's name: one line.
    package let reason: String

    /// `dataError` for bad content, `noInput` for a missing file, `noPermission`, `inputOutput` or `cannotCreate`.
    package let exitStatus: ExitStatus

    /// Makes an error about `file`; `reason` is one line that says what was found, where, and what to do.
    package init(file: String, reason: String, exitStatus: ExitStatus = .dataError) {
        self.file = file
        self.reason = reason
        self.exitStatus = exitStatus
    }

    package var description: String {
        "\(Self.printable(file, limit: 4096)): \(reason)"
    }

    /// Text that came out of a file, fit for one line of a terminal or a log: control and direction-changing characters are
    /// escaped, and what is longer than `limit` characters is cut. A checkpoint's keys are its maker's to choose, so they are
    /// never printed raw.
    static func printable(_ text: String, limit: Int = 120) -> String {
        var result = ""
        var count = 0
        for scalar in text.unicodeScalars {
            guard count < limit else { return result + "…" }
            count += 1
            switch scalar.value {
            case 0..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069:
                result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension CheckpointError {
    /// The tensor `name` is not in the file.
    static func missing(_ name: String, in file: String, names: [String]) -> CheckpointError {
        let first = names.first.map { ", the first of them '\(printable($0))'" } ?? ""
        return CheckpointError(
            file: file,
            reason: "no tensor '\(printable(name))' among its \(names.count) tensors\(first); "
                + "give the checkpoint of the model that the configuration names")
    }

    /// The tensor `name` has the shape `found` where the network needs `expected`.
    static func wrongShape(_ name: String, in file: String, found: [Int], expected: [Int]) -> CheckpointError {
        CheckpointError(
            file: file,
            reason: "tensor '\(printable(name))' has shape \(brief(found)), expected \(brief(expected)); "
                + "give the checkpoint of the model that the configuration names")
    }

    /// A shape for a message; long ones are cut, because a hostile file may give a tensor many dimensions.
    static func brief(_ shape: [Int]) -> String {
        let shown = shape.prefix(8).map { String($0) }.joined(separator: ", ")
        return shape.count > 8 ? "[\(shown), …]" : "[\(shown)]"
    }
}
