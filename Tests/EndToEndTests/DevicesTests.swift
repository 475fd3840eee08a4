import Foundation
import Testing

extension EndToEnd {
    @Suite struct DevicesTests {
        /// Machines differ in what they have: what must hold is that output and exit status agree.
        @Test("devices lists what there is, or ends with 69 and says what was looked for", .timeLimit(.minutes(4)))
        func devices() async throws {
            let json = try await AuraldProcess.run(["devices", "--json"])
            let document = try #require(try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
            #expect(Set(document.keys) == ["cameras", "microphones", "notes", "configuration"])
            let cameras = try #require(document["cameras"] as? [[String: Any]])
            let microphones = try #require(document["microphones"] as? [[String: Any]])
            let notes = try #require(document["notes"] as? [String])
            #expect(json.status == (cameras.isEmpty && microphones.isEmpty ? 69 : 0))
            #expect(notes.count == (cameras.isEmpty ? 1 : 0) + (microphones.isEmpty ? 1 : 0))
            #expect(json.errors == "")
            for device in cameras + microphones { #expect((device["device"] as? String)?.isEmpty == false) }

            let text = try await AuraldProcess.run(["devices"])
            #expect(text.status == json.status && text.errors == "")
            for note in notes { #expect(text.lines.contains(note)) }
            for device in cameras + microphones { #expect(text.output.contains(device["device"] as? String ?? "?")) }
        }
    }
}
