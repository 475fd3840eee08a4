import AuralCore
import CTurboJPEG
import Foundation

/// Frames as JPEG pictures that every program reads, through libjpeg-turbo. To be used by one thread at a time and kept for many pictures.
package final class JPEGEncoder {
    // SAFETY: handles and memory belong to this object alone, which is not Sendable; libjpeg-turbo grows the memory and says so.
    private let compressor: tjhandle
    private let transformer: tjhandle
    private var memory: UnsafeMutablePointer<UInt8>?
    private var capacity: UInt = 0

    /// Makes an encoder. Throws `misuse` where libjpeg-turbo has no memory.
    package init() throws(CaptureError) {
        guard let compressor = tjInitCompress() else { throw Self.failure("cannot be made: \(String(cString: tjGetErrorStr()))") }
        guard let transformer = tjInitTransform() else {
            tjDestroy(compressor)
            throw Self.failure("cannot be made: \(String(cString: tjGetErrorStr()))")
        }
        self.compressor = compressor
        self.transformer = transformer
    }

    deinit {
        tjDestroy(compressor)
        tjDestroy(transformer)
        if let memory { tjFree(memory) }
    }

    /// A frame's picture, of the frame's own size.
    ///
    /// What a camera delivers as Motion-JPEG stays as it is, value for value, but gets the Huffman tables that such frames often leave out and
    /// that browsers insist on. Everything else is compressed.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - image: its pixels, used where there is no JPEG yet.
    ///   - quality: 1…100.
    /// - Throws: `misuse` with libjpeg-turbo's own words.
    package func picture(of frame: Frame, _ image: RGBImage, quality: Int = 88) throws(CaptureError) -> Data {
        if case .captured(let picture) = frame.content, picture.format == .mjpeg {
            return try picture.bytes.withBytes { bytes throws(CaptureError) in try complete(bytes) }
        }
        return try compress(image, quality: quality)
    }

    private func compress(_ image: RGBImage, quality: Int) throws(CaptureError) -> Data {
        var size = capacity
        let status = withExtendedLifetime(image) {
            tjCompress2(
                compressor, image.bytes.baseAddress, Int32(clamping: image.width), Int32(clamping: image.width * 3), Int32(clamping: image.height),
                Int32(TJPF_RGB.rawValue), &memory, &size, Int32(TJSAMP_420.rawValue), Int32(clamping: min(max(quality, 1), 100)), 0)
        }
        return try taken(size, status, compressor)
    }

    /// The same picture with all its tables.
    private func complete(_ bytes: UnsafeRawBufferPointer) throws(CaptureError) -> Data {
        var transform = tjtransform()
        transform.op = Int32(TJXOP_NONE.rawValue)
        transform.options = TJXOPT_COPYNONE
        var size = capacity
        let status = tjTransform(
            transformer, bytes.assumingMemoryBound(to: UInt8.self).baseAddress, UInt(bytes.count), 1, &memory, &size, &transform,
            TJFLAG_LIMITSCANS)
        return try taken(size, status, transformer)
    }

    private func taken(_ size: UInt, _ status: Int32, _ handle: tjhandle) throws(CaptureError) -> Data {
        // A warning is about stray bytes, which webcams really send; the picture is whole then.
        let isUsable = status == 0 || tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue)
        guard isUsable, let memory, size > 0 else { throw Self.failure("failed: \(String(cString: tjGetErrorStr2(handle)))") }
        capacity = max(capacity, size)
        return Data(bytes: memory, count: Int(size))
    }

    private static func failure(_ message: String) -> CaptureError {
        CaptureError(.misuse, path: "libturbojpeg", "the JPEG encoder \(message)")
    }
}
