import AuralCapture
import ServiceLifecycle

/// The pipeline as one of the daemon's services: ends with the daemon, not with its source.
struct PipelineService: Service {
    let pipeline: SegmentationPipeline
    let mailbox: FrameMailbox

    func run() async throws {
        try await withGracefulShutdownHandler {
            try await pipeline.run(mailbox)
        } onGracefulShutdown: {
            mailbox.close()
        }
        // A daemon does not end because its clip did: clients may still ask for status and prompt the last frame.
        try await gracefulShutdown()
    }
}
