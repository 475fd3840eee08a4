import AuralCapture
import AuralCore
import AuralHearing
import AuralInference
import AuralNetworks
import AuralTracking
import Foundation

/// Times a model on this machine: every stage and the whole frame, with a full memory bank.
package struct ModelBenchmark {
    private let segmenter: FrameSegmenter
    private let model: SegmentationModel
    private let frames: Int
    private let objects: Int
    private let hears: Bool

    /// Prepares `frames` measured frames with `objects` objects of 640×480 pictures; with `hears` the frames of a model with a fuser are
    /// measured a second time, with sound. Throws what the engine reports.
    package init(_ model: SegmentationModel, frames: Int, objects: Int, hears: Bool = true) throws(EngineError) {
        self.model = model
        self.frames = frames
        self.objects = objects
        self.hears = hears && model.fuser != nil
        // Every frame that hears is a keyframe here; frames that hear nothing cost nothing.
        var options = TrackerOptions(maximumObjects: max(objects, 1), sound: SoundOptions(keyframeNanoseconds: 0))
        // Masks of weights that nobody trained are of any size.
        options.isAlwaysInWindow = true
        segmenter = try FrameSegmenter(model, options: options, maskSize: .frame)
        // A fuser that takes words cannot run without; what they say costs the same.
        if let fuser = model.fuser, fuser.hasText {
            segmenter.tracker.setWords([Float](repeating: 0, count: FuserRecipe.textTokens * fuser.width))
        }
    }

    /// Runs it. Throws what the engine reports.
    ///
    /// - Parameters:
    ///   - every: frames of a stretch; nil for none.
    ///   - stretch: called on the way with each stretch of the frames without sound.
    ///   - progress: called with the frames done and all.
    package func run(every: Int? = nil, stretch: (Stretch) throws -> Void = { _ in }, progress: (Int, Int) -> Void) throws -> Report {
        // A full bank: sixteen frames until all pointers are there.
        let warmUp = model.recipe.maximumPointers + 4
        let phases = hears ? 2 : 1
        let total = phases * (warmUp + frames)
        var present: [Double] = []
        let (silent, drift, layers) = try measure(warmUp: warmUp, prompts: boxes(), hears: false, LayerLedger()) { frame, time in
            progress(frame, total)
            guard let every, frame > warmUp else { return }
            present.append(time)
            guard present.count == every else { return }
            try stretch(Stretch(frame: frame - warmUp, times: present))
            present.removeAll(keepingCapacity: true)
        }
        var sound: SoundCost?
        var lines = silent
        var ledger = layers
        if hears {
            segmenter.tracker.reset()
            let (heard, _, layers) = try measure(warmUp: warmUp, prompts: [], hears: true, ledger) { frame, _ in
                progress(warmUp + frames + frame, total)
            }
            ledger = layers
            sound = SoundCost(silent: silent, heard: heard)
            let known = Set(silent.map(\.name))
            lines.insert(contentsOf: heard.filter { !known.contains($0.name) }, at: lines.count - 1)
        }
        let types = ledger.byType
        return Report(
            lines: lines, framesPerSecond: 1000 / (lines.last?.median ?? .infinity), lastTenthByFirst: drift, sound: sound,
            layerTypes: types.isEmpty ? nil : types, layers: types.isEmpty ? nil : ledger.longest(12),
            peakMemoryMebibytes: Self.peakMemory(), frames: frames, objects: objects)
    }

    /// Times all stages on frames after `warmUp`, and adds their layers to the ledger. `drift` is `Report.lastTenthByFirst`; `progress` is
    /// called with each frame's number and milliseconds.
    private func measure(
        warmUp: Int, prompts: [(object: ObjectID, prompt: Prompt)], hears: Bool, _ ledger: LayerLedger,
        progress: (Int, Double) throws -> Void
    ) throws -> ([Line], drift: Double?, LayerLedger) {
        guard let image = RGBImage(width: 640, height: 480) else { throw BenchmarkError("the benchmark's picture could not be made") }
        var times: [String: [Double]] = [:]
        // A stage runs once for each object: what counts is its time on a frame.
        var present: [String: Double] = [:]
        func note(_ name: String, _ nanoseconds: Int64) { present[name, default: 0] += Double(nanoseconds) / 1e6 }
        var warm: [StageName: LayerProfile] = [:]
        model.observer = { note($0.rawValue, $1) }
        segmenter.observer = { note($0.rawValue, $1) }
        defer { (model.observer, segmenter.observer) = (nil, nil) }
        let clock = SystemTimeSource()
        for frame in 0..<(warmUp + frames) {
            let isMeasuring = frame >= warmUp
            if frame == warmUp { warm = try model.layerProfiles() }
            present = [:]
            paint(image, frame)
            let segment = hears ? Self.hiss(frame) : nil
            let start = clock.now()
            _ = try segmenter.segment(image, prompts: frame == 0 ? prompts : []) { segment }
            note("whole frame", clock.now().nanoseconds(since: start))
            if isMeasuring { for (name, time) in present { times[name, default: []].append(time) } }
            try progress(frame + 1, present["whole frame"] ?? 0)
        }
        var ledger = ledger
        for (stage, profile) in try model.layerProfiles() { ledger.note(stage, warm[stage].map(profile.since) ?? profile) }
        let order = FrameSegmenter.FrameStep.allCases.map(\.rawValue) + StageName.allCases.map(\.rawValue) + ["whole frame"]
        let lines = order.compactMap { name in
            times[name].map { Line(name: name, median: Self.quantile($0, 0.5), p95: Self.quantile($0, 0.95)) }
        }
        return (lines, Report.drift(times["whole frame"] ?? []), ledger)
    }

    /// A second of something like noise; a frame's time is its number in seconds.
    private static func hiss(_ frame: Int) -> AudioSegment {
        var random = SplitMix64(seed: UInt64(frame))
        let logMel = (0..<AudioSegment.valueCount).map { _ in Float(random.unit()) }
        return AudioSegment(logMel: logMel, isSounding: true, end: MonoTime(nanoseconds: Int64(frame) * 1_000_000_000))
    }

    /// One box for each object, side by side.
    private func boxes() -> [(object: ObjectID, prompt: Prompt)] {
        (1...objects).map { object in
            let x = (Float(object) - 0.5) / Float(objects)
            let box = BoxPrompt(left: max(x - 0.1, 0), top: 0.3, right: min(x + 0.1, 1), bottom: 0.7)
            return (ObjectID(object), Prompt.points([], box: box, replacing: true))
        }
    }

    /// A picture that moves, so that no stage sees the same twice.
    private func paint(_ image: RGBImage, _ frame: Int) {
        for y in 0..<image.height {
            for x in 0..<image.width {
                let place = (y * image.width + x) * 3
                image.bytes[place] = UInt8(truncatingIfNeeded: x &+ frame &* 3)
                image.bytes[place + 1] = UInt8(truncatingIfNeeded: y &+ frame)
                image.bytes[place + 2] = UInt8(truncatingIfNeeded: (x &* y) >> 6)
            }
        }
    }

    /// VmHWM of proc(5), in MiB; 0 where it cannot be read.
    package static func peakMemory() -> Double { memory("VmHWM:") }

    /// A line of proc(5)'s status, in MiB; 0 where it cannot be read.
    static func memory(_ name: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) }
        let kibibytes = line?.split(whereSeparator: { !$0.isNumber }).first.flatMap { Double($0) }
        return (kibibytes ?? 0) / 1024
    }
}
