/// What happens to a new frame while the last one has not been taken yet.
package enum Pressure: Sendable, Equatable {
    /// The new frame takes the old one's place, which is dropped and counted: for cameras.
    case live
    /// The producer waits until the old one has been taken, and nothing is lost: for files.
    case wait
}
