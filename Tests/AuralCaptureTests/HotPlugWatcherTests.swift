import AuralCapture
import Foundation
import Glibc
import Testing

@Suite struct HotPlugWatcherTests {
    /// A folder in the place of /dev, and what a watcher of it tells.
    private final class Desk {
        let root: String
        private let watcher: HotPlugWatcher
        private var changes: AsyncStream<HotPlugChange>.AsyncIterator

        init(_ prepare: (String) throws -> Void = { _ in }) throws {
            root = FileManager.default.temporaryDirectory.appending(path: "aural-plug-\(UUID().uuidString)").path
            try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
            try prepare(root)
            let stream = AsyncStream<HotPlugChange>.makeStream()
            watcher = try HotPlugWatcher(root: root) { stream.continuation.yield($0) }
            changes = stream.stream.makeAsyncIterator()
        }

        deinit {
            watcher.stop()
            try? FileManager.default.removeItem(atPath: root)
        }

        func make(_ name: String) throws { try Data().write(to: URL(filePath: "\(root)/\(name)")) }

        func folder(_ name: String) throws { try FileManager.default.createDirectory(atPath: "\(root)/\(name)", withIntermediateDirectories: false) }

        func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(root)/\(name)") }

        /// Awaits a change; others may come before it, as one happening has several events.
        func next(_ kind: HotPlugChange.Kind, isRelease: Bool = false) async {
            var found: HotPlugChange?
            repeat { found = await changes.next(isolation: #isolation) } while found != nil && found != HotPlugChange(kind, isRelease: isRelease)
        }

        /// Everything up to the change that making a marker brings about.
        func upToMarker(_ marker: String, _ kind: HotPlugChange.Kind) async throws -> [HotPlugChange] {
            try make(marker)
            var seen: [HotPlugChange] = []
            while let change = await changes.next(isolation: #isolation) {
                if change == HotPlugChange(kind, isRelease: false) { break }
                seen.append(change)
            }
            return seen
        }
    }

    @Test("nodes that come, go or change permissions are told of", .timeLimit(.minutes(5)))
    func nodes() async throws {
        let desk = try Desk { try FileManager.default.createDirectory(atPath: $0 + "/snd", withIntermediateDirectories: false) }
        try desk.make("video0")
        await desk.next(.camera)
        try desk.make("snd/pcmC0D0c")
        await desk.next(.sound)
        #expect(chmod(desk.root + "/video0", 0o600) == 0)
        await desk.next(.camera)
        try desk.remove("video0")
        await desk.next(.camera)
        try desk.remove("snd/pcmC0D0c")
        await desk.next(.sound)
    }

    @Test("what else happens in /dev is not told", .timeLimit(.minutes(5)))
    func others() async throws {
        let desk = try Desk()
        for name in ["tty7", "videos", "snd-not", "vhost"] { try desk.make(name) }
        try desk.remove("tty7")
        #expect(try await desk.upToMarker("video0", .camera) == [])
    }

    @Test("folders that are made later are watched from then on, removed ones again when they come back", .timeLimit(.minutes(5)))
    func lateFolders() async throws {
        let desk = try Desk()
        for _ in 0..<3 {
            try desk.folder("v4l")
            try desk.folder("v4l/by-id")
            await desk.next(.camera)
            try FileManager.default.createSymbolicLink(atPath: desk.root + "/v4l/by-id/usb-x-index0", withDestinationPath: "../../video0")
            await desk.next(.camera)
            try desk.folder("snd")
            await desk.next(.sound)
            try desk.make("snd/pcmC1D0c")
            await desk.next(.sound)
            try desk.remove("snd")
            await desk.next(.sound)
            try desk.remove("v4l")
            await desk.next(.camera)
        }
    }

    @Test(
        "a program that lets a device go is told of, whether it read or wrote; a file and a FIFO alike", .timeLimit(.minutes(5)),
        arguments: [(false, O_RDONLY), (false, O_RDWR), (true, O_RDWR)])
    func release(isFIFO: Bool, mode: Int32) async throws {
        let desk = try Desk { root in
            if isFIFO {
                #expect(mkfifo(root + "/video0", 0o600) == 0)
            } else {
                try Data().write(to: URL(filePath: root + "/video0"))
            }
        }
        let descriptor = open(desk.root + "/video0", mode | O_NONBLOCK | O_CLOEXEC)
        #expect(descriptor >= 0)
        // Opening it is no change, and neither is closing it while another descriptor is open on it.
        let copy = dup(descriptor)
        close(copy)
        #expect(try await desk.upToMarker("video1", .camera) == [])
        close(descriptor)
        await desk.next(.camera, isRelease: true)
    }

    @Test("a node that comes later is watched for its release too", .timeLimit(.minutes(5)))
    func lateRelease() async throws {
        let desk = try Desk()
        try desk.folder("snd")
        await desk.next(.sound)
        try desk.make("snd/pcmC0D0c")
        await desk.next(.sound)
        close(open(desk.root + "/snd/pcmC0D0c", O_RDONLY | O_CLOEXEC))
        await desk.next(.sound, isRelease: true)
    }

    @Test("watchers that end leave no descriptor behind", .timeLimit(.minutes(5)))
    func descriptors() async throws {
        func inotifyDescriptors() -> Int {
            let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
            return all.count { (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\($0)")) == "anon_inode:inotify" }
        }
        for _ in 0..<200 {
            _ = try Desk()
            // Other tests have some too, and a thread ends a moment after its watcher.
            while inotifyDescriptors() > 50 { await Task.yield() }
        }
    }

    @Test("where there is no such folder the watcher waits in vain, quietly", .timeLimit(.minutes(5)))
    func nowhere() throws {
        let watcher = try HotPlugWatcher(root: "/nonexistent/dev") { change in Issue.record("\(change)") }
        watcher.stop()
        watcher.stop()
    }
}
