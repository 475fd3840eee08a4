/// What a frame's or a sample's time is.
public enum TimestampSource: String, Codable, Sendable {
    /// The device, or its driver, stamped it when it was taken.
    case device
    /// It was stamped when it arrived, since the device's own stamp is missing or not on the monotonic clock.
    case arrival
    /// It comes from a file and has the file's time.
    case replay
}
