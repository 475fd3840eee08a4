import AuralCore

/// What a live source tells beside its data. Told on the source's own thread.
package enum SourceEvent: Sendable, Equatable {
    /// Its state has changed.
    case state(SourceState, detail: String?)
    /// It was opened with these settings, which may differ from those asked for; one line for a person.
    case configured(String)
    /// Something that the user should change.
    case warning(String)
    /// Sound is missing: so many samples, at this index of the sample count, for this reason (`xrun`, `suspend`, `reopen`, `lost`).
    case gap(samples: Int64, at: Int64, reason: String)
}
