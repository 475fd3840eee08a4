import AuralCore
import AuralWire
import Logging
import NIOCore

/// The connections that are open. Lives on the server's event loop; its methods may be called from anywhere.
final class ClientRegistry: Sendable {
    private struct State {
        var connections: [ClientID: ConnectionHandler] = [:]
        var count: UInt64 = 0
        /// Requests that are being done, also for clients that have gone meanwhile.
        var tasks: [UInt64: Task<Void, Never>] = [:]
        var taskCount: UInt64 = 0
        /// The latest state of each source, as records that clients get after their hello.
        var sources: [(key: Hub.SourceKey, record: Hub.Encoded)] = []
    }

    private let context: ConnectionContext
    private let eventLoop: any EventLoop
    private let state: NIOLoopBoundBox<State?>

    init(context: ConnectionContext, eventLoop: any EventLoop) {
        self.context = context
        self.eventLoop = eventLoop
        state = NIOLoopBoundBox.makeEmptyBox(valueType: State.self, eventLoop: eventLoop)
    }

    /// Hands a record to every client's queue.
    func broadcast(_ record: Hub.Encoded) {
        eventLoop.execute { [self] in
            var current = state.value ?? State()
            if let key = record.source {
                if let index = current.sources.firstIndex(where: { $0.key == key }) {
                    current.sources[index].record = record
                } else {
                    current.sources.append((key, record))
                }
                state.value = current
            }
            // From a copy, since a client that is disconnected removes itself.
            for connection in Array(current.connections.values) { connection.broadcast(record) }
            if let published = record.published {
                context.metrics?.stages[.send].observe(nanoseconds: SystemTimeSource().now().nanoseconds(since: published))
            }
        }
    }

    /// The latest state of each source. On the event loop.
    var sources: [Hub.Encoded] { (state.value?.sources ?? []).map(\.record) }

    /// Takes a connection that was accepted, or turns it away.
    func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        var current = state.value ?? State()
        guard current.connections.count < context.limits.maximumClients else {
            let limit = context.limits.maximumClients
            context.logger.warning("client turned away: too many clients", metadata: ["limit": "\(limit)"])
            let error = ErrorRecord(.busy, "all \(limit) places are taken (socket.max_clients); try again later")
            return channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.addHandler(TurnAwayHandler(Hub.encode(error).bytes))
            }
        }
        current.count += 1
        let id = ClientID(current.count)
        return channel.eventLoop.makeCompletedFuture {
            let handler = ConnectionHandler(id: id, context: context, registry: self)
            try channel.pipeline.syncOperations.addHandler(handler)
            current.connections[id] = handler
            state.value = current
            tell()
        }
    }

    /// Tells the hub how many clients there are, and what they want. On the event loop.
    func tell() {
        let connections = state.value?.connections ?? [:]
        let topics = connections.values.reduce(into: Set()) { $0.formUnion($1.topics) }
        context.hub.setClients(connections.count, wanting: topics)
    }

    /// Forgets a connection that ended. On the event loop.
    func remove(_ id: ClientID) {
        state.value?.connections[id] = nil
        tell()
    }

    /// Has a request done, and calls `completion` on the event loop. On the event loop.
    func handle(_ request: Request, from client: ClientID, _ completion: @escaping (Reply) -> Void) {
        var current = state.value ?? State()
        let number = current.taskCount
        current.taskCount += 1
        let completion = NIOLoopBound(completion, eventLoop: eventLoop)
        current.tasks[number] = Task { [self, handler = context.handler] in
            let reply = await handler.handle(request, from: client)
            eventLoop.execute { [self] in
                state.value?.tasks[number] = nil
                completion.value(reply)
            }
        }
        state.value = current
    }

    /// Tells every client that the daemon ends, closes the connections, cancels the requests that are being done and waits for
    /// them.
    func closeAll() async {
        let error = Hub.encode(ErrorRecord(.shuttingDown, "aurald is shutting down"))
        let tasks = try? await eventLoop.submit { [self] in
            let current = state.value ?? State()
            for connection in Array(current.connections.values) {
                connection.send(error)
                connection.close()
            }
            for task in current.tasks.values { task.cancel() }
            return Array(current.tasks.values)
        }.get()
        for task in tasks ?? [] { await task.value }
    }
}
