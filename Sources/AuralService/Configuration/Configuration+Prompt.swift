import AuralCore

extension Configuration {
    /// A prompt that takes effect on the first frame: one `[[prompt]]` table.
    package struct InitialPrompt: Sendable, Equatable {
        /// The object.
        package var objectID: ObjectID
        /// Clicks; may be empty where there is a box.
        package var points: [PointPrompt]
        /// A box around the object.
        package var box: BoxPrompt?

        /// A prompt with all its fields.
        package init(objectID: ObjectID, points: [PointPrompt], box: BoxPrompt? = nil) {
            self.objectID = objectID
            self.points = points
            self.box = box
        }
    }
}
