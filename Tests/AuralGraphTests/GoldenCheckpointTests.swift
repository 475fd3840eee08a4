import AuralCore
import Foundation
import Testing

@testable import AuralGraph

@Suite struct GoldenCheckpointTests {
    static let names = [
        "flat.pt", "flat-protocol4.pt", "model.pt", "state-dict.pt", "views.pt", "types.pt", "odd.pt", "zip64.pt",
        "types.safetensors", "plain.safetensors",
    ]

    @Test("every tensor of every fixture has the values that PyTorch reads", .timeLimit(.minutes(5)), arguments: names)
    func values(name: String) throws {
        let expected = try #require(try Golden.expected()[name])
        let source = try Checkpoint.open(Golden.path(name))
        #expect(source.names == expected.keys.sorted())
        #expect(source.label == name)
        for (key, tensor) in expected {
            #expect(source.shape(of: key) == tensor.shape, "\(key)")
            #expect(source.elementType(of: key)?.rawValue == tensor.type, "\(key)")
            #expect(try source.floats(key, shape: tensor.shape).map(\.bitPattern) == tensor.bits, "\(key)")
        }
    }

    @Test("every fixture that has expected values is tested", .timeLimit(.minutes(5)))
    func complete() throws {
        #expect(try Golden.expected().keys.sorted() == Self.names.sorted())
    }

    @Test(
        "a tensor that is not there, or has another shape, is an error that names it",
        .timeLimit(.minutes(5)), arguments: ["flat.pt", "plain.safetensors"]
    )
    func wrongRequests(name: String) throws {
        let source = try Checkpoint.open(Golden.path(name))
        let first = try #require(source.names.first)
        let shape = try #require(source.shape(of: first))
        #expect(source.shape(of: "nothing") == nil)
        #expect(source.elementType(of: "nothing") == nil)
        let missing = try #require(throws: CheckpointError.self) { try source.floats("nothing", shape: [1]) }
        #expect(missing.description.contains(name) && missing.description.contains("'nothing'"))
        #expect(missing.exitStatus == .dataError)
        let wrong = try #require(throws: CheckpointError.self) { try source.floats(first, shape: [9, 9]) }
        #expect(wrong.description.contains("'\(first)'"))
        #expect(wrong.description.contains("\(shape), expected [9, 9]"))
    }

    @Test("safetensors metadata is read", .timeLimit(.minutes(5)))
    func metadata() throws {
        let file = try SafetensorsFile(path: Golden.path("types.safetensors"))
        #expect(file.metadata == ["format": "pt", "licence": "none \"at all\""])
        #expect(try SafetensorsFile(path: Golden.path("plain.safetensors")).metadata == [:])
    }

    static let refused: [(name: String, words: [String])] = [
        ("hostile.pt", ["'posix.system'", "state dict"]),
        ("numpy.pt", ["multiarray.scalar'"]),
        ("float8.pt", ["_rebuild_tensor_v3'", "float8"]),
        ("no-tensors.pt", ["no tensors", "'epoch', 'optimizer'"]),
        ("list.pt", ["no dictionary"]),
        ("legacy.pt", ["before 1.6", "torch.save"]),
        ("bare.pkl", ["bare pickle"]),
        ("deflated.pt", ["compressed (deflate)", "data.pkl"]),
        ("torchscript.pt", ["TorchScript"]),
        ("expected.json", ["neither a safetensors file nor a PyTorch checkpoint"]),
    ]

    @Test("what is no checkpoint of ours is refused in one line that says why", .timeLimit(.minutes(5)), arguments: refused)
    func refusal(name: String, words: [String]) throws {
        let error = try #require(throws: CheckpointError.self) { _ = try Checkpoint.open(Golden.path(name)) }
        #expect(error.exitStatus == .dataError)
        #expect(error.description.hasPrefix(Golden.path(name)))
        #expect(!error.description.contains("\n"))
        for word in words {
            #expect(error.description.contains(word))
        }
    }

    @Test("every fixture is either read or refused by a test", .timeLimit(.minutes(5)))
    func allFixtures() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Golden.folder.path)
            .filter { $0.hasSuffix(".pt") || $0.hasSuffix(".safetensors") || $0.hasSuffix(".pkl") }
        #expect(Set(files).isSubset(of: Set(Self.names + Self.refused.map(\.name))))
    }
}
