import AuralCore
import AuralService
import Foundation
import Testing

@Suite struct NotifyTests {
    @Test(
        "each state is the text that sd_notify(3) asks for",
        arguments: [
            (NotifyState.ready, "READY=1"), (.stopping, "STOPPING=1"), (.watchdog, "WATCHDOG=1"),
            (.reloading(MonoTime(nanoseconds: 12_345_678)), "RELOADING=1\nMONOTONIC_USEC=12345"), (.status("all well"), "STATUS=all well"),
            (.extendTimeout(microseconds: 90_000_000), "EXTEND_TIMEOUT_USEC=90000000"), (.failure(errno: 2), "ERRNO=2"),
        ])
    func text(state: NotifyState, text: String) throws {
        let manager = try NotifyReceiver()
        #expect(ServiceNotifier(environment: manager.environment).send(state))
        #expect(manager.next() == text)
    }

    @Test("several states are one notification, and the manager may have an abstract address")
    func together() throws {
        let manager = try NotifyReceiver(isAbstract: true)
        let notifier = ServiceNotifier(environment: manager.environment)
        #expect(notifier.isSupervised)
        #expect(notifier.send(.ready, .status("streaming")))
        #expect(manager.next() == "READY=1\nSTATUS=streaming")
        #expect(manager.next() == nil)
        #expect(!notifier.send())
    }

    @Test("a status cannot become another assignment, nor too long for the manager")
    func injection() throws {
        let manager = try NotifyReceiver()
        let notifier = ServiceNotifier(environment: manager.environment)
        notifier.send(.status("file\nSTOPPING=1\r\u{0}\u{85}READY=1"))
        #expect(manager.next() == "STATUS=file STOPPING=1   READY=1")
        notifier.send(.status(String(repeating: "ä", count: 5000)))
        #expect(manager.next() == "STATUS=" + String(repeating: "ä", count: 1024))
    }

    @Test(
        "without a manager, or with an address that is none, nothing is sent and nothing fails",
        arguments: [
            [:], ["NOTIFY_SOCKET": ""], ["NOTIFY_SOCKET": "/"], ["NOTIFY_SOCKET": "@"], ["NOTIFY_SOCKET": "vsock:2:1"],
            ["NOTIFY_SOCKET": "relative"], ["NOTIFY_SOCKET": "/" + String(repeating: "x", count: 107)],
            ["NOTIFY_SOCKET": "@" + String(repeating: "x", count: 108)], ["NOTIFY_SOCKET": "/nonexistent/notify"],
        ])
    func nobody(environment: [String: String]) {
        #expect(!ServiceNotifier(environment: environment).send(.ready))
    }

    @Test("a manager that does not read holds nobody up", .timeLimit(.minutes(5)))
    func full() throws {
        let manager = try NotifyReceiver()
        let notifier = ServiceNotifier(environment: manager.environment)
        var sent = 0
        while notifier.send(.watchdog) { sent += 1 }
        #expect(sent > 0)
        #expect(manager.next() == "WATCHDOG=1")
        #expect(notifier.send(.ready), "there is room again")
    }

    @Test(
        "the watchdog's interval is the manager's, for this process only",
        arguments: [
            (["WATCHDOG_USEC": "15000000"], Int64?(15_000_000_000)), (["WATCHDOG_USEC": "15000000", "WATCHDOG_PID": "42"], 15_000_000_000),
            (["WATCHDOG_USEC": "15000000", "WATCHDOG_PID": "43"], nil), (["WATCHDOG_USEC": "15000000", "WATCHDOG_PID": ""], nil),
            (["WATCHDOG_USEC": "0"], nil), (["WATCHDOG_USEC": "-1"], nil), (["WATCHDOG_USEC": "many"], nil), ([:], nil),
            (["WATCHDOG_USEC": "9223372036854775807"], .max),
        ] as [([String: String], Int64?)])
    func interval(environment: [String: String], nanoseconds: Int64?) {
        #expect(WatchdogInterval.nanoseconds(environment: environment, process: 42) == nanoseconds)
    }

    @Test(
        "the boot's name comes from the kernel, or from the manager where that is hidden",
        arguments: [
            (["BOOT_ID": "0123456789ABCDEF0123456789abcdef"], "01234567-89ab-cdef-0123-456789abcdef"),
            (["BOOT_ID": "01234567-89ab-cdef-0123-456789abcdef"], "01234567-89ab-cdef-0123-456789abcdef"), (["BOOT_ID": "short"], "unknown"),
            (["BOOT_ID": "0123456789abcdef0123456789abcdeg"], "unknown"), ([:], "unknown"),
        ])
    func boot(environment: [String: String], expected: String) throws {
        #expect(BootIdentifier.read(environment: environment, path: "/nonexistent") == expected)
        let kernels = try String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(BootIdentifier.read(environment: environment) == kernels)
    }
}
