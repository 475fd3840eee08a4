import Foundation

/// Where a graph's large constants go while it is built: a file of raw little-endian numbers that several graphs share.
package protocol WeightStore: AnyObject {
    /// The file name that the graphs refer to (ONNX's external data `location`), relative to the graph's own folder.
    var location: String { get }

    /// Appends a tensor's bytes and returns the byte offset at which they start. Throws when the file cannot be written.
    func append(_ bytes: Data) throws(GraphError) -> Int
}

extension WeightStore {
    /// Appends float32 values and returns the byte offset at which they start. Throws when the file cannot be written.
    package func append(_ values: [Float]) throws(GraphError) -> Int { try append(values.withUnsafeBytes { Data($0) }) }
}

/// A store that keeps everything in memory, for tests and for building a graph only to look at it.
package final class MemoryWeightStore: WeightStore {
    package let location = "weights.bin"
    /// What was appended, in order.
    package private(set) var bytes = Data()

    /// Makes an empty store.
    package init() {}

    package func append(_ bytes: Data) throws(GraphError) -> Int {
        let offset = self.bytes.count
        self.bytes.append(bytes)
        return offset
    }
}
