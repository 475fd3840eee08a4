import AuralCore
import AuralInference

/// What the tracker says of one object on one frame.
package struct ObjectResult: Sendable {
    /// The object.
    package var object: ObjectID
    /// Mask logits [S/4, S/4] over the whole (stretched) frame; more than 0 is the object. All −1024 where the object is absent. Valid until the
    /// tracker is called again.
    package var logits: Tensor
    /// The estimated IoU of the mask, 0…1; 1 for a mask that somebody gave.
    package var iou: Float
    /// Logit of the object being in the picture at all.
    package var objectScore: Float
    /// True where a prompt was given on this very frame.
    package var isPrompted: Bool
    /// The decoder's details, for tests and diagnosis.
    package var details: Details

    /// Whether the object is in the picture.
    package var isPresent: Bool { objectScore > 0 }

    /// The decoder's details.
    package struct Details: Sendable, Equatable {
        /// All four IoU estimates; empty for a mask that somebody gave.
        package var ious: [Float]
        /// The row that was chosen, or nil for a mask that somebody gave.
        package var chosen: Int?
        /// The pointer that was stored, [d].
        package var pointer: [Float]
    }

    /// Nothing sounds: an empty mask.
    static func silent(_ logits: Tensor) -> ObjectResult {
        ObjectResult(
            object: .sounding, logits: logits, iou: 0, objectScore: -1024, isPrompted: false,
            details: Details(ious: [], chosen: nil, pointer: []))
    }
}
