import AuralCore
import AuralWire
import Foundation

/// `images/000001.jpg` and so on, and `annotations.json`, which pycocotools loads.
struct COCOExport: ExportSink {
    private struct Image: Encodable {
        var id: Int
        var file_name: String
        var width: Int
        var height: Int
        /// Ours: the frame's number and time.
        var seq: UInt64
        var t_ns: Int64
    }

    private struct Segmentation: Encodable {
        var size: [Int]
        var counts: String
    }

    private struct Annotation: Encodable {
        var id: Int
        var image_id: Int
        var category_id: Int
        var segmentation: Segmentation
        var area: Int
        var bbox: [Int]
        var iscrowd = 0
        /// As in data sets of tracks: the same for an object on all pictures.
        var track_id: Int
        var score: Double
    }

    private struct Category: Encodable {
        var id: Int
        var name: String
    }

    private struct File: Encodable {
        var info = ["description": "recorded by aurald"]
        var images: [Image]
        var annotations: [Annotation]
        var categories = [Category(id: 1, name: "sounding"), Category(id: 2, name: "prompted")]
    }

    private let target: ExportTarget
    private var images: [Image] = []
    private var annotations: [Annotation] = []

    init(path: String) throws(RecordingError) {
        target = try ExportTarget(path: path)
        try target.makeFolder("images")
    }

    mutating func add(_ frame: FrameRecord, _ picture: Data) throws {
        guard frame.size.count == 2 else { throw RecordingError(.damaged, path: "frame \(frame.sequence)", "has no size") }
        let id = images.count + 1
        let name = String(format: "%06d.jpg", id)
        try target.write(picture, to: "images/\(name)")
        images.append(
            Image(
                id: id, file_name: "images/\(name)", width: frame.size[1], height: frame.size[0], seq: frame.sequence, t_ns: frame.timeNanoseconds))
        for object in frame.objects where object.area > 0 {
            // Read once, so that nothing damaged goes out.
            _ = try object.mask(of: frame)
            let box = object.boundingBox
            annotations.append(
                Annotation(
                    id: annotations.count + 1, image_id: id, category_id: object.kind == .sounding ? 1 : 2,
                    segmentation: Segmentation(size: object.size, counts: object.counts), area: object.area,
                    bbox: [box.x, box.y, box.width, box.height], track_id: object.objectID.rawValue, score: object.score))
        }
    }

    mutating func finish() throws { try target.write(json: File(images: images, annotations: annotations), to: "annotations.json") }
}
