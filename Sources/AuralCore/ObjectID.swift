/// The name of one tracked object within a stream. Clients choose it (1…), and it is never reused for another object. 0 is the one that makes
/// the sound that is heard.
public struct ObjectID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The number that clients see as `object_id`.
    public var rawValue: Int

    /// Wraps a client's number.
    public init(_ rawValue: Int) {
        self.rawValue = rawValue
    }

    /// The object that makes the sound that is heard.
    public static let sounding = ObjectID(0)

    public static func < (left: ObjectID, right: ObjectID) -> Bool {
        left.rawValue < right.rawValue
    }

    public var description: String { String(rawValue) }
}
