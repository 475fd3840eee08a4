import AuralInference
import AuralNetworks
import AuralTesting
import Testing

@Suite(.serialized, .networks) struct ONNXCheckerTests {
    private static let hasChecker = TestSettings.run(TestSettings.python, ["-c", "import onnx"])?.status == 0

    @Test(
        "the onnx package's own checker, with shape inference, finds nothing wrong in a bundle's graphs",
        .enabled(if: hasChecker, "no Python with the onnx package here; name one in AURALD_TEST_PYTHON"), .timeLimit(.minutes(20)))
    func check() throws {
        let bundles = try [
            TestBundle.synthetic(TestBundle.smallRecipe, imageSize: 256), TestBundle.synthetic("sam2.1_hiera_tiny", imageSize: 512),
        ]
        let program =
            "import sys, onnx\nfor path in sys.argv[1:]: onnx.checker.check_model(path, full_check=True)\nprint('checked', len(sys.argv) - 1)"
        for bundle in bundles {
            let paths = StageName.sam2.map { bundle.path(of: $0) }
            let result = try #require(TestSettings.run(TestSettings.python, ["-c", program] + paths))
            #expect(result.status == 0, "\(result.output)")
            #expect(result.output.contains("checked \(paths.count)"))
        }
    }
}
