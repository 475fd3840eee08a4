import AuralCapture
import AuralClient
import AuralCore
import AuralRecording
import AuralWire
import Foundation

/// One frame of a running daemon.
package enum Snapshot {
    /// The next frame with its picture, and what the sources were told to be meanwhile.
    ///
    /// - Parameters:
    ///   - path: the daemon's socket.
    ///   - seconds: how long to wait for a frame.
    /// - Throws: `SocketError` where there is no daemon, or `unavailable` with the sources' states where no frame comes in time.
    package static func take(from path: String, within seconds: Double) async throws -> FramePairing.Pair {
        let client = try await Client.connect(path: path)
        try await client.subscribe(to: [.frame, .picture, .source])
        let states = SourceNotes()
        let pair = try await withThrowingTaskGroup(of: FramePairing.Pair?.self) { group in
            group.addTask {
                var pairing = FramePairing()
                for try await record in client.records {
                    if case .source(let source) = record { states.note(source) }
                    if let pair = pairing.take(record) { return pair }
                }
                return nil
            }
            group.addTask {
                try await Task.sleep(for: .seconds(seconds))
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        await client.close()
        guard let pair else { throw SocketError(.unavailable, "no frame came within \(seconds.formatted()) s\(states.text)") }
        return pair
    }

    /// The picture's pixels, with the masks of all objects drawn in where `showsMasks`. Throws where picture or masks are damaged.
    package static func image(of pair: FramePairing.Pair, showsMasks: Bool) throws -> RGBImage {
        let decoder = try JPEGDecoder()
        let image = try pair.picture.data.withUnsafeBytes { try decoder.decode($0, name: "picture", pool: ImagePool()) }
        if showsMasks { for object in pair.frame.objects { try MaskOverlay.draw(object, into: image) } }
        return image
    }
}
