import Foundation

/// The last few pictures, by the number of their frame. Pure.
struct PictureShelf: Sendable {
    private var pictures: [(sequence: UInt64, jpeg: Data)] = []
    private let capacity: Int

    init(capacity: Int = 16) { self.capacity = max(1, capacity) }

    /// Keeps a picture; the oldest one goes.
    mutating func put(_ sequence: UInt64, _ jpeg: Data) {
        pictures.append((sequence, jpeg))
        if pictures.count > capacity { pictures.removeFirst(pictures.count - capacity) }
    }

    /// The picture of a frame, while it is kept.
    func picture(_ sequence: UInt64) -> Data? { pictures.last { $0.sequence == sequence }?.jpeg }
}
