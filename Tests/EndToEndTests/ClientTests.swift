import AuralClient
import AuralCore
import AuralWire
import Foundation
import Testing

extension EndToEnd {
    /// The Swift client, as other packages use it, against the real daemon.
    @Suite struct ClientTests {
        @Test("Frames come, every request is answered, and a refusal is thrown with its code", .timeLimit(.minutes(4)))
        func client() async throws {
            var settings = AuraldDaemon.Settings()
            settings.model = "engine = \"rehearsal\"\nrehearsal_ms = 1"
            settings.prompts = ""
            try await AuraldDaemon.with(settings) { daemon in
                let client = try await Client.connect(path: daemon.socket)
                var frames = client.frames.makeAsyncIterator()
                let first = try #require(try await frames.next())
                #expect(first.size == [480, 640])

                let box = BoxPrompt(left: 0.2, top: 0.2, right: 0.8, bottom: 0.8)
                let reply = try await client.addBox(box, to: ObjectID(4))
                let object = try #require(reply.object)
                #expect(try object.objectID == ObjectID(4) && object.area > 0 && object.mask().area == object.area)
                try await client.addPoints([PointPrompt(x: 0.5, y: 0.5, isPositive: true)], to: ObjectID(5))
                try await client.addMask(try object.mask(), to: ObjectID(6))
                let status = try await client.status()
                #expect(status.objects == [4, 5, 6] && status.hears == false)
                try await client.remove(ObjectID(5))
                await #expect { try await client.remove(ObjectID(5)) } throws: { ($0 as? ErrorRecord)?.code == .noSuchObject }
                await #expect { try await client.setExpression("a dog") } throws: { ($0 as? ErrorRecord)?.code == .unsupported }
                try await client.reset()
                #expect(try await client.status().objects == [])

                try await client.subscribe(to: [.frame, .picture], policy: .sample(every: 1))
                while try #require(try await frames.next()).sequence <= first.sequence {}
                await client.close()
            }
        }

        @Test("A daemon that goes ends the sequence with an error, and one that is not there refuses", .timeLimit(.minutes(5)))
        func gone() async throws {
            var settings = AuraldDaemon.Settings()
            settings.model = "engine = \"rehearsal\""
            let daemon = try await AuraldDaemon.start(settings)
            let client = try await Client.connect(path: daemon.socket)
            let reading = Task { for try await _ in client.records {} }
            _ = try await client.status()
            _ = await daemon.stop(SIGTERM)
            await #expect { try await reading.value } throws: { ($0 as? SocketError)?.code == .connectionClosed }
            await #expect { _ = try await client.status() } throws: { $0 is SocketError }
            await #expect { _ = try await Client.connect(path: daemon.socket) } throws: { ($0 as? SocketError)?.code == .unavailable }
            await client.close()
        }
    }
}
