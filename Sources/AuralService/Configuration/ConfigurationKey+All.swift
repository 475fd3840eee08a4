import AuralWire

extension ConfigurationKey {
    /// Every key outside of `[[prompt]]`, in the order of the documentation.
    package static let all: [ConfigurationKey] =
        source + camera + microphone + hearing + model + fuser + sounding + socket + metrics + log

    /// The sections, in the order of the documentation.
    package static let sections: [String] = all.map(\.section).reduce(into: []) { if $0.last != $1 { $0.append($1) } }

    /// Objects that a `[[prompt]]` may name. Not 0, what sounds: on the first frame of a stream nothing has sounded yet, so it would always be refused.
    package static let promptObjects = 1...RequestParser.objectNumbers.upperBound

    /// The keys of a `[[prompt]]` table, with their texts. They have no defaults: a prompt is there or not.
    package static let prompt: [(name: String, documentation: String)] = [
        ("object_id", "The object's number. Not 0, what sounds: prompt that while it sounds."),
        ("points", "Clicks as [x, y], fractions of the frame: [0, 0] is the top left corner, [1, 1] the bottom right one."),
        ("labels", "For each click 1 where the object is, 0 where it is not."),
        ("box", "A box around the object as [left, top, right, bottom], fractions of the frame."),
    ]
}
