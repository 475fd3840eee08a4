import AuralCore

/// What a supervised stage is doing.
package enum StageActivity: Sendable, Equatable {
    /// Its work; the time is when it last finished a piece of it.
    case working(since: MonoTime)
    /// Nothing, on purpose; the reason is for people.
    case waiting(String)
    /// Nothing: it is switched off.
    case disabled
}
