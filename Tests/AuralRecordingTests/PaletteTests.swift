import AuralCapture
import Testing

@testable import AuralRecording

@Suite struct PaletteTests {
    @Test("the colours are those of DAVIS, and a palette PNG shows them")
    func colours() throws {
        #expect(Array(PaletteExport.palette[0..<15]) == [0, 0, 0, 128, 0, 0, 0, 128, 0, 128, 128, 0, 0, 0, 128])
        #expect(Array(PaletteExport.palette[(8 * 3)..<(8 * 3 + 3)]) == [64, 0, 0] && Array(PaletteExport.palette[765...]) == [224, 224, 192])
        let png = try PNGWriter.encode(indices: [0, 1, 2, 255, 3, 4], width: 3, height: 2, palette: PaletteExport.palette, name: "test")
        // The header says: 3 by 2, 8 bits, palette.
        #expect(Array(png[16..<26]) == [0, 0, 0, 3, 0, 0, 0, 2, 8, 3])
        #expect(throws: CaptureError.self) { try PNGWriter.encode(indices: [0], width: 2, height: 1, palette: PaletteExport.palette, name: "test") }
        #expect(throws: CaptureError.self) { try PNGWriter.encode(indices: [0, 0], width: 2, height: 1, palette: [1], name: "test") }
    }

    @Test(
        "a sequence's name has nothing that a path could trip over",
        arguments: [("seen", "seen"), ("a/b c", "b_c"), ("x/../ü..", "_.."), ("/", "recording")])
    func names(path: String, name: String) {
        #expect(Exporter.name(of: path) == name)
    }
}
