/// A click: a place in the frame and whether the object is there. Coordinates are normalised: (0, 0) is the frame's top left corner, (1, 1) its
/// bottom right one, so that a prompt does not depend on the size at which a client shows the picture.
public struct PointPrompt: Sendable, Hashable {
    /// Horizontal position, 0…1.
    public var x: Float
    /// Vertical position, 0…1.
    public var y: Float
    /// True: the object is here (label 1). False: it is not (label 0).
    public var isPositive: Bool

    /// Makes a click at normalised coordinates.
    public init(x: Float, y: Float, isPositive: Bool) {
        self.x = x
        self.y = y
        self.isPositive = isPositive
    }
}

/// A box around the object, in normalised coordinates (see `PointPrompt`). SAM 2 takes it as two points with labels 2 and 3.
public struct BoxPrompt: Sendable, Hashable {
    /// Left edge, 0…1.
    public var left: Float
    /// Top edge, 0…1.
    public var top: Float
    /// Right edge, 0…1.
    public var right: Float
    /// Bottom edge, 0…1.
    public var bottom: Float

    /// Makes a box from its four edges in normalised coordinates.
    public init(left: Float, top: Float, right: Float, bottom: Float) {
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
    }
}

/// What a person may say about one object on one frame.
public enum Prompt: Sendable, Equatable {
    /// Clicks, after an optional box. `replacing` drops the clicks already given on the same frame (upstream's `clear_old_points`).
    case points([PointPrompt], box: BoxPrompt?, replacing: Bool)
    /// The object's exact mask, at any size; it is resized to the model's square as upstream does.
    case mask(BinaryMask)
}
