import AuralCore
import AuralTracking
import AuralWire

/// Sends the connected parts of the sounding object's mask as instances with numbers that they keep over time.
///
/// Belongs to the inference thread. Once warm it allocates nothing of a mask's size or larger for a frame.
package final class InstancePublisher {
    /// Which parts are instances, and for how long.
    package struct Settings: Sendable, Equatable {
        /// The least part of the frame that an instance covers, 0…1.
        package var minimumShare: Double
        /// How long an instance may be missing before it ends, in nanoseconds.
        package var graceNanoseconds: Int64

        /// Settings; by default those of the configuration.
        package init(minimumShare: Double = 0.002, graceNanoseconds: Int64 = 500_000_000) {
            self.minimumShare = minimumShare
            self.graceNanoseconds = graceNanoseconds
        }
    }

    /// The frame of which something is told.
    package struct Moment: Sendable {
        /// Its number.
        package var sequence: UInt64
        /// When it was taken.
        package var time: MonoTime
        /// The size at which masks are sent, in pixels.
        package var maskSize: (width: Int, height: Int)

        /// Names a frame.
        package init(sequence: UInt64, time: MonoTime, maskSize: (width: Int, height: Int)) {
            self.sequence = sequence
            self.time = time
            self.maskSize = maskSize
        }
    }

    private let hub: Hub
    private let settings: Settings
    private var components = ConnectedComponents()
    private var tracker: InstanceTracker
    private var encoder = RunLengthEncoder()
    /// The mask's logits with nothing inside, but for the part that is being encoded.
    private var isolated: [Float] = []
    private var moment = Moment(sequence: 0, time: MonoTime(nanoseconds: 0), maskSize: (1, 1))

    /// A publisher that has seen nothing.
    package init(hub: Hub, settings: Settings = Settings()) {
        self.hub = hub
        self.settings = settings
        var options = InstanceTracker.Options()
        options.graceNanoseconds = settings.graceNanoseconds
        tracker = InstanceTracker(options: options)
    }

    /// Takes the sounding object's mask on the next frame, and sends what became of its instances. To be called when the frame's own record has been
    /// published. Throws `WireError.Code.invalidMask` where the masks' size is none.
    ///
    /// - Parameters:
    ///   - logits: `side` rows of `side` values that stand for the whole frame; nil where nothing is heard.
    ///   - side: the mask's side, in cells.
    package func publish(_ logits: UnsafeBufferPointer<Float>?, side: Int, at moment: Moment) throws(WireError) {
        self.moment = moment
        guard let logits else { return try send(tracker.advance(nil, at: moment.time), UnsafeBufferPointer(start: nil, count: 0), side) }
        let minimumArea = max(1, Int((settings.minimumShare * Double(logits.count)).rounded(.up)))
        components.find(
            logits, width: side, height: side, minimumArea: minimumArea, maximumParts: tracker.options.maximumParts)
        try send(tracker.advance(components, at: moment.time), logits, side)
    }

    /// Ends all instances, since the object is forgotten. They end on the newest frame.
    package func reset() {
        for action in tracker.reset() {
            if case .end(let number, let reason) = action { end(number, reason) }
        }
    }

    private func end(_ number: UInt64, _ reason: InstanceTracker.EndReason) {
        hub.publish(
            InstanceRecord(
                number: number, sequence: moment.sequence, time: moment.time, reason: InstanceRecord.Reason(rawValue: reason.rawValue)))
    }

    private func send(_ actions: [InstanceTracker.Action], _ logits: UnsafeBufferPointer<Float>, _ side: Int) throws(WireError) {
        // Nobody is there to be told; who comes later hears of an instance with its next update.
        guard hub.clientCount > 0, !actions.isEmpty else { return }
        clear(logits)
        for action in actions {
            switch action {
            case .begin(let number, let part): try tell(number, isNew: true, part, logits, side)
            case .update(let number, let part): try tell(number, isNew: false, part, logits, side)
            case .end(let number, let reason): end(number, reason)
            }
        }
    }

    /// Takes over all cells, those inside with the other sign.
    private func clear(_ logits: UnsafeBufferPointer<Float>) {
        // Without sound there are only ends.
        guard !logits.isEmpty else { return }
        if isolated.count != logits.count { isolated = [Float](repeating: 0, count: logits.count) }
        for (index, logit) in logits.enumerated() { isolated[index] = logit > 0 ? -logit : logit }
    }

    /// Sends an instance with its own part of the mask. A part and the next one never share a square of four cells, between which enlarging
    /// interpolates: they would touch. So its pixels are exactly those that the whole mask has there.
    private func tell(
        _ number: UInt64, isNew: Bool, _ part: Int, _ logits: UnsafeBufferPointer<Float>, _ side: Int
    ) throws(WireError) {
        let box = components.parts[part].box
        let label = Int32(part + 1)
        func fill(_ sign: Float) {
            for y in box.y..<(box.y + box.height) {
                for index in (y * side + box.x)..<(y * side + box.x + box.width) where components.labels[index] == label {
                    isolated[index] = sign * logits[index]
                }
            }
        }
        fill(1)
        defer { fill(-1) }
        try encode(side)
        hub.publish(
            InstanceRecord(
                number: number, isNew: isNew, sequence: moment.sequence, time: moment.time, shape: InstanceRecord.Shape(encoder: encoder)))
    }

    private func encode(_ side: Int) throws(WireError) {
        let size = moment.maskSize
        // A closure throws any error; the encoder's is all that can come.
        let result: Result<Void, WireError> = isolated.withUnsafeBufferPointer { logits in
            do throws(WireError) {
                return .success(
                    try encoder.encode(logits: logits, logitsWidth: side, logitsHeight: side, width: size.width, height: size.height))
            } catch {
                return .failure(error)
            }
        }
        try result.get()
    }
}
