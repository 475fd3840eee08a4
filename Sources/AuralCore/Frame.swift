/// One picture of a stream, with its place in it.
package struct Frame: Sendable {
    /// Counts the frames that the source produced, from 0; a gap means that frames were dropped.
    package var sequence: UInt64
    /// When the picture was taken, on the monotonic clock.
    package var time: MonoTime
    /// The pixels.
    package var image: RGBImage

    /// Puts a picture into its place in the stream.
    package init(sequence: UInt64, time: MonoTime, image: RGBImage) {
        self.sequence = sequence
        self.time = time
        self.image = image
    }
}
