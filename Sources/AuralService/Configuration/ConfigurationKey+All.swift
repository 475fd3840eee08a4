extension ConfigurationKey {
    /// Every key outside of `[[prompt]]`, in the order of the documentation.
    package static let all: [ConfigurationKey] =
        source + camera + microphone + hearing + model + fuser + sounding + socket + metrics + log

    /// The sections, in the order of the documentation.
    package static let sections: [String] = all.map(\.section).reduce(into: []) { if $0.last != $1 { $0.append($1) } }

    /// The keys of a `[[prompt]]` table, with their texts. They have no defaults: a prompt is there or not.
    package static let prompt: [(name: String, documentation: String)] = [
        ("object_id", "The object's number, 1…1000000; 0 is the sounding one."),
        ("points", "Clicks as [x, y], fractions of the frame: [0, 0] is the top left corner, [1, 1] the bottom right one."),
        ("labels", "For each click 1 where the object is, 0 where it is not."),
        ("box", "A box around the object as [left, top, right, bottom], fractions of the frame."),
    ]
}
