/// Something has happened to devices of a kind.
package struct HotPlugChange: Sendable, Hashable {
    /// Cameras or microphones.
    package enum Kind: Sendable, Hashable, CaseIterable {
        /// Video nodes and their links.
        case camera
        /// Sound nodes.
        case sound
    }

    /// Which devices.
    package var kind: Kind
    /// True where a program, perhaps this one, has only closed one; false where one has come, gone or got other permissions.
    package var isRelease: Bool

    /// A change with both fields.
    package init(_ kind: Kind, isRelease: Bool) {
        self.kind = kind
        self.isRelease = isRelease
    }
}
