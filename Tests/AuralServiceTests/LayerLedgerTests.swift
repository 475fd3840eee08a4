import AuralInference
import AuralNetworks
import Testing

@testable import AuralService

@Suite struct LayerLedgerTests {
    private func layer(_ name: String, _ type: String, _ microseconds: Int64) -> LayerTime {
        LayerTime(name: name, type: type, kernel: "k", microseconds: microseconds)
    }

    @Test("layers are averaged over the runs of their stage, and stages stand in the order of a frame")
    func averages() {
        var ledger = LayerLedger()
        func note(_ stage: StageName, _ runs: Int, _ layers: [LayerTime]) { ledger.note(stage, LayerProfile(runs: runs, layers: layers)) }
        note(.maskDecoder, 7, [layer("a", "Add", 500)])
        // Three runs in all: those of the second profile are the means of two.
        note(.imageEncoder, 1, [layer("one", "MatMul", 3000), layer("two", "MatMul", 3000), layer("three", "Add", 0)])
        note(.imageEncoder, 2, [layer("one", "MatMul", 1500), layer("two", "MatMul", 1500), layer("three", "Add", 6000)])
        note(.memoryEncoder, 1, [])
        note(.memoryAttention, 0, [])
        #expect(
            ledger.byType == [
                .init(stage: "image_encoder", name: "Add", detail: "1 layers", milliseconds: 4, share: 0.5),
                .init(stage: "image_encoder", name: "MatMul", detail: "2 layers", milliseconds: 4, share: 0.5),
                .init(stage: "mask_decoder", name: "Add", detail: "1 layers", milliseconds: 0.5, share: 1),
            ])
        #expect(ledger.longest(1).map(\.name) == ["three", "a"])
        #expect(ledger.longest(2).map(\.milliseconds) == [4, 2, 0.5])
        #expect(ledger.longest(9).count == 4 && LayerLedger().longest(3).isEmpty && LayerLedger().byType.isEmpty)
    }
}
