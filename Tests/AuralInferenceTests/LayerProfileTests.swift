import AuralInference
import Testing

@Suite struct LayerProfileTests {
    private func layer(_ name: String, _ microseconds: Int64) -> LayerTime {
        LayerTime(name: name, type: "Add", kernel: "k", microseconds: microseconds)
    }

    @Test("what a slow first run left in the means is not in those of the later runs")
    func later() {
        let first = LayerProfile(runs: 1, layers: [layer("a", 9000), layer("b", 10)])
        let all = LayerProfile(runs: 4, layers: [layer("a", 3000), layer("b", 10), layer("c", 40)])
        // 9000, and 1000 in each of three more; c took no time at first.
        #expect(all.since(first) == LayerProfile(runs: 3, layers: [layer("a", 1000), layer("b", 10), layer("c", 53)]))
    }

    @Test("rounding makes no time negative, and without later runs there is nothing")
    func none() {
        let first = LayerProfile(runs: 10, layers: [layer("a", 8)])
        #expect(LayerProfile(runs: 11, layers: [layer("a", 7)]).since(first).layers == [layer("a", 0)])
        #expect(first.since(first) == LayerProfile())
        #expect(LayerProfile().since(first) == LayerProfile())
    }
}
