import AuralCore
import AuralWire
import Foundation

/// A record as one line for people.
struct RecordText {
    /// The line, with its line feed.
    let text: String

    /// Puts a record into words.
    init(_ record: ServerRecord) {
        switch record {
        case .hello(let hello):
            text = "connected to aurald \(hello.version), source \(hello.source)\n"
        case .frame(let frame):
            let objects = frame.objects.map(Self.object).joined(separator: "  ")
            let sound = frame.audio.map { String(format: "  %6.1f dBFS", $0.rmsDBFS) + ($0.isSounding ? " sounding" : "") } ?? ""
            text =
                String(format: "frame %6llu  %7.1f ms", frame.sequence, frame.latencyMilliseconds) + sound + "  "
                + (objects.isEmpty ? "no objects" : objects)
                + "\n"
        case .dropped(let dropped):
            let instances = dropped.instances.map { " and \($0) instance records" } ?? ""
            let parts = dropped.parts.map { " and \($0) pictures or pieces of sound" } ?? ""
            text = "dropped \(dropped.count) frames\(instances)\(parts) (\(dropped.from) to \(dropped.to)): \(dropped.reason.rawValue)\n"
        case .instance(let instance):
            text = Self.instance(instance) + "\n"
        case .picture(let picture):
            text = "picture of frame \(picture.sequence): \(picture.data.count) bytes of \(picture.format)\n"
        case .sound(let sound):
            let seconds = Double(sound.data.count / 2 / max(1, sound.channels)) / Double(max(1, sound.rate))
            text = String(format: "sound from sample %lld: %.3f s\n", sound.first, seconds)
        case .request(let record):
            text = "\(record.request.verb.rawValue)\(record.sequence.map { " on frame \($0)" } ?? "")\n"
        case .spectrogram(let spectrogram):
            text = "spectrogram of frame \(spectrogram.sequence): \(spectrogram.columns) columns of \(spectrogram.bands) bands\n"
        case .source(let source):
            text = "source \(source.source) is \(source.state.rawValue)\(source.detail.map { ": \($0)" } ?? "")\n"
        case .error(let error):
            text = "error \(error.code.rawValue): \(error.message)\n"
        case .reply(let reply):
            text = "reply to \(reply.verb)\(reply.object.map { ": " + Self.object($0) } ?? "")\n"
        case .unknown(let type):
            text = "a record of type \(type), which this version does not know\n"
        }
    }

    private static func object(_ object: FrameObject) -> String {
        let name = object.kind == .sounding ? "sounding" : "#\(object.objectID)"
        return String(format: "\(name) score %.2f iou %.2f ", object.score, object.iou) + place(object.area, object.boundingBox)
    }

    private static func instance(_ instance: InstanceRecord) -> String {
        let name = "instance \(instance.number) "
        let place = instance.shape.map { Self.place($0.area, $0.boundingBox) } ?? ""
        return switch instance.event {
        case .begin: name + "begins: " + place
        case .update: name + "goes on: " + place
        case .end: name + "ends: \(instance.reason?.rawValue ?? "no reason given")"
        }
    }

    private static func place(_ area: Int, _ box: PixelRectangle) -> String {
        "area \(area) box \(box.x),\(box.y) \(box.width)x\(box.height)"
    }
}
