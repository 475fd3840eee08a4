import AuralWire
import Testing

@testable import AuralService

@Suite struct StatusLineTests {
    @Test("the line names what is missing, and nothing that could steer a terminal")
    func text() {
        func source(_ name: String, _ state: SourceRecord.State) -> SourceRecord { SourceRecord(source: name, medium: .video, state: state) }
        #expect(StatusLine.text(address: "/s", sources: []) == "running, clients connect to /s")
        let sound = SourceRecord(source: "microphone", medium: .audio, state: .denied)
        #expect(
            StatusLine.text(address: "/s", sources: [sound, source("camera", .absent)])
                == "running, clients connect to /s; camera is absent, microphone is denied")
        #expect(
            StatusLine.text(address: "/s", sources: [source("camera", .streaming), source("microphone", .ended)]) == "running, clients connect to /s")
        #expect(
            StatusLine.text(address: "/s", sources: [source("camera", .busy), source("micro\u{1B}phone", .absent)])
                == #"running, clients connect to /s; camera is busy, micro\u{1b}phone is absent"#)
    }
}
