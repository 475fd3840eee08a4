import Foundation
import Testing

extension EndToEnd {
    /// `aurald evaluate` and `aurald avs`, as far as they get without trained weights.
    @Suite struct EvaluateTests {
        private func evaluate(_ root: String, _ rest: String...) async throws -> AuraldProcess.Outcome {
            try await AuraldProcess.run(["evaluate", "--model", Fixtures.path("no-model"), "--root", root] + rest)
        }

        @Test("A data set that is not there, or whose table is broken, is found before the model is loaded", .timeLimit(.minutes(4)))
        func dataset() async throws {
            let nowhere = Fixtures.path("nowhere")
            expectFailure(try await evaluate(nowhere, "--dataset", "avsbench", "--subset", "v1m"), 66, naming: "\(nowhere)/metadata.csv", "not there")
            let table = try Fixtures.file("metadata.csv", "vid,uid,split,fid,exp\nv,v_0_1,test_s,1,the dog, left\n".utf8)
            let root = URL(filePath: table).deletingLastPathComponent().path
            expectFailure(try await evaluate(root, "--dataset", "ref-avs"), 65, naming: table, "line 2", "6 fields", "5 columns")
        }

        @Test("A split that the table does not have ends with 64 and names those that it has", .timeLimit(.minutes(4)))
        func split() async throws {
            let table = try Fixtures.file("metadata.csv", "uid,split,label\na,test,v1m\nb,train,v1s\n".utf8)
            let root = URL(filePath: table).deletingLastPathComponent().path
            let outcome = try await evaluate(root, "--dataset", "avsbench", "--subset", "v1m", "--split", "val")
            expectFailure(outcome, 64, naming: "split val", "test, train")
        }

        @Test("A clip or file that a row names and nobody has ends with 66 and the row", .timeLimit(.minutes(4)))
        func row() async throws {
            let table = try Fixtures.file("metadata.csv", "uid,split,label\na,test,v1m\n".utf8)
            let root = URL(filePath: table).deletingLastPathComponent().path
            expectFailure(try await evaluate(root, "--dataset", "avsbench", "--subset", "v1m"), 66, naming: "line 2", "\(root)/v1m/a/frames")
        }

        @Test("A model that is not there ends with 66", .timeLimit(.minutes(4)))
        func model() async throws {
            let path = Fixtures.path("no-model")
            expectFailure(try await AuraldProcess.run(["avs", "--model", path, "--clip", Fixtures.clip]), 66, naming: path)
        }
    }
}
