import AuralCapture
import AuralCore
import AuralWire
import Foundation

/// `JPEGImages/NAME/00000.jpg` and `Annotations/NAME/00000.png`, in which a pixel is the number of its object: in the order in which they came, from 1.
/// `objects.json`, or `meta.json` for YouTube-VOS, says which is which.
struct PaletteExport: ExportSink {
    private struct Entry: Encodable {
        var object_id: Int
        var category: String
        var frames: [String]
    }

    private struct Meta: Encodable {
        struct Video: Encodable {
            var objects: [String: Entry]
        }
        var videos: [String: Video]
    }

    private let target: ExportTarget
    private let name: String
    private let hasMeta: Bool
    private var entries: [Entry] = []
    private var frames = 0

    init(path: String, name: String, hasMeta: Bool) throws(RecordingError) {
        target = try ExportTarget(path: path)
        self.name = name
        self.hasMeta = hasMeta
        try target.makeFolder("JPEGImages/\(name)")
        try target.makeFolder("Annotations/\(name)")
    }

    mutating func add(_ frame: FrameRecord, _ picture: Data) throws {
        let stem = String(format: "%05d", frames)
        frames += 1
        try target.write(picture, to: "JPEGImages/\(name)/\(stem).jpg")
        guard frame.size.count == 2, (1...16_384).contains(frame.size[0]), (1...16_384).contains(frame.size[1]) else {
            throw RecordingError(.damaged, path: "frame \(frame.sequence)", "has no size")
        }
        let (height, width) = (frame.size[0], frame.size[1])
        var pixels = [UInt8](repeating: 0, count: width * height)
        // What sounds lies over what was pointed at, as it is what aurald is about.
        for object in frame.objects.sorted(by: { $0.objectID > $1.objectID }) where object.area > 0 {
            let number = try number(of: object, on: stem)
            let mask = try object.mask(of: frame).decoded()
            for (index, value) in mask.pixels.enumerated() where value != 0 { pixels[index] = number }
        }
        let png = try PNGWriter.encode(indices: pixels, width: width, height: height, palette: Self.palette, name: "\(stem).png")
        try target.write(png, to: "Annotations/\(name)/\(stem).png")
    }

    mutating func finish() throws {
        let numbered = Dictionary(uniqueKeysWithValues: entries.enumerated().map { (String($0.offset + 1), $0.element) })
        if hasMeta {
            try target.write(json: Meta(videos: [name: Meta.Video(objects: numbered)]), to: "meta.json")
        } else {
            try target.write(json: numbered, to: "objects.json")
        }
    }

    /// The object's number in pictures.
    private mutating func number(of object: FrameObject, on stem: String) throws(RecordingError) -> UInt8 {
        let index: Int
        if let known = entries.firstIndex(where: { $0.object_id == object.objectID.rawValue }) {
            index = known
        } else {
            index = entries.count
            entries.append(Entry(object_id: object.objectID.rawValue, category: object.kind == .sounding ? "sounding" : "prompted", frames: []))
        }
        guard let number = UInt8(exactly: index + 1) else {
            throw RecordingError(.unsuitable, path: name, "more than 255 objects do not fit into a palette; export as coco, or fewer segments")
        }
        entries[index].frames.append(stem)
        return number
    }

    /// The colours of PASCAL VOC, which DAVIS took over: each bit of the number goes, from the lowest on, to red, green and blue in turn, and there from
    /// the highest bit down.
    static let palette: [UInt8] = (0..<256).flatMap { number in
        var colour: [UInt8] = [0, 0, 0]
        for bit in 0..<8 {
            for channel in 0..<3 where bit * 3 + channel < 8 {
                if number >> (bit * 3 + channel) & 1 == 1 { colour[channel] |= 0x80 >> UInt8(bit) }
            }
        }
        return colour
    }
}
