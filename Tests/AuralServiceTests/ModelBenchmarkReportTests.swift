import Testing

@testable import AuralService

@Suite struct ModelBenchmarkReportTests {
    @Test("the last tenth of a hundred frames is compared with the first, whatever one frame among them took")
    func drift() {
        var times = [Double](repeating: 4, count: 10) + [Double](repeating: 100, count: 80) + [Double](repeating: 6, count: 10)
        times[3] = 1000
        times[95] = 1000
        #expect(ModelBenchmark.Report.drift(times) == 1.5)
    }

    @Test("a stretch of frames is summed up, and knows the process's memory")
    func stretch() {
        let stretch = ModelBenchmark.Stretch(frame: 300, times: [5, 1, 9, 2, 3])
        #expect(stretch.frame == 300 && stretch.median == 3 && stretch.p95 == 9)
        #expect(stretch.residentMebibytes > 1 && stretch.residentMebibytes <= ModelBenchmark.peakMemory())
    }

    @Test("fewer frames than a hundred tell nothing of it", arguments: [0, 1, 99])
    func tooFew(_ count: Int) {
        #expect(ModelBenchmark.Report.drift([Double](repeating: 4, count: count)) == nil)
    }
}
