import AuralCore
import AuralText
import AuralTracking
import AuralWire
import Logging

extension SegmentationPipeline {
    package func handle(_ request: Request, from client: ClientID) async -> Reply {
        if let source = request.source, source != description.source {
            return .failed(ErrorRecord(.badRequest, "source: there is none called \(source); this one is \(description.source)"))
        }
        switch request.body {
        case .points, .mask:
            guard let said = try? request.prompt() else { return .failed(ErrorRecord(.badRequest, "mask: cannot be decoded")) }
            return await prompt(said.object, said.prompt, said.sequence, request.verb)
        case .removeObject(let object):
            if let failure = segmenter.tracker.remove(object) { return .failed(ErrorRecord(failure)) }
            if object == .sounding { instances?.reset() }
            return done(request)
        case .reset:
            segmenter.tracker.reset()
            instances?.reset()
            return done(request)
        case .setExpression(let expression):
            if let failure = setExpression(expression) { return .failed(failure) }
            return done(request)
        case .status:
            return .done(ReplyRecord(id: request.id, verb: .status, status: status()))
        case .subscribe:
            return .failed(ErrorRecord(.internal, "subscribe is the server's own business"))
        }
    }

    /// Changes the words that say which sound is meant; nil for no words. Encoded here and now, once. Returns why that cannot be done, nil where it was.
    private func setExpression(_ expression: String?) -> ErrorRecord? {
        guard let expressions = segmenter.expressions else {
            return ErrorRecord(.unsupported, "expression: \(description.model) takes no words; import a model with --text FOLDER and a Ref-AVS fuser")
        }
        do {
            segmenter.tracker.setWords(try expressions.rows(expression ?? ""))
            return nil
        } catch let error as TextError {
            return ErrorRecord(.badRequest, "expression: \(error)")
        } catch {
            logger.error("expression failed", metadata: ["reason": "\(error)"])
            return ErrorRecord(.internal, "\(error)")
        }
    }

    private func done(_ request: Request) -> Reply {
        metrics?.follows(segmenter.tracker)
        tell(RequestRecord(sequence: latest?.sequence, request: request))
        return .done(ReplyRecord(id: request.id, verb: request.verb, sequence: latest?.sequence))
    }

    /// Applies a prompt at once where it names the frame shown last or where no more frames come, else with the next frame.
    private func prompt(_ object: ObjectID, _ prompt: Prompt, _ sequence: UInt64?, _ verb: Request.Verb) async -> Reply {
        if let sequence, sequence != latest?.sequence {
            let newest = latest.map { "the newest is \($0.sequence)" } ?? "none has come yet"
            return .failed(ErrorRecord(.frameExpired, "seq: frame \(sequence) is not at hand, \(newest); leave seq out to take the next frame"))
        }
        guard sequence != nil || hasEnded else {
            guard waiting.count < 256 else { return .failed(ErrorRecord(.busy, "256 prompts wait for the next frame; try again")) }
            nextWaiting += 1
            let number = nextWaiting
            return await withTaskCancellationHandler {
                await withCheckedContinuation { answer in
                    waiting.append(Waiting(number: number, object: object, prompt: prompt, verb: verb, answer: answer))
                }
            } onCancel: {
                Task { await self.withdraw(number) }
            }
        }
        return apply(object, prompt, verb)
    }

    /// Tells clients that want it what another one had done.
    func tell(_ record: @autoclosure () -> RequestRecord?) {
        guard hub.wants(.request), let record = record() else { return }
        if !hub.publish(part: record) {
            logger.warning(
                "left out: longer than a line may be", metadata: ["record": "\(RequestRecord.type)", "verb": "\(record.request.verb.rawValue)"])
        }
    }

    /// Nobody waits for this prompt any more: the daemon ends.
    private func withdraw(_ number: UInt64) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).answer?.resume(returning: .failed(ErrorRecord(.shuttingDown, "aurald is shutting down")))
    }

    /// Applies a prompt to the frame that was shown last.
    func apply(_ object: ObjectID, _ prompt: Prompt, _ verb: Request.Verb) -> Reply {
        defer { metrics?.follows(segmenter.tracker) }
        do {
            switch try segmenter.prompt(object, prompt) {
            case .success(let record):
                tell(RequestRecord(sequence: latest?.sequence, object: object, prompt: prompt))
                return .done(ReplyRecord(id: nil, verb: verb, sequence: latest?.sequence, object: record))
            case .failure(let failure): return .failed(ErrorRecord(failure))
            }
        } catch {
            logger.error("prompt failed", metadata: ["reason": "\(error)"])
            return .failed(ErrorRecord(.internal, "\(error)"))
        }
    }

    private func status() -> StatusReport {
        StatusReport(
            version: description.version, uptimeSeconds: Double(clock.now().nanoseconds(since: started)) / 1e9, sources: sources(),
            model: description.model, engine: description.engine, hears: segmenter.tracker.hears,
            takesWords: segmenter.expressions != nil, sequence: latest?.sequence, time: latest?.time, frames: framesTaken,
            framesDropped: framesDropped, framesPerSecond: latencies.framesPerSecond, latencyMedianMilliseconds: latencies.quantile(0.5),
            latency99Milliseconds: latencies.quantile(0.99), objects: segmenter.tracker.identifiers, clients: hub.clientCount)
    }
}

extension ErrorRecord {
    /// The tracker's refusal as clients see it.
    init(_ failure: TrackingError) {
        let code: Code =
            switch failure.code {
            case .badPrompt: .badRequest
            case .noSuchObject: .noSuchObject
            case .frameExpired: .frameExpired
            case .tooManyObjects: .busy
            }
        self.init(code, failure.description)
    }
}
