import AuralCore
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    @Suite struct SocketTests {
        @Test("Whatever a client writes, it gets an error record and may go on", .timeLimit(.minutes(4)))
        func wrongRequests() async throws {
            let requests: [(String, ErrorRecord.Code, String)] = [
                ("garbage", .badRequest, "JSON"),
                ("{\"verb\":", .badRequest, "JSON"),
                ("\u{0}\u{1}\u{FFFD}", .badRequest, "JSON"),
                ("[1,2,3]", .badRequest, "must be an object"),
                (String(repeating: "[", count: 10_000), .badRequest, "nested"),
                (String(repeating: "x", count: 2 << 20), .badRequest, "longer than 1048576 bytes"),
                (#"{"id":1,"verb":"fly"}"#, .unknownVerb, "fly"),
                (#"{"id":1}"#, .badRequest, "verb is missing"),
                (#"{"id":1,"verb":"add_points","object_id":1,"points":[[1.5,0.5]],"labels":[1]}"#, .badRequest, "points[0]"),
                (#"{"id":1,"verb":"add_box","object_id":1,"box":[0.1,0.1,1.5,0.5]}"#, .badRequest, "box"),
                (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0.5,0.5]],"labels":[1],"colour":"red"}"#, .badRequest, "colour"),
                (#"{"id":1,"verb":"add_mask","object_id":1,"mask":{"size":[480,640],"counts":"0"}}"#, .badRequest, "mask"),
                (#"{"id":1,"verb":"add_points","object_id":1,"seq":99999999,"points":[[0.5,0.5]],"labels":[1]}"#, .frameExpired, "99999999"),
                (#"{"id":1,"verb":"remove_object","object_id":99}"#, .noSuchObject, "99"),
            ]
            try await AuraldDaemon.with { daemon in
                let peer = try SocketPeer(daemon.socket)
                try peer.send(#"{"verb":"subscribe","want":[]}"#)
                _ = try await peer.reply()
                for (line, code, word) in requests {
                    try peer.send(line)
                    let error = try await peer.error()
                    #expect(error.code == code, "\(line.prefix(80)): \(error)")
                    #expect(error.message.contains(word), "\(line.prefix(80)): \(error)")
                    #expect(error.id == (line.hasPrefix("{\"id\":1") ? 1 : nil), "\(line.prefix(80)): \(error)")
                }
                try peer.send(#"{"id":2,"verb":"status"}"#)
                let reply = try await peer.reply()
                #expect(reply.id == 2 && reply.status?.objects == [1])
            }
        }

        @Test("Requests may come in pieces and in one packet, and are answered in order", .timeLimit(.minutes(4)))
        func pieces() async throws {
            try await AuraldDaemon.with { daemon in
                let peer = try SocketPeer(daemon.socket)
                try peer.send(Array("{\"id\":1,\"ve".utf8))
                _ = try await peer.frame()
                try peer.send(
                    Array("rb\":\"status\"}\n{\"id\":2,\"verb\":\"remove_object\",\"object_id\":1}\r\n{\"id\":3,\"verb\":\"status\"}\n".utf8))
                #expect(try await peer.reply().status?.objects == [1])
                #expect(try await peer.reply().id == 2)
                let last = try await peer.reply()
                #expect(last.id == 3 && last.status?.objects == [])
            }
        }

        @Test("A mask prompt through the socket is taken at its word", .timeLimit(.minutes(4)))
        func maskPrompt() async throws {
            try await AuraldDaemon.with { daemon in
                let peer = try SocketPeer(daemon.socket)
                // The right half of the frame.
                let mask = try RunLengthMask(height: 1, width: 2, counts: [1, 1])
                try peer.send(#"{"id":1,"verb":"add_mask","object_id":9,"mask":{"size":[1,2],"counts":"\#(mask.string)"}}"#)
                let object = try #require(try await peer.reply().object)
                #expect(object.objectID.rawValue == 9 && object.iou == 1)
                #expect(abs(object.area - 480 * 320) < 480 * 8 && object.boundingBox.x > 300)
            }
        }

        @Test("A client that does not read loses frames and is told so; one that reads gets them all", .timeLimit(.minutes(4)))
        func slowReader() async throws {
            // Eight objects make records of some 80 kB, of which the kernel and the daemon together hold only a few.
            let prompts = (1...8).map { "[[prompt]]\nobject_id = \($0)\npoints = [[0.\($0), 0.5]]\nlabels = [1]\n" }.joined()
            try await AuraldDaemon.with(.init(rate: 200, socket: "client_bytes = 4096", prompts: prompts)) { daemon in
                let slow = try SocketPeer(daemon.socket)
                let reader = try SocketPeer(daemon.socket)
                var seen: [UInt64] = []
                var bytes = 0
                // More than a socket's buffer, the window and the queue can take together.
                while bytes < 900_000 {
                    let frame = try await reader.frame()
                    seen.append(frame.sequence)
                    bytes += frame.encoded().count
                }
                let (slowSeen, dropped) = try await slow.dropped()
                #expect(dropped.reason == .slowReader && dropped.count > 0 && dropped.from <= dropped.to)
                // After the notice it goes on with the newest, in order.
                let next = try await slow.frame().sequence
                #expect(dropped.to < next)
                #expect(try #require(slowSeen.last) < dropped.from)
                #expect(slowSeen == Array(seen.prefix(slowSeen.count)))
                #expect(zip(seen, seen.dropFirst()).allSatisfy { $0 < $1 })
                // The reader missed nothing of what the daemon made; what the source dropped is another thing.
                while try #require(seen.last) < next { seen.append(try await reader.frame().sequence) }
                #expect(seen.contains(dropped.from) && seen.contains(dropped.to))
                #expect(seen.count { (dropped.from...dropped.to).contains($0) } == dropped.count)
                #expect(try await daemon.status().framesDropped > 0)
            }
        }

        @Test("A client with the policy disconnect is disconnected instead", .timeLimit(.minutes(4)))
        func disconnect() async throws {
            let prompts = (1...8).map { "[[prompt]]\nobject_id = \($0)\npoints = [[0.\($0), 0.5]]\nlabels = [1]\n" }.joined()
            try await AuraldDaemon.with(.init(rate: 200, socket: "client_bytes = 4096", prompts: prompts)) { daemon in
                let slow = try SocketPeer(daemon.socket)
                try slow.send(#"{"verb":"hello","policy":"disconnect"}"#)
                let reader = try SocketPeer(daemon.socket)
                var bytes = 0
                while bytes < 900_000 { bytes += try await reader.frame().encoded().count }
                var hasFrames = false
                while let record = try? await slow.next() {
                    if case .frame = record { hasFrames = true }
                    if case .dropped = record { Issue.record("a client with this policy misses nothing") }
                }
                #expect(hasFrames)
                #expect(try await daemon.status().clients == 2)
            }
        }

        @Test("A record larger than client_bytes is no reason to disconnect a client that reads", .timeLimit(.minutes(4)))
        func largeRecords() async throws {
            try await AuraldDaemon.with(.init(rate: 200, socket: "client_bytes = 4096")) { daemon in
                // A chequered mask has many runs, so that the reply with it is long.
                let pixels = (0..<4096).map { (place: Int) -> UInt8 in (place / 4 + place / 256) % 2 == 0 ? 0 : 1 }
                let mask = try RunLengthMask(try #require(BinaryMask(width: 64, height: 64, pixels: pixels)))
                let peer = try SocketPeer(daemon.socket)
                try peer.send(#"{"id":1,"verb":"add_mask","object_id":2,"mask":{"size":[64,64],"counts":"\#(mask.string)"}}"#)
                #expect(try await peer.reply().encoded().count > 4096)
                let outcome = try await daemon.command("watch", "--policy", "disconnect", "--count", "3")
                #expect(outcome.status == 0, "\(outcome.errors)")
            }
        }

        @Test("More clients than there are places are turned away", .timeLimit(.minutes(4)))
        func places() async throws {
            try await AuraldDaemon.with(.init(socket: "max_clients = 1")) { daemon in
                let first = try SocketPeer(daemon.socket)
                _ = try await first.frame()
                let second = try SocketPeer(daemon.socket)
                #expect(try await second.error().code == .busy)
                #expect(try await second.next() == nil)
                _ = try await first.frame()
            }
        }
    }
}
