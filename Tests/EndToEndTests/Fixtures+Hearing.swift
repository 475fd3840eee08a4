import AuralCore
import AuralInference
import AuralNetworks
import AuralTesting
import AuralWire
import Foundation

extension Fixtures {
    /// A model bundle with a fuser, small enough for tests that take no time; its weights are such that something is always there.
    static func hearing(_ variant: FuserVariant, text: Bool = false) throws -> String {
        try TestBundle.hearing(
            TestBundle.smallRecipe, imageSize: 256, fuser: TestBundle.smallFuser(variant, text: text), objectScoreShift: 4
        ).directory
    }

    /// The same for a fuser that takes words, with a small text encoder and the golden tokenizer.
    static func words() throws -> String {
        let golden = root.appending(path: "Tests/Golden/text")
        let source = BundleManifest.Source(file: "synthetic", sha256: "")
        let fuser = TestBundle.smallFuser(text: true)
        var encoder = TextEncoderRecipe.distilroberta
        (encoder.layers, encoder.width, encoder.hidden, encoder.heads) = (2, fuser.text?.features ?? 0, 96, 2)
        (encoder.vocabulary, encoder.positions) = (1500, 40)
        let parts = try ModelParts(
            TestBundle.smallRecipe, imageSize: 256, weights: SyntheticWeights(objectScoreShift: 4),
            fuser: ModelParts.Fuser(fuser, weights: SyntheticWeights(), source: source),
            text: ModelParts.Text(
                encoder, weights: SyntheticWeights(), vocabularyPath: golden.appending(path: "vocab.json").path,
                mergesPath: golden.appending(path: "merges.txt").path, source: source))
        let path = Self.path("words")
        try BundleWriter(parts).write(to: path, source: source, isTrained: false)
        return path
    }
}

extension FrameRecord {
    /// What sounds on this frame.
    var sounding: FrameObject? { objects.first { $0.objectID == .sounding } }
}

extension SocketPeer {
    /// The next frame of which something is true.
    func frame(where condition: (FrameRecord) -> Bool) async throws -> FrameRecord {
        while true {
            let frame = try await frame()
            if condition(frame) { return frame }
        }
    }

    /// What is found on the frame of a pass of `clip` that is heard first, later than the frame of this number. It has no memory: the frame before
    /// it was silent.
    func firstFound(in clip: SoundClip, after sequence: UInt64 = 0) async throws -> FrameObject {
        var wasSilent = false
        while true {
            let frame = try await frame()
            if wasSilent, frame.sequence > sequence, Int(frame.sequence) % clip.frames == clip.beep.lowerBound + 1, let found = frame.sounding {
                return found
            }
            wasSilent = frame.audio?.isSounding == false
        }
    }

    /// All frames and instances of a clip that is played once, until all have been taken or dropped. Afterwards nothing runs any more.
    func played(_ count: Int) async throws -> (frames: [FrameRecord], instances: [InstanceRecord]) {
        var (frames, instances): ([FrameRecord], [InstanceRecord]) = ([], [])
        while let record = try await next() {
            switch record {
            case .frame(let frame): frames.append(frame)
            case .instance(let instance): instances.append(instance)
            case .source(let source) where source.state == .ended: try send(#"{"verb":"status"}"#)
            case .reply(let reply):
                guard let status = reply.status else { continue }
                if status.frames + status.framesDropped == UInt64(count) { return (frames, instances) }
                try send(#"{"verb":"status"}"#)
            default: break
            }
        }
        throw AuraldDaemon.NotReady(description: "the daemon has closed the connection")
    }
}
