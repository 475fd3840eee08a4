import Foundation

/// Where the tests put their files: in memory where that is possible, because the fuzz tests write tens of thousands of them.
private let folder: URL = {
    let memory = URL(filePath: "/dev/shm")
    return FileManager.default.isWritableFile(atPath: memory.path) ? memory : FileManager.default.temporaryDirectory
}()

/// Calls `body` with the path of a file that holds `bytes` and is removed afterwards.
func withTemporaryFile<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) throws -> Result {
    let file = folder.appending(path: "aurald-test-\(UUID().uuidString)")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try body(file.path)
}
