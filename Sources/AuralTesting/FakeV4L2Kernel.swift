import AuralCapture
import AuralCore
import CV4L2
import Glibc
import Synchronization

/// A kernel with cameras that do as they are told, on a clock that is turned by hand: silent adjustments, damaged and lost frames, calls that
/// fail, streams that die, cables that are pulled. Keeps account of what is open, mapped and not given back.
///
/// Descriptors are real ends of pipes with a byte for each frame that is ready, so that poll(2) works on them too; an unplugged device's pipe is
/// closed at its other end. It is its own clock and its own locator, by the nodes' paths.
package final class FakeV4L2Kernel: V4L2Kernel, TimeSource, DeviceLocator {
    // SAFETY: the raw memory of the buffers is reached through the mutex; readers have it between dequeuing and queuing, as with a real driver.
    struct State: @unchecked Sendable {
        var now: MonoTime
        var devices: [String: FakeV4L2Device] = [:]
        var handles: [Int32: FakeV4L2Handle] = [:]
        var faults: [FakeV4L2Fault] = []
        var calls: [UInt: Int] = [:]
        var openings: [(path: String, isConverting: Bool)] = []
        var controls: [UInt32: Int32] = [:]
        var misuses: [String] = []
        /// Memory of closed descriptors that is still mapped.
        var orphans: [UnsafeMutableRawBufferPointer] = []
    }

    let state: Mutex<State>

    /// A kernel without devices, at a time.
    package init(startingAt now: MonoTime = MonoTime(nanoseconds: 100_000_000_000_000)) {
        state = Mutex(State(now: now))
    }

    deinit {
        state.withLock { state in
            for (descriptor, handle) in state.handles {
                for buffer in handle.buffers { buffer.memory.deallocate() }
                _ = Glibc.close(descriptor)
                if handle.signal >= 0 { _ = Glibc.close(handle.signal) }
            }
            for memory in state.orphans { memory.deallocate() }
        }
    }

    package func now() -> MonoTime { state.withLock(\.now) }

    package func locate(_ name: String) throws(DeviceError) -> LocatedDevice {
        guard state.withLock({ $0.devices[name] != nil }) else {
            throw DeviceError(.absent, device: name, "there is no such device now")
        }
        return LocatedDevice(path: name, label: "Fake camera")
    }

    package func explain(_ error: DeviceError, _ device: LocatedDevice) -> DeviceError {
        guard error.code == .busy else { return error }
        return DeviceError(error.code, device: error.device, error.message + " (pid 1234, fake)")
    }

    package func open(_ path: String, converting: Bool) throws(KernelError) -> Int32 {
        let result: Result<Int32, KernelError> = state.withLock { state in
            guard let device = state.devices[path] else { return .failure(KernelError(ENOENT)) }
            if let number = state.fault(Self.openRequest) { return .failure(KernelError(number)) }
            if device.access == .denied { return .failure(KernelError(EACCES)) }
            var ends: [Int32] = [-1, -1]
            guard pipe(&ends) == 0 else { return .failure(KernelError(errno)) }
            for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
            state.openings.append((path, converting))
            state.handles[ends[0]] = FakeV4L2Handle(path: path, isConverting: converting, signal: ends[1])
            return .success(ends[0])
        }
        return try result.get()
    }

    package func close(_ descriptor: Int32) {
        state.withLock { state in
            guard let handle = state.handles.removeValue(forKey: descriptor) else {
                state.misuses.append("close of \(descriptor), which is not open")
                return
            }
            for buffer in handle.buffers {
                if buffer.isMapped {
                    state.orphans.append(buffer.memory)
                } else {
                    buffer.memory.deallocate()
                }
            }
            _ = Glibc.close(descriptor)
            if handle.signal >= 0 { _ = Glibc.close(handle.signal) }
        }
    }

    package func map(_ descriptor: Int32, length: Int, offset: Int) throws(KernelError) -> UnsafeMutableRawBufferPointer {
        let result: Result<Int, KernelError> = state.withLock { state in
            if let number = state.fault(Self.mapRequest) { return .failure(KernelError(number)) }
            let index = offset / Self.offsetStep
            guard let handle = state.handles[descriptor], index < handle.buffers.count, handle.buffers[index].memory.count == length else {
                return .failure(KernelError(EINVAL))
            }
            state.handles[descriptor]?.buffers[index].isMapped = true
            return .success(Int(bitPattern: handle.buffers[index].memory.baseAddress))
        }
        return UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: try result.get()), count: length)
    }

    package func unmap(_ memory: UnsafeMutableRawBufferPointer) {
        let address = Int(bitPattern: memory.baseAddress)
        state.withLock { state in
            if let index = state.orphans.firstIndex(where: { Int(bitPattern: $0.baseAddress) == address }) {
                state.orphans.remove(at: index).deallocate()
                return
            }
            for (descriptor, handle) in state.handles {
                for (index, buffer) in handle.buffers.enumerated() where buffer.isMapped && Int(bitPattern: buffer.memory.baseAddress) == address {
                    state.handles[descriptor]?.buffers[index].isMapped = false
                    return
                }
            }
            state.misuses.append("munmap of what is not mapped")
        }
    }

    package func ioctl(_ descriptor: Int32, _ request: UInt, _ argument: UnsafeMutableRawPointer) -> Int32 {
        state.withLock { state in
            state.calls[request, default: 0] += 1
            guard var handle = state.handles[descriptor] else {
                state.misuses.append("ioctl on \(descriptor), which is not open")
                return EBADF
            }
            if handle.isGone { return ENODEV }
            guard var device = state.devices[handle.path] else { return ENODEV }
            if let number = state.fault(request) { return number }
            if request == cv4l2_s_ctrl {
                let control = argument.load(as: v4l2_control.self)
                state.controls[control.id] = control.value
                return 0
            }
            let number = handle.answer(request, argument, &device, at: state.now, &state.misuses)
            state.handles[descriptor] = handle
            if request == cv4l2_dqbuf, number == 0 {
                var byte: UInt8 = 0
                _ = Glibc.read(descriptor, &byte, 1)
            }
            return number
        }
    }

    /// Stands for open(2) among the requests that can fail.
    package static let openRequest: UInt = 1
    /// Stands for mmap(2) among the requests that can fail.
    package static let mapRequest: UInt = 2
    /// Buffer n is mapped at n times this offset.
    static let offsetStep = 1 << 24
}
