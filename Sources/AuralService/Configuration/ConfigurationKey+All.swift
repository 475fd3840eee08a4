extension ConfigurationKey {
    /// Every key outside of `[[prompt]]`, in the order of the documentation.
    package static let all: [ConfigurationKey] = [
        .choice(
            "source", "kind", \.source.kind, "Where pictures and sound come from. \"replay\" plays a clip instead of devices."),
        .string("source", "path", \.source.path, "The clip to play."),
        .optional("source", "audio", \.source.audio, "A WAV file with the clip's sound. Without it the clip is silent."),
        .boolean("source", "loop", \.source.loop, "Start the clip again at its end, instead of reporting the source as ended."),
        ConfigurationKey(
            section: "source", name: "rate", kind: .choiceOrNumber(["clip"], 0.01...1000), defaultText: "\"clip\"",
            documentation: "How fast the clip is played: \"clip\" is its own rate, a number is frames per second."
        ) { configuration, value in
            switch value {
            case .number(let number): configuration.source.rate = .framesPerSecond(number)
            default: configuration.source.rate = .clip
            }
        },
        .string("model", "path", \.model.path, "The model bundle: a folder that `aurald import` has written."),
        .choice(
            "model", "precision", \.model.precision,
            "What the networks compute with. \"bf16\" is faster where the processor has it, and changes masks slightly."),
        .integer("model", "threads", \.model.threads, 0...1024, "Threads for the networks. 0 leaves the choice to the engine."),
        .optional(
            "model", "cache", \.model.cache,
            "A folder for compiled networks, so that later starts take seconds. Without it they are compiled at every start."),
        .integer(
            "model", "max_conditioning", \.model.maximumConditioning, 1...64,
            "How many prompted frames an object remembers. More cost time on every frame."),
        .string("socket", "path", \.socket.path, "The Unix socket that clients connect to. At most 107 bytes."),
        .integer("socket", "max_clients", \.socket.maximumClients, 1...1000, "How many clients may be connected at a time."),
        .integer(
            "socket", "client_bytes", \.socket.clientBytes, 4096...67_108_864,
            "Bytes that may wait for one client before frames are dropped for it, or its connection is closed if it asked so."
        ),
        .choice(
            "socket", "mask_size", \.socket.maskSize,
            "At which size masks are sent: \"frame\" is the frame's own, \"native\" is the network's, which is smaller."),
    ]

    /// The keys of a `[[prompt]]` table, with their texts. They have no defaults: a prompt is there or not.
    package static let prompt: [(name: String, documentation: String)] = [
        ("object_id", "The object's number, 1…1000000."),
        ("points", "Clicks as [x, y], fractions of the frame: [0, 0] is the top left corner, [1, 1] the bottom right one."),
        ("labels", "For each click 1 where the object is, 0 where it is not."),
        ("box", "A box around the object as [left, top, right, bottom], fractions of the frame."),
    ]
}
