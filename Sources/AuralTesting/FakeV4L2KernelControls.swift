import AuralCapture
import AuralCore
import CV4L2
import Glibc
import Synchronization

/// What a test does to the cameras, and what it wants to know.
extension FakeV4L2Kernel {
    /// What has not been given back.
    package struct Leaks: Sendable, Equatable {
        /// Descriptors that are open.
        package var descriptors = 0
        /// Buffers that are mapped.
        package var mappings = 0
        /// Buffers that were dequeued and not queued again, of streams that run.
        package var buffers = 0
        /// Calls that no program should make.
        package var misuses: [String] = []

        /// None.
        package init() {}

        /// Leaks of so many descriptors and mappings.
        package init(descriptors: Int, mappings: Int) {
            self.descriptors = descriptors
            self.mappings = mappings
        }
    }

    /// Plugs a camera in.
    package func plug(_ device: FakeV4L2Device, at path: String) {
        state.withLock { $0.devices[path] = device }
    }

    /// Pulls its cable: the node vanishes, and what is open of it is good for nothing any more.
    package func unplug(_ path: String) {
        state.withLock { state in
            state.devices[path] = nil
            for (descriptor, handle) in state.handles where handle.path == path {
                if handle.signal >= 0 { _ = Glibc.close(handle.signal) }
                state.handles[descriptor]?.signal = -1
                state.handles[descriptor]?.isGone = true
                state.handles[descriptor]?.isStreaming = false
            }
        }
    }

    /// Changes a camera that is plugged in.
    package func change(_ path: String, _ body: (inout FakeV4L2Device) -> Void) {
        state.withLock { state in
            guard var device = state.devices[path] else { return }
            body(&device)
            state.devices[path] = device
        }
    }

    /// Breaks what streams from it now: POLLERR, and EIO until it is opened again.
    package func kill(_ path: String) {
        state.withLock { state in
            for (descriptor, handle) in state.handles where handle.path == path { state.handles[descriptor]?.isDead = true }
        }
    }

    /// Lets calls of a request fail.
    package func fail(_ request: UInt, with number: Int32, after: Int = 0, times: Int = 1) {
        state.withLock { $0.faults.append(FakeV4L2Fault(request: request, number: number, after: after, times: max(1, times))) }
    }

    /// No call fails any more.
    package func forgetFaults() { state.withLock { $0.faults = [] } }

    /// How often a request was made.
    package func count(of request: UInt) -> Int { state.withLock { $0.calls[request] ?? 0 } }

    /// The openings that succeeded: for each, whether conversion was asked for.
    package var openings: [Bool] { state.withLock { $0.openings.map(\.isConverting) } }

    /// Controls that were set, by their ids.
    package var controls: [UInt32: Int32] { state.withLock(\.controls) }

    /// What has not been given back.
    package var leaks: Leaks {
        state.withLock { state in
            var leaks = Leaks()
            leaks.descriptors = state.handles.count
            leaks.mappings = state.orphans.count + state.handles.values.reduce(0) { $0 + $1.buffers.count(where: \.isMapped) }
            leaks.buffers = state.handles.values.reduce(0) { $0 + ($1.isStreaming ? $1.buffers.count(where: \.isDequeued) : 0) }
            leaks.misuses = state.misuses
            return leaks
        }
    }

    /// Turns the clock and makes the frames that are due on the way.
    package func advance(to time: MonoTime) {
        while true {
            let isDone = state.withLock { state in
                let due = state.handles.filter { $0.value.isStreaming && $0.value.next <= time }.min { $0.value.next < $1.value.next }
                guard let due, var device = state.devices[due.value.path] else {
                    state.now = max(state.now, time)
                    return true
                }
                var handle = due.value
                state.now = max(state.now, handle.next)
                handle.produce(&device, at: state.now)
                handle.next = handle.next.advanced(byNanoseconds: handle.period)
                state.handles[due.key] = handle
                state.devices[due.value.path] = device
                return false
            }
            if isDone { return }
        }
    }

    /// When the next frame is due; nil where nothing streams.
    package var nextFrame: MonoTime? { state.withLock { $0.handles.values.filter(\.isStreaming).map(\.next).min() } }

    /// poll(2) without waiting, by the state of the cameras instead of the pipes: those cannot report POLLERR.
    package func poll(_ descriptors: inout [pollfd]) {
        state.withLock { state in
            for index in descriptors.indices {
                guard let handle = state.handles[descriptors[index].fd] else {
                    descriptors[index].revents = Int16(POLLNVAL)
                    continue
                }
                var ready: Int32 = 0
                if handle.isGone { ready |= Int32(POLLERR | POLLHUP) }
                if handle.isDead { ready |= Int32(POLLERR) }
                if !handle.done.isEmpty { ready |= Int32(POLLIN) }
                descriptors[index].revents = Int16(ready)
            }
        }
    }
}
