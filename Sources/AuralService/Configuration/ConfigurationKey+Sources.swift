extension ConfigurationKey {
    static let source: [ConfigurationKey] = [
        .choice(
            "source", "kind", \.source.kind, .restart,
            "Where pictures and sound come from: \"live\" is the camera and the microphone, \"replay\" plays a clip instead of them."),
        .string("source", "path", \.source.path, .restart, "The clip to play. This and what follows here is for \"replay\" only."),
        .optional("source", "audio", \.source.audio, .restart, "A WAV file with the clip's sound. Without it the clip is silent."),
        .boolean("source", "loop", \.source.loop, .restart, "Start the clip again at its end, instead of reporting the source as ended."),
        ConfigurationKey(
            "source", "rate", \.source.rate, .choiceOrNumber(["clip"], 0.01...1000), .restart,
            "How fast the clip is played: \"clip\" is its own rate, a number is frames per second."
        ) {
            switch $0 {
            case .clip: .string("clip")
            case .framesPerSecond(let rate): .number(rate)
            }
        } write: {
            if case .number(let rate) = $0 { .framesPerSecond(rate) } else { .clip }
        },
    ]

    static let camera: [ConfigurationKey] = [
        .string(
            "camera", "device", \.camera.device, .live,
            "The camera: \"auto\" is the first there is, \"none\" is no camera, else a path of /dev/v4l/by-id or by-path, usb:VID:PID, "
                + "usb:VID:PID:SERIAL, name:CARD or /dev/videoN."),
        .integer("camera", "width", \.camera.width, 16...16384, .live, "Wanted width in pixels. The nearest that the camera has is taken."),
        .integer("camera", "height", \.camera.height, 16...16384, .live, "Wanted height in pixels."),
        .number("camera", "rate", \.camera.rate, 0.1...1000, .live, "Wanted frames per second."),
        .choice(
            "camera", "format", \.camera.format, .live,
            "Wanted format of the pictures. \"auto\" takes what costs least at this size and rate."),
        .boolean(
            "camera", "fixed_rate", \.camera.isRateFixed, .live,
            "Keep the rate in the dark, where cameras expose longer, at the price of darker pictures. Otherwise the camera stays as it is set."),
        .number(
            "camera", "stall_seconds", \.camera.stallSeconds, 0.2...600, .live,
            "After so many seconds without a picture the camera is opened again."),
    ]

    static let microphone: [ConfigurationKey] = [
        .string(
            "microphone", "device", \.microphone.device, .live,
            "The sound device: \"auto\" is the first there is, \"none\" is no sound, else card:NAME or the name of an ALSA PCM, "
                + "\"default\" for one."),
        .integer("microphone", "rate", \.microphone.rate, 8000...192_000, .live, "Wanted samples per second."),
        .integer(
            "microphone", "channels", \.microphone.channels, 0...8, .live, "Wanted channels. 0 is what the device has, at most 2."),
        .integer(
            "microphone", "period_ms", \.microphone.periodMilliseconds, 2...500, .live,
            "Milliseconds of sound that are read at a time. Fewer cost more wake-ups."),
        .integer(
            "microphone", "buffer_ms", \.microphone.bufferMilliseconds, 10...10_000, .live,
            "Milliseconds of sound that the kernel keeps until they are read; older ones are lost. At least two periods."),
        .number(
            "microphone", "offset_ms", \.microphone.offsetMilliseconds, -2000...2000, .live,
            "How many milliseconds later sound arrives than the picture of the same moment. Negative where it arrives earlier."),
        .number(
            "microphone", "stall_seconds", \.microphone.stallSeconds, 0.2...600, .live,
            "After so many seconds without a sample the device is opened again."),
    ]
}
