import Dispatch
import Glibc

/// Waits until a descriptor can be read. On one of Dispatch's own threads: there are as few threads for tasks as cores, and two tests that block
/// them would keep what they wait for from running.
func readable(_ descriptor: Int32) async {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            while poll(&polled, 1, -1) < 0, errno == EINTR {}
            continuation.resume()
        }
    }
}
