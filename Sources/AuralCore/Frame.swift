/// One picture of a stream, with its place in it.
package struct Frame: Sendable {
    /// What is in a frame: pixels, or what they are made from.
    package enum Content: Sendable {
        /// Pixels.
        case image(RGBImage)
        /// What a camera delivered; whoever takes the frame decodes it.
        case captured(CapturedPicture)
    }

    /// Counts the frames that the source produced, from 0; a gap means that frames were dropped.
    package var sequence: UInt64
    /// When the picture was taken, on the monotonic clock.
    package var time: MonoTime
    /// What that time is.
    package var timestampSource: TimestampSource
    /// The picture.
    package var content: Content

    /// Puts a picture into its place in the stream.
    package init(sequence: UInt64, time: MonoTime, timestampSource: TimestampSource, content: Content) {
        self.sequence = sequence
        self.time = time
        self.timestampSource = timestampSource
        self.content = content
    }

    /// A frame of a file.
    package init(sequence: UInt64, time: MonoTime, image: RGBImage) {
        self.init(sequence: sequence, time: time, timestampSource: .replay, content: .image(image))
    }

    /// The pixels, where they are there already.
    package var image: RGBImage? {
        if case .image(let image) = content { image } else { nil }
    }

    /// The picture's size in pixels.
    package var size: (width: Int, height: Int) {
        switch content {
        case .image(let image): (image.width, image.height)
        case .captured(let picture): (picture.width, picture.height)
        }
    }
}
