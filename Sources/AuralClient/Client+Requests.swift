import AuralCore
import AuralWire

extension Client {
    /// Clicks on an object, with an optional box around it: starts the object, or corrects it.
    ///
    /// - Parameters:
    ///   - object: your number for it, 1…1,000,000; 0 is the sounding object.
    ///   - points: fractions of the frame; positive ones are on the object, negative ones are not. At most 64.
    ///   - box: where the object is, as fractions of the frame.
    ///   - sequence: the frame that is meant, which must be the one shown last; nil for the next one.
    ///   - replacing: forget the points given before on the same frame.
    /// - Returns: the frame on which it took effect, and the object as it is now.
    /// - Throws: the daemon's `ErrorRecord`, or `SocketError`.
    @discardableResult
    public func addPoints(
        _ points: [PointPrompt], box: BoxPrompt? = nil, to object: ObjectID, onFrame sequence: UInt64? = nil, replacing: Bool = true
    ) async throws -> ReplyRecord {
        let body = Request.Body.points(objectID: object, sequence: sequence, points: points, box: box, replacing: replacing)
        return try await send(Request(id: nil, verb: points.isEmpty ? .addBox : .addPoints, body: body))
    }

    /// Puts a box around an object. Parameters and errors as of `addPoints`.
    @discardableResult
    public func addBox(_ box: BoxPrompt, to object: ObjectID, onFrame sequence: UInt64? = nil) async throws -> ReplyRecord {
        try await addPoints([], box: box, to: object, onFrame: sequence)
    }

    /// Says where an object is, pixel by pixel; the mask may have any size, for it stands for the whole frame. Errors as of `addPoints`.
    @discardableResult
    public func addMask(_ mask: RunLengthMask, to object: ObjectID, onFrame sequence: UInt64? = nil) async throws -> ReplyRecord {
        try await send(Request(id: nil, verb: .addMask, body: .mask(objectID: object, sequence: sequence, mask: mask)))
    }

    /// Forgets an object. Errors as of `addPoints`.
    @discardableResult
    public func remove(_ object: ObjectID) async throws -> ReplyRecord {
        try await send(Request(id: nil, verb: .removeObject, body: .removeObject(object)))
    }

    /// Forgets all objects. Errors as of `addPoints`.
    @discardableResult
    public func reset() async throws -> ReplyRecord { try await send(Request(id: nil, verb: .reset, body: .reset)) }

    /// Says in words which sound is meant; nil for no words. Errors as of `addPoints`.
    @discardableResult
    public func setExpression(_ expression: String?) async throws -> ReplyRecord {
        try await send(Request(id: nil, verb: .setExpression, body: .setExpression(expression)))
    }

    /// Asks how the daemon is. Errors as of `addPoints`; `connectionClosed` where the reply has no report.
    public func status() async throws -> StatusReport {
        guard let status = try await send(Request(id: nil, verb: .status, body: .status)).status else {
            throw SocketError(.connectionClosed, "the reply to status has no status in it")
        }
        return status
    }

    /// Changes what this connection gets; nil leaves a setting as it is. Errors as of `addPoints`.
    @discardableResult
    public func subscribe(to topics: [Subscription.Topic]? = nil, policy: DeliveryPolicy? = nil) async throws -> ReplyRecord {
        try await send(Request(id: nil, verb: .subscribe, body: .subscribe(policy: policy, topics: topics)))
    }
}
