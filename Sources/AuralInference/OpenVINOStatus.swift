import COpenVINO

/// OpenVINO's status codes as thrown errors.
enum OpenVINOStatus {
    /// Throws unless `status` is OK; `action` completes the sentence "OpenVINO could not …".
    static func check(_ status: ov_status_e, _ action: @autoclosure () -> String) throws(EngineError) {
        guard status != OK else { return }
        // The message is the plugin's own, often several lines; the last line that is not empty says most.
        let whole = ov_get_last_err_msg().map { String(cString: $0) } ?? ""
        let line = whole.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) } ?? "status \(status.rawValue)"
        throw EngineError("OpenVINO could not \(action()): \(line)")
    }
}
