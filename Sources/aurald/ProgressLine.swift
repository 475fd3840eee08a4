import Foundation

/// A bar on a terminal's last line; on anything else nothing, so that logs stay readable.
final class ProgressLine {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let title: String
    private var last = -1
    private var isShown = false

    /// Starts a bar under a title.
    init(_ title: String) {
        self.title = title
    }

    /// An error that ends the command gets a line of its own.
    deinit { finish() }

    /// Shows how far things are; `total` is nil where nobody knows.
    func show(_ done: Int, _ total: Int?, _ what: String = "") {
        guard isTerminal else { return }
        var text = "\(done) \(what)"
        if let total, total > 0 {
            let percent = min(done * 100 / total, 100)
            guard percent != last || !what.isEmpty else { return }
            last = percent
            let filled = percent * 30 / 100
            text = "[\(String(repeating: "#", count: filled))\(String(repeating: "-", count: 30 - filled))] \(percent) % \(what)"
        }
        write("\r\u{1B}[K\(title) \(text)")
        isShown = true
    }

    /// Removes the bar, if there is one.
    func finish() {
        if isShown { write("\r\u{1B}[K") }
        isShown = false
    }

    private func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
