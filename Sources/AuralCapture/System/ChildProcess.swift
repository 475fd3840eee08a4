import Foundation
import Synchronization

/// A helper program whose output we read. Started without a shell; killed and reaped when the last reference goes.
package final class ChildProcess {
    private let tool: String
    private let identifier: pid_t
    private var output: Int32
    private var errors: Int32
    private var status: Int32?
    private var errorTail: [UInt8] = []

    /// Starts `tool`, found through PATH, with standard input closed off and both outputs piped to us.
    package init(tool: String, arguments: [String], path: String) throws(CaptureError) {
        var outputPipe: [Int32] = [-1, -1]
        var errorPipe: [Int32] = [-1, -1]
        var child: pid_t = 0
        let number = Self.starting.withLock { _ in
            guard Self.makePipe(&outputPipe), Self.makePipe(&errorPipe) else { return errno }
            return Self.spawn(&child, tool, arguments, output: outputPipe[1], errors: errorPipe[1])
        }
        for end in [outputPipe[1], errorPipe[1]] where end >= 0 { close(end) }
        guard number == 0 else {
            for end in [outputPipe[0], errorPipe[0]] where end >= 0 { close(end) }
            if number == ENOENT {
                throw CaptureError(
                    .toolMissing, path: path,
                    "this format needs \(tool), which is not installed; install it (apt install ffmpeg), or give Y4M, "
                        + "Motion-JPEG AVI or a folder of pictures")
            }
            throw CaptureError(.toolFailed, path: path, "\(tool) cannot be started: \(CaptureError.systemMessage(number))")
        }
        self.tool = tool
        identifier = child
        output = outputPipe[0]
        errors = errorPipe[0]
    }

    deinit {
        closeOutputs()
        if status == nil {
            kill(identifier, SIGKILL)
            reap()
        }
    }

    /// Held from the making of a pipe until the child runs: Swift sees no pipe2(2), and a child that another thread started in
    /// between would inherit the pipe and keep it open.
    private static let starting = Mutex(())

    private static func makePipe(_ ends: inout [Int32]) -> Bool {
        guard pipe(&ends) == 0 else { return false }
        return ends.allSatisfy { fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }
    }

    private static func spawn(
        _ child: inout pid_t, _ tool: String, _ arguments: [String], output: Int32, errors: Int32
    ) -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_adddup2(&actions, errors, 2)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A daemon blocks signals in its threads; the child must not inherit that. Its own process group keeps a Ctrl-C at the
        // terminal for us alone.
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setpgroup(&attributes, 0)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETPGROUP))
        let environment = ProcessInfo.processInfo.environment.map { "\($0.key)=\($0.value)" }
        var argumentPointers: [UnsafeMutablePointer<CChar>?] = ([tool] + arguments).map { strdup($0) } + [nil]
        var environmentPointers: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer {
            argumentPointers.forEach { free($0) }
            environmentPointers.forEach { free($0) }
        }
        // ETXTBSY: somebody still has the program open for writing. That passes: a package is being installed, or another thread's child
        // has inherited the descriptor of whoever wrote it and is just about to become another program. Tried for a second at most.
        var number: Int32 = 0
        for _ in 0..<100 {
            number = posix_spawnp(&child, tool, &actions, &attributes, &argumentPointers, &environmentPointers)
            guard number == ETXTBSY else { break }
            poll(nil, 0, 10)
        }
        return number
    }

    /// Fills `buffer` from the program's standard output; returns how much there was, less than asked only at its end.
    package func read(into buffer: UnsafeMutableRawBufferPointer, path: String) throws(CaptureError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var done = 0
        while done < buffer.count, output >= 0 {
            try waitForInput(path: path)
            drainErrors()
            let count = Glibc.read(output, base + done, buffer.count - done)
            if count > 0 {
                done += count
            } else if count == 0 {
                break
            } else if errno != EINTR, errno != EAGAIN {
                throw .system(errno, path: path, doing: "read from \(tool)")
            }
        }
        return done
    }

    /// Waits for the program's end; returns its exit status, or 128 + the signal that ended it. To be called when the output has
    /// been read to its end.
    package func finish() -> Int32 {
        if let status { return status }
        while drainErrors(wait: true) {}
        closeOutputs()
        return reap()
    }

    /// The last line that the program wrote to its standard error, for messages.
    package var lastErrorLine: String {
        let lines = String(decoding: errorTail, as: UTF8.self).split(whereSeparator: \.isNewline)
        return lines.last.map(String.init) ?? "no message"
    }

    /// Sleeps until the output has something. Errors are drained meanwhile: a full pipe there would stop the program.
    private func waitForInput(path: String) throws(CaptureError) {
        while true {
            var waiting = [
                pollfd(fd: output, events: Int16(POLLIN), revents: 0), pollfd(fd: errors, events: Int16(POLLIN), revents: 0),
            ]
            if poll(&waiting, 2, -1) < 0 {
                if errno == EINTR { continue }
                throw .system(errno, path: path, doing: "wait for \(tool)")
            }
            if waiting[1].revents != 0 { drainErrors() }
            if waiting[0].revents != 0 { return }
        }
    }

    /// Takes what is in the error pipe, keeping the last 4 KiB; false at its end.
    @discardableResult
    private func drainErrors(wait: Bool = false) -> Bool {
        guard errors >= 0 else { return false }
        var waiting = pollfd(fd: errors, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, wait ? -1 : 0) > 0 else { return true }
        var chunk = [UInt8](repeating: 0, count: 1024)
        let count = Glibc.read(errors, &chunk, chunk.count)
        if count > 0 {
            errorTail.append(contentsOf: chunk[0..<count])
            errorTail.removeFirst(max(0, errorTail.count - 4096))
        } else if count == 0 {
            close(errors)
            errors = -1
            return false
        }
        return true
    }

    private func closeOutputs() {
        if output >= 0 { close(output) }
        if errors >= 0 { close(errors) }
        output = -1
        errors = -1
    }

    @discardableResult
    private func reap() -> Int32 {
        var raw: Int32 = 0
        while waitpid(identifier, &raw, 0) < 0, errno == EINTR {}
        // wait(2): the low seven bits are the signal, the next byte the exit status.
        let result = raw & 0x7F == 0 ? (raw >> 8) & 0xFF : 128 + (raw & 0x7F)
        status = result
        return result
    }
}
