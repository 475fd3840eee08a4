import Testing

/// What a user can do, done through the real program. One test at a time: each keeps all cores busy, and some look at speed.
@Suite(.serialized) enum EndToEnd {}
