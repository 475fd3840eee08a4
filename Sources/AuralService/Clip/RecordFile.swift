import AuralCore
import AuralWire
import Foundation

/// The frame records of a file, as `aurald track` and `aurald watch --json` write them.
package enum RecordFile {
    /// All frame records, in order; other records are passed over. Throws with the line that is no record.
    package static func frames(_ path: String) throws -> [FrameRecord] {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ScriptError("\(path): no such file; give what aurald track or aurald watch --json wrote", exitStatus: .noInput)
        }
        var frames: [FrameRecord] = []
        for (index, line) in data.split(separator: UInt8(ascii: "\n")).enumerated() {
            do throws(WireError) {
                if case .frame(let record) = try ServerRecord(line: Array(line)) { frames.append(record) }
            } catch {
                throw ScriptError("\(path): line \(index + 1): \(error.description)")
            }
        }
        guard !frames.isEmpty else { throw ScriptError("\(path): no frame records in it") }
        return frames
    }
}
