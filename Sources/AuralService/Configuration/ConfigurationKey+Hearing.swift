extension ConfigurationKey {
    static let hearing: [ConfigurationKey] = [
        .number(
            "hearing", "open_dbfs", \.hearing.openLevel, -120...0, .live,
            "Something is heard from this level on, in decibels relative to full scale. Digital silence is -120."),
        .number(
            "hearing", "close_dbfs", \.hearing.closeLevel, -120...0, .live,
            "It is quiet below this level. Somewhat below open_dbfs, so that speech is not cut into pieces."),
        .integer(
            "hearing", "hold_ms", \.hearing.holdMilliseconds, 0...60_000, .live,
            "Milliseconds that it must be quiet until nothing is heard any more."),
        .integer(
            "hearing", "gate_ms", \.hearing.gateMilliseconds, 10...1000, .live,
            "The level is that of so many milliseconds before the frame. Fewer follow faster, more ignore clicks."),
    ]
}
