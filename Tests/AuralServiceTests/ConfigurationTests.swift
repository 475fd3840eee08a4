import AuralCore
import Logging
import Testing

@testable import AuralService

extension LoadedConfiguration {
    /// What a file `a.toml` with this text gives.
    static func from(_ toml: String) throws(ConfigurationError) -> LoadedConfiguration {
        try ConfigurationLoader.load([ConfigurationFile(path: "a.toml", text: toml)])
    }
}

@Suite struct ConfigurationTests {
    private func error(_ toml: String) -> ConfigurationError? {
        do {
            _ = try LoadedConfiguration.from(toml)
            return nil
        } catch {
            return error
        }
    }

    @Test("nothing at all is the defaults")
    func empty() throws {
        let loaded = try LoadedConfiguration.from("")
        #expect(loaded.configuration == Configuration())
        #expect(loaded.origins.values.allSatisfy { $0 == .default })
        #expect(loaded.origins.count == ConfigurationKey.all.count + 1)
    }

    @Test("every key is read")
    func everyKey() throws {
        let loaded = try LoadedConfiguration.from(
            """
            [source]
            kind = "replay"
            path = "clip"
            audio = "clip.wav"
            loop = true
            rate = 12
            [camera]
            device = "usb:046d:0825"
            width = 1280
            height = 720
            rate = 29.97
            format = "mjpeg"
            fixed_rate = true
            stall_seconds = 5
            [microphone]
            device = "hw:0,0"
            rate = 16_000
            channels = 1
            period_ms = 10
            buffer_ms = 100
            offset_ms = -12.5
            stall_seconds = 1.5
            [hearing]
            open_dbfs = -40
            close_dbfs = -45.5
            hold_ms = 0
            gate_ms = 1000
            [model]
            engine = "rehearsal"
            rehearsal_ms = 0
            path = "m"
            precision = "bf16"
            threads = 3
            cache = "c"
            max_conditioning = 7
            pool_memories = true
            windows = true
            [fuser]
            sparse = false
            dense = false
            keyframe_ms = 500
            iou_threshold = 0.75
            history = 5
            [sounding]
            instances = true
            instance_min_share = 0.01
            instance_grace_ms = 250
            [socket]
            path = "s"
            mode = "1600"
            group = "users"
            max_clients = 5
            client_bytes = 5000
            mask_size = "native"
            [metrics]
            path = "p"
            [log]
            level = "debug"
            format = "json"
            [[prompt]]
            object_id = 1
            points = [[0.25, 1], [0, 0.5]]
            labels = [1, 0]
            [[prompt]]
            object_id = 2
            box = [0.1, 0.2, 0.5, 1]
            """)
        var expected = Configuration()
        expected.source.kind = .replay
        expected.source.path = "clip"
        expected.source.audio = "clip.wav"
        expected.source.loop = true
        expected.source.rate = .framesPerSecond(12)
        expected.camera.device = "usb:046d:0825"
        expected.camera.width = 1280
        expected.camera.height = 720
        expected.camera.rate = 29.97
        expected.camera.format = .mjpeg
        expected.camera.isRateFixed = true
        expected.camera.stallSeconds = 5
        expected.microphone.device = "hw:0,0"
        expected.microphone.rate = 16_000
        expected.microphone.channels = 1
        expected.microphone.periodMilliseconds = 10
        expected.microphone.bufferMilliseconds = 100
        expected.microphone.offsetMilliseconds = -12.5
        expected.microphone.stallSeconds = 1.5
        expected.hearing.openLevel = -40
        expected.hearing.closeLevel = -45.5
        expected.hearing.holdMilliseconds = 0
        expected.hearing.gateMilliseconds = 1000
        expected.model.engine = .rehearsal
        expected.model.rehearsalMilliseconds = 0
        expected.model.path = "m"
        expected.model.precision = .bf16
        expected.model.threads = 3
        expected.model.cache = "c"
        expected.model.maximumConditioning = 7
        expected.model.poolsMemories = true
        expected.model.usesWindows = true
        expected.fuser.isSparse = false
        expected.fuser.isDense = false
        expected.fuser.keyframeMilliseconds = 500
        expected.fuser.iouThreshold = 0.75
        expected.fuser.history = 5
        expected.sounding.hasInstances = true
        expected.sounding.instanceMinimumShare = 0.01
        expected.sounding.instanceGraceMilliseconds = 250
        expected.socket.path = "s"
        expected.socket.mode = 0o1600
        expected.socket.group = "users"
        expected.socket.maximumClients = 5
        expected.socket.clientBytes = 5000
        expected.socket.maskSize = .native
        expected.metrics.path = "p"
        expected.log.level = .debug
        expected.log.format = .json
        expected.prompts = [
            .init(
                objectID: ObjectID(1),
                points: [PointPrompt(x: 0.25, y: 1, isPositive: true), PointPrompt(x: 0, y: 0.5, isPositive: false)]),
            .init(objectID: ObjectID(2), points: [], box: BoxPrompt(left: 0.1, top: 0.2, right: 0.5, bottom: 1)),
        ]
        #expect(loaded.configuration == expected)
        for key in ConfigurationKey.all { #expect(key.text(in: expected) != key.defaultText, "\(key.path) is not tried here") }
        #expect(!loaded.origins.values.contains(.default))
        #expect(expected.sounding.instances == .init(minimumShare: 0.01, graceNanoseconds: 250_000_000))
        #expect(Configuration().sounding.instances == nil)
        #expect(try LoadedConfiguration.from("source.rate = 0.5").configuration.source.rate == .framesPerSecond(0.5))
    }

    @Test(
        "a fault names its key and what would be right",
        arguments: [
            ("[socket]\nmax_client = 3", "socket.max_client", "max_clients"), ("[sockets]", "sockets", "socket"),
            ("[zzz]", "zzz", "prompt"), ("colour = 1", "colour", "known"),
            ("[socket]\nzzzzzzzz = 3", "socket.zzzzzzzz", "known here"),
            ("socket = 3", "socket", "table"), ("[socket]\nmax_clients = \"3\"", "socket.max_clients", "1…1000"),
            ("[socket]\nmax_clients = 0", "socket.max_clients", "1…1000"),
            ("[socket]\nmax_clients = 3.0", "socket.max_clients", "whole"),
            ("[socket]\npath = \"\"", "socket.path", "empty"), ("[socket]\npath = 1", "socket.path", "string"),
            ("[model]\nprecision = \"f16\"", "model.precision", "\"bf16\""), ("[source]\nloop = \"yes\"", "source.loop", "true"),
            ("[source]\nrate = 0", "source.rate", "clip"), ("[source]\nrate = inf", "source.rate", "clip"),
            ("[source]\nrate = nan", "source.rate", "clip"), ("[source]\nkind = \"camera\"", "source.kind", "\"live\" or \"replay\""),
            ("[camera]\ndevice = \"\"", "camera.device", "empty"), ("[camera]\ndevice = 0", "camera.device", "string"),
            ("[camera]\nwidth = 15", "camera.width", "16…16384"), ("[camera]\nheight = 480.0", "camera.height", "whole"),
            ("[camera]\nrate = 0", "camera.rate", "0.1…1000"), ("[camera]\nrate = \"30\"", "camera.rate", "number"),
            ("[camera]\nrate = nan", "camera.rate", "number"), ("[camera]\nrate = -inf", "camera.rate", "number"),
            ("[camera]\nformat = \"MJPEG\"", "camera.format", "\"mjpeg\", \"yuyv\""),
            ("[camera]\nstall_seconds = 0.1", "camera.stall_seconds", "0.2…600"),
            ("[microphone]\nrate = 7999", "microphone.rate", "8000…192000"), ("[microphone]\nchannels = 9", "microphone.channels", "0…8"),
            ("[hearing]\nopen_dbfs = 1", "hearing.open_dbfs", "-120…0"), ("[hearing]\ngate_ms = 5", "hearing.gate_ms", "10…1000"),
            ("[microphone]\noffset_ms = 2000.5", "microphone.offset_ms", "-2000…2000"),
            ("[microphone]\nperiod = 20", "microphone.period", "did you mean period_ms"),
            ("[model]\nengine = \"fake\"", "model.engine", "\"openvino\" or \"rehearsal\""),
            ("[socket]\nmode = 660", "socket.mode", "octal"), ("[socket]\nmode = \"0680\"", "socket.mode", "octal"),
            ("[socket]\nmode = \"66\"", "socket.mode", "octal"), ("[socket]\nmode = \"00660\"", "socket.mode", "octal"),
            ("[socket]\nmode = \"0660\\n\"", "socket.mode", "octal"), ("[socket]\ngroup = \"\"", "socket.group", "empty"),
            ("[log]\nlevel = \"loud\"", "log.level", "\"trace\", "), ("[log]\nformat = 1", "log.format", "\"journal\""),
            ("[metrics]\npath = \"/run/aurald.sock\"", "metrics.path", "differ"),
            ("[model]\nthreads = 9223372036854775807", "model.threads", "0…1024"), ("prompt = 1", "prompt", "[[prompt]]"),
            ("[prompt]\nobject_id = 1", "prompt", "[[prompt]]"), ("prompt = [1]", "prompt", "[[prompt]]"),
            ("[[prompt]]\nbox = [0, 0, 1, 1]", "prompt[0].object_id", "1…1000000"),
            ("[[prompt]]\nobject_id = 1", "prompt[0]", "points"),
            ("[[prompt]]\nobject_id = 1\nbox = [0, 0, 1]", "prompt[0].box", "4"),
            ("[[prompt]]\nobject_id = 1\nbox = [0.5, 0, 0.5, 1]", "prompt[0].box", "left < right"),
            ("[[prompt]]\nobject_id = 1\npoints = [[0, 2]]\nlabels = [1]", "prompt[0].points[0]", "0…1"),
            ("[[prompt]]\nobject_id = 1\npoints = [[0, 1]]\nlabels = []", "prompt[0].labels", "one number"),
            ("[[prompt]]\nobject_id = 1\npoints = [[0, 1]]\nlabels = [2]", "prompt[0].labels[0]", "1 where"),
            ("[[prompt]]\nobject_id = 1\npoint = [[0, 1]]", "prompt[0].point", "points"),
            (
                "[[prompt]]\nobject_id = 1\nbox=[0,0,1,1]\n[[prompt]]\nobject_id = 1\nbox=[0,0,1,1]", "prompt[1].object_id",
                "already"
            ),
        ])
    func faults(toml: String, key: String, hint: String) throws {
        let error = try #require(self.error(toml))
        #expect(error.key == key)
        let line = try #require(error.line)
        #expect((1...6).contains(line))
        #expect(error.description.hasPrefix("a.toml:\(line): \(key): "))
        #expect(error.message.contains(hint), "\(error.message)")
        #expect(error.exitStatus == .configuration)
        #expect(!error.description.contains("\n"))
    }

    @Test("a fault of syntax names its line")
    func syntax() throws {
        let error = try #require(self.error("[socket]\npath = \"a\"\nmax_clients = = 3\n"))
        #expect(error.line == 3)
        #expect(error.description.hasPrefix("a.toml:3: "))
        #expect(self.error("[socket]\n[socket]\n") != nil)
    }

    @Test("text that is hardly a configuration is refused, on one line")
    func odd() throws {
        for (text, line, hint) in [
            ("[log]\nlevel = \"info\"\n\u{0}\n[zzz]\n", 3, "NUL"), ("\n[log]\nlevel = \"in\\u0000fo\"\n", 3, "NUL"),
            ("\"a\\nb\" = 1", 1, "\"a\\u000ab\": unknown key"), ("'' = 1", 1, "\"\": unknown"),
            ("\n" + String(repeating: "a", count: 100_000) + " = 1", 2, "unknown key; known here"),
            (String(repeating: "a.", count: 400_000) + "a = 1", 1, "deeper"),
            ("\n[" + String(repeating: "a.", count: 400_000) + "a]", 2, "deeper"),
            ("a = {" + String(repeating: "a.", count: 400_000) + "a = 1}", 1, "deeper"),
            ("\n\na = " + String(repeating: "[", count: 500_000), 3, "deeper"),
        ] {
            let error = try #require(self.error(text))
            #expect(error.line == line)
            #expect(error.description.contains(hint))
            #expect(!error.description.contains("\n") && error.description.utf8.count < 300, "\(error.description.prefix(400))")
            #expect(error.exitStatus == .configuration)
        }
    }
}
