import AuralCore

/// One clip, whose frames are read in order by one thread.
package protocol FrameReader: AnyObject {
    /// Pixels in a row, the same for all frames.
    var width: Int { get }
    /// Rows, the same for all frames.
    var height: Int { get }
    /// How many frames there are, where that is known without reading them all.
    var frameCount: Int? { get }
    /// The nominal time from one frame to the next, in nanoseconds; at least 1.
    var frameDurationNanoseconds: Int64 { get }

    /// The next frame, or nil after the last one. After an error the reader stays where it was; `rewind` starts it afresh.
    func next() throws(CaptureError) -> RGBImage?
    /// Goes back to the first frame.
    func rewind() throws(CaptureError)
}
