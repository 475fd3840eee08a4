extension ConfigurationKey {
    static let model: [ConfigurationKey] = [
        .choice(
            "model", "engine", \.model.engine, .restart,
            "What computes the networks. \"rehearsal\" computes none but keeps their pace, to try cameras, sound and clients before there "
                + "are weights."),
        .integer(
            "model", "rehearsal_ms", \.model.rehearsalMilliseconds, 0...10_000, .restart, "Milliseconds that a frame takes with \"rehearsal\"."),
        .string("model", "path", \.model.path, .restart, "The model bundle: a folder that `aurald import` has written."),
        .choice(
            "model", "precision", \.model.precision, .restart,
            "What the networks compute with. \"bf16\" is faster where the processor has it, and changes masks slightly."),
        .integer("model", "threads", \.model.threads, 0...1024, .restart, "Threads for the networks. 0 leaves the choice to the engine."),
        .optional(
            "model", "cache", \.model.cache, .restart,
            "A folder for compiled networks, so that later starts take seconds. Without it they are compiled at every start."),
        .integer(
            "model", "max_conditioning", \.model.maximumConditioning, 1...64, .restart,
            "How many prompted frames an object remembers. More cost time on every frame."),
        .boolean(
            "model", "pool_memories", \.model.poolsMemories, .restart,
            "Read memories other than prompted frames and the frame before at a quarter of their resolution: faster, a little less exact."),
        .boolean(
            "model", "windows", \.model.usesWindows, .restart,
            "Carry objects that are small enough forward in a part of the picture around them: faster where there are many, a little less exact."),
    ]

    static let socket: [ConfigurationKey] = [
        .string("socket", "path", \.socket.path, .restart, "The Unix socket that clients connect to. At most 107 bytes."),
        ConfigurationKey(
            "socket", "mode", \.socket.mode, .fileMode, .restart, "The socket file's permissions. Who may write to it may connect."
        ) {
            let digits = String($0, radix: 8)
            return .string(String(repeating: "0", count: max(0, 4 - digits.count)) + digits)
        } write: {
            $0.string.flatMap { UInt32($0, radix: 8) }
        },
        .string(
            "socket", "group", \.socket.group, .live,
            "The group whose members may prompt, besides root and the daemon's own user. Who else may connect can only watch."),
        .integer("socket", "max_clients", \.socket.maximumClients, 1...1000, .live, "How many clients may be connected at a time."),
        .integer(
            "socket", "client_bytes", \.socket.clientBytes, 4096...67_108_864, .live,
            "Bytes that may wait for one client before frames are dropped for it, or its connection is closed if it asked so."),
        .choice(
            "socket", "mask_size", \.socket.maskSize, .live,
            "At which size masks are sent: \"frame\" is the frame's own, \"native\" is the network's, which is smaller."),
    ]

    static let metrics: [ConfigurationKey] = [
        .optional(
            "metrics", "path", \.metrics.path, .restart,
            "A second Unix socket that answers GET /metrics in Prometheus's text format. Without it there is none.")
    ]

    static let log: [ConfigurationKey] = [
        .choice("log", "level", \.log.level, .live, "The least important messages that are shown."),
        .choice(
            "log", "format", \.log.format, .restart,
            "How they look: \"text\" is for people, \"journal\" has the priorities that journald reads, \"json\" is one object a line. "
                + "\"auto\" is \"journal\" where journald reads them, else \"text\"."),
    ]
}
