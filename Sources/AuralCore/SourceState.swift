/// How a camera, a microphone or a file that stands in for them is. The words are those of the `source` record.
public enum SourceState: String, Sendable, CaseIterable {
    /// The device is not there.
    case absent
    /// It is being opened, or is open and has not delivered yet.
    case opening
    /// It delivers.
    case streaming
    /// It is open but has not delivered for too long.
    case stalled
    /// Another program has it.
    case busy
    /// The daemon may not open it.
    case denied
    /// Opening failed, and is tried again later.
    case backoff
    /// The source has come to its end, or the daemon has.
    case ended
}
