import AuralWire
import Foundation
import Glibc
import Testing

extension EndToEnd {
    @Suite struct ReloadTests {
        @Test("SIGHUP takes over what can change, in the manager's order, and names what cannot", .timeLimit(.minutes(4)))
        func live() async throws {
            try await LiveDaemon.with(log: "error") { daemon in
                let peer = try SocketPeer(daemon.socket)
                while try await !peer.source().isAbsentCamera("usb:ffff:fffe") {}
                try daemon.configure(LiveDaemon.live.replacing("fffe", with: "fffd")) {
                    $0.replacing("level = \"error\"", with: "level = \"info\"").replacing("[metrics]", with: "max_clients = 1\n[metrics]")
                        .replacing("rehearsal_ms = 1", with: "rehearsal_ms = 2\nthreads = 3")
                }
                let notifications = try daemon.reload()
                #expect(notifications.count == 2 && notifications.first?.contains(/RELOADING=1\nMONOTONIC_USEC=\d+/) == true, "\(notifications)")
                let line = try #require(await daemon.process.errors.next(containing: "reloaded, but some keys need a restart"))
                #expect(line.contains("changed=\"camera.device socket.max_clients log.level\""), "\(line)")
                #expect(line.contains("needs_restart=\"model.rehearsal_ms model.threads\""), "\(line)")
                while try await !peer.source().isAbsentCamera("usb:ffff:fffd") {}
                #expect(try await SocketPeer(daemon.socket).error().code == .busy)
                #expect(await daemon.process.errors.next(containing: "client turned away") != nil)
                #expect(try await daemon.value(#"aurald_reloads_total{result="needs_restart"}"#) == 1)

                let off = LiveDaemon.live.replacing("usb:ffff:fffe", with: "none")
                try daemon.configure(off)
                #expect(try daemon.reload().count == 2)
                while true {
                    let record = try await peer.source()
                    if record.source == "camera", record.state == .ended {
                        #expect(record.detail == "switched off: device = \"none\"")
                        break
                    }
                }
                try daemon.configure(LiveDaemon.live)
                #expect(try daemon.reload().count == 2)
                while try await !peer.source().isAbsentCamera("usb:ffff:fffe") {}
                // All places are as before.
                let second = try SocketPeer(daemon.socket)
                _ = try await second.source()
            }
        }

        @Test("A file that is wrong changes nothing, and the log says where", .timeLimit(.minutes(4)))
        func broken() async throws {
            try await LiveDaemon.with { daemon in
                let peer = try SocketPeer(daemon.socket)
                try daemon.configure(LiveDaemon.live + "\n[camera.x]\n") { $0.replacing("[metrics]", with: "max_clients = 1\n[metrics]") }
                let notifications = try daemon.reload()
                #expect(notifications.count == 2 && notifications.first?.hasPrefix("RELOADING=1\n") == true)
                let line = try #require(await daemon.process.errors.next(containing: "reload rejected, nothing has changed"))
                #expect(line.contains(daemon.file) && line.contains(" error "), "\(line)")
                _ = try await peer.source()
                _ = try await SocketPeer(daemon.socket).source()
                #expect(try await daemon.value(#"aurald_reloads_total{result="rejected"}"#) == 1)
                try daemon.configure(LiveDaemon.live)
                _ = try daemon.reload()
                #expect(try await daemon.value(#"aurald_reloads_total{result="applied"}"#) == 1)
            }
        }

        @Test("Masks change their size with the next frame, and the rest goes on", .timeLimit(.minutes(4)))
        func maskSize() async throws {
            let source = LiveDaemon.clip + "\n[[prompt]]\nobject_id = 1\nbox = [0.3, 0.2, 0.7, 0.8]\n"
            try await LiveDaemon.with(source) { daemon in
                let peer = try SocketPeer(daemon.socket)
                let before = try await peer.frame(with: [1])
                #expect(before.size == [480, 640] && before.objects.first?.size == [480, 640])
                try daemon.configure(source) { $0.replacing("[metrics]", with: "mask_size = \"native\"\n[metrics]") }
                _ = try daemon.reload()
                while true {
                    let frame = try await peer.frame(with: [1])
                    #expect(frame.size == [480, 640])
                    if frame.objects.first?.size == [64, 64] { break }
                    #expect(frame.objects.first?.size == [480, 640])
                }
            }
        }

        @Test("What counts as heard changes with the next frame", .timeLimit(.minutes(4)))
        func hearing() async throws {
            let source = LiveDaemon.clip + "\naudio = \"\(try Fixtures.sine(seconds: 1))\"\n[hearing]\nopen_dbfs = "
            // The sine has −9 dBFS.
            try await LiveDaemon.with(source + "0\n") { daemon in
                let peer = try SocketPeer(daemon.socket)
                for _ in 0..<15 { #expect(try await peer.frame().audio?.isSounding == false) }
                try daemon.configure(source + "-20\n")
                _ = try daemon.reload()
                while try await peer.frame().audio?.isSounding == false {}
            }
        }

        @Test("A SIGHUP that comes while the daemon starts waits for its turn", .timeLimit(.minutes(4)))
        func early() async throws {
            let daemon = try await LiveDaemon()
            while try !daemon.notification().contains("STATUS=loading") {}
            daemon.process.signal(SIGHUP)
            var seen: [String] = []
            while seen.filter({ $0.hasPrefix("READY=1") }).count < 2 { seen.append(try daemon.notification()) }
            let order = seen.compactMap { $0.firstMatch(of: /READY=1|RELOADING=1/).map { String($0.output) } }
            #expect(order.contains("RELOADING=1") && order.last == "READY=1", "\(order)")
            #expect(await daemon.process.errors.next(containing: "reloaded") != nil)
            await daemon.stop()
        }
    }
}

extension SourceRecord {
    /// Whether it tells the camera's absence under this name.
    fileprivate func isAbsentCamera(_ device: String) -> Bool { source == "camera" && state == .absent && detail?.contains(device) == true }
}
