import AuralCore

extension Request {
    /// What a request says of one object.
    public typealias ObjectPrompt = (object: ObjectID, sequence: UInt64?, prompt: Prompt)

    /// The prompt that it gives; nil for a request of another kind. Throws where its mask cannot be decoded.
    public func prompt() throws(WireError) -> ObjectPrompt? {
        switch body {
        case .points(let object, let sequence, let points, let box, let replacing):
            (object, sequence, .points(points, box: box, replacing: replacing))
        case .mask(let object, let sequence, let mask): (object, sequence, .mask(try mask.decoded()))
        case .removeObject, .reset, .setExpression, .status, .subscribe: nil
        }
    }

    /// The same prompt for a frame that is named; other requests as they are.
    public func naming(frame sequence: UInt64) -> Request {
        var request = self
        switch body {
        case .points(let object, _, let points, let box, let replacing):
            request.body = .points(objectID: object, sequence: sequence, points: points, box: box, replacing: replacing)
        case .mask(let object, _, let mask): request.body = .mask(objectID: object, sequence: sequence, mask: mask)
        case .removeObject, .reset, .setExpression, .status, .subscribe: break
        }
        return request
    }
}
