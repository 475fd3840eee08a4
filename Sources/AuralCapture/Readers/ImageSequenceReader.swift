import AuralCore
import Foundation

/// A clip that is a folder of JPEG and PNG pictures, in the natural order of their names (or one single picture).
package final class ImageSequenceReader: FrameReader {
    package let width: Int
    package let height: Int
    package var frameCount: Int? { files.count }
    package let frameDurationNanoseconds: Int64

    private let files: [String]
    private let name: String
    private let pool: ImagePool
    private let decoder: ImageDecoder
    private var position = 0
    /// The first picture, which had to be decoded for its size, until it is asked for.
    private var first: RGBImage?

    /// Thirty pictures a second: a folder does not say how fast its pictures follow each other.
    package static let defaultFrameDurationNanoseconds: Int64 = 33_333_333

    /// Opens the folder `folder`: all files in it that end in .jpg, .jpeg or .png (any case) and do not begin with a dot.
    package convenience init(
        folder: String, pool: ImagePool, frameDurationNanoseconds: Int64 = defaultFrameDurationNanoseconds
    ) throws(CaptureError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw Self.listingError(error, folder)
        }
        let pictures = names.filter { name in
            !name.hasPrefix(".") && [".jpg", ".jpeg", ".png"].contains { name.lowercased().hasSuffix($0) }
        }
        let prefix = folder.hasSuffix("/") ? folder : folder + "/"
        try self.init(
            files: pictures.sorted(by: NaturalOrder.precedes).map { prefix + $0 }, name: folder, pool: pool,
            frameDurationNanoseconds: frameDurationNanoseconds)
    }

    /// Opens pictures in the order given; `name` is what errors about the whole name. The first one is decoded at once, for its size.
    package init(
        files: [String], name: String, pool: ImagePool, frameDurationNanoseconds: Int64 = defaultFrameDurationNanoseconds
    ) throws(CaptureError) {
        guard let path = files.first else {
            throw CaptureError(.noFrames, path: name, "no .jpg, .jpeg or .png file in this folder")
        }
        decoder = try ImageDecoder()
        let picture = try decoder.decode(file: path, pool: pool)
        first = picture
        width = picture.width
        height = picture.height
        self.files = files
        self.name = name
        self.pool = pool
        self.frameDurationNanoseconds = max(1, frameDurationNanoseconds)
    }

    package func next() throws(CaptureError) -> RGBImage? {
        guard position < files.count else { return nil }
        let picture: RGBImage
        if position == 0, let kept = first {
            picture = kept
            first = nil
        } else {
            picture = try decoder.decode(file: files[position], pool: pool)
        }
        guard picture.width == width, picture.height == height else {
            throw .sizeChanged(path: files[position], frame: position, (picture.width, picture.height), clip: (width, height))
        }
        position += 1
        return picture
    }

    package func rewind() throws(CaptureError) {
        position = 0
    }

    private static func listingError(_ error: any Error, _ folder: String) -> CaptureError {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if (error as? CocoaError)?.code == .fileReadNoPermission { return .system(EACCES, path: folder, doing: "list it") }
        if (error as? CocoaError)?.code == .fileReadNoSuchFile { return .system(ENOENT, path: folder, doing: "list it") }
        return .system(Int32(truncatingIfNeeded: cause?.code ?? Int(EIO)), path: folder, doing: "list it")
    }
}
