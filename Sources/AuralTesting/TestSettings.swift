import AuralInference
import Foundation

/// What the environment and the machine allow tests to do.
package enum TestSettings {
    /// AURALD_TEST_ALL=1: also the comparisons that take minutes.
    package static let runsEverything = ProcessInfo.processInfo.environment["AURALD_TEST_ALL"] == "1"

    /// The Python that checks ONNX files: AURALD_TEST_PYTHON, or the system's.
    package static let python = ProcessInfo.processInfo.environment["AURALD_TEST_PYTHON"] ?? "python3"

    /// Whether the processor has bfloat16 arithmetic.
    package static let hasBFloat16: Bool = (try? OpenVINOEngine().capabilities().contains("BF16")) ?? false

    /// The engine for tests: graphs that several tests compile are compiled once, in the process's own folder.
    package static func engine() throws(EngineError) -> any Engine {
        OneByOneEngine(try OpenVINOEngine(OpenVINOEngine.Options(cacheDirectory: TestBundle.directory.appending(path: "compiled").path)))
    }

    /// Runs a program to its end and returns its exit status and everything that it wrote; nil where it cannot be started.
    package static func run(_ program: String, _ arguments: [String]) -> (status: Int32, output: String)? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        guard (try? process.run()) != nil else { return nil }
        let data = (try? pipe.fileHandleForReading.readToEnd()) ?? nil ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }

    /// Bytes of this process that are in physical memory (Linux's /proc/self/statm); nil where the kernel does not tell.
    package static func residentBytes() -> Int? {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
        let fields = text.split(separator: " ")
        return fields.count > 1 ? Int(fields[1]).map { $0 * 4096 } : nil
    }
}
