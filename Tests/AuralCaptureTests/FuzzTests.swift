import AuralCore
import Foundation
import Testing

@testable import AuralCapture

@Suite struct FuzzTests {
    /// One to eight changes of a file: a byte, a number that is a favourite of parsers, a piece cut out or doubled, the end cut.
    private func mutate(_ file: [UInt8], _ generator: inout SplitMix64, header: Int) -> [UInt8] {
        var file = file
        let favourites: [[UInt8]] = [
            [0, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [0x7F, 0xFF, 0xFF, 0xFF], [0xFF, 0xFF, 0xFF, 0x7F], [0, 0, 0, 0x80],
            [1, 0, 0, 0],
            [0xF8, 0xFF, 0xFF, 0xFF], Array("LIST".utf8), Array("movi".utf8), Array("-999".utf8),
        ]
        for _ in 0...Int.random(in: 0..<8, using: &generator) {
            guard file.count > 8 else { break }
            // Half of the changes hit the header, where the sizes are.
            let reach = Bool.random(using: &generator) ? min(header, file.count) : file.count
            let place = Int.random(in: 0..<max(1, reach - 4), using: &generator)
            switch Int.random(in: 0..<8, using: &generator) {
            case 0...2: file[place] = UInt8.random(in: 0...255, using: &generator)
            case 3: file[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 4:
                let favourite = favourites[Int.random(in: 0..<favourites.count, using: &generator)]
                file.replaceSubrange(place..<min(place + 4, file.count), with: favourite)
            case 5:
                file.removeSubrange(place..<min(file.count, place + Int.random(in: 1...40, using: &generator)))
            case 6:
                file.insert(
                    contentsOf: file[place..<min(file.count, place + Int.random(in: 1...40, using: &generator))], at: place)
            default:
                if Int.random(in: 0..<4, using: &generator) == 0 {
                    file.removeLast(Int.random(in: 0..<file.count / 2, using: &generator))
                }
            }
        }
        return file
    }

    /// Feeds mutations of `seed` to `body`; errors must be ours and have a message. Returns how many were accepted and refused.
    private func fuzz(_ seed: [UInt8], rounds: Int, state: UInt64, header: Int, _ body: (String) throws -> Void) throws -> (
        Int, Int
    ) {
        var generator = SplitMix64(seed: state)
        var (accepted, refused) = (0, 0)
        try Fixtures.withFolder { folder in
            let path = folder + "/fuzz"
            for round in 0..<rounds {
                let file = mutate(seed, &generator, header: header)
                try Data(file).write(to: URL(filePath: path))
                do {
                    try body(path)
                    accepted += 1
                } catch let error as CaptureError {
                    refused += 1
                    #expect(!error.message.isEmpty && error.path == path, "round \(round)")
                }
            }
        }
        return (accepted, refused)
    }

    private let pool = ImagePool()

    @Test("no mutation of a Y4M file does any harm", .timeLimit(.minutes(5)))
    func y4m() throws {
        for (number, name) in ["c420jpeg", "c420_odd_full", "mono"].enumerated() {
            let seed = try Fixtures.bytes("video/\(name).y4m")
            let result = try fuzz(seed, rounds: 1500, state: UInt64(number), header: 90) { path in
                let reader = try Y4MReader(path: path, pool: pool)
                while let image = try reader.next() {
                    #expect(image.width == reader.width && image.height == reader.height)
                }
            }
            #expect(result.0 > 0 && result.1 > 0)
        }
    }

    @Test("no mutation of an AVI file does any harm", .timeLimit(.minutes(5)))
    func avi() throws {
        let small = try AVITests.Builder().file(
            .list("rec ", .chunk("00dc", Fixtures.bytes("pictures/yuv420.jpg"))) + .chunk("00dc", [])
                + .chunk("00dc", Fixtures.bytes("pictures/grey.jpg")))
        let result = try fuzz(small, rounds: 4000, state: 11, header: 330) { path in
            let reader = try AVIReader(path: path, pool: pool)
            while let image = try reader.next() {
                #expect(image.width == reader.width && image.height == reader.height)
            }
        }
        #expect(result.0 > 0 && result.1 > 0)
    }

    @Test("no mutation of a WAVE file does any harm", .timeLimit(.minutes(5)))
    func wav() throws {
        for (number, bits) in [8, 16, 24, 32].enumerated() {
            let seed = WAVTests.file(tag: 1, channels: 2, rate: 8000, bits: bits, data: [UInt8](repeating: 7, count: 960))
            let result = try fuzz(seed, rounds: 1000, state: UInt64(20 + number), header: 60) { path in
                let reader = try WAVReader(path: path)
                let samples = try reader.samples(in: 0..<Int.max)
                #expect(samples.count == reader.channelCount && samples.allSatisfy { $0.count == reader.sampleCount })
                _ = AudioLevel.decibels(of: samples)
            }
            #expect(result.0 > 0 && result.1 > 0)
        }
    }

    @Test(
        "no mutation of a picture does any harm", .timeLimit(.minutes(5)),
        arguments: ["yuv420_odd.jpg", "progressive.jpg", "grey.jpg", "palette_transparent.png", "rgba.png", "bilevel.png"])
    func pictures(name: String) throws {
        let seed = try Fixtures.bytes("pictures/" + name)
        let decoder = try ImageDecoder()
        let result = try fuzz(seed, rounds: 700, state: 31, header: 64) { path in
            let image = try decoder.decode(file: path, pool: pool)
            #expect(RGBImage.byteCount(width: image.width, height: image.height) == image.bytes.count)
        }
        #expect(result.1 > 0)
    }

    @Test("a PNG file whose damage has the right check sums does no harm", .timeLimit(.minutes(5)))
    func pngChunks() throws {
        // libpng refuses most mutations at the check sum; these go further.
        let seed = try Fixtures.bytes("pictures/palette_transparent.png")
        let result = try fuzz(seed, rounds: 1500, state: 41, header: 200) { path in
            var file = Array(try Data(contentsOf: URL(filePath: path)))
            Self.repairCheckSums(&file)
            try Data(file).write(to: URL(filePath: path))
            _ = try ImageDecoder().decode(file: path, pool: pool)
        }
        #expect(result.0 > 0 && result.1 > 0)
    }

    private static func repairCheckSums(_ file: inout [UInt8]) {
        var offset = 8
        while offset + 12 <= file.count {
            let size = (0..<4).reduce(0) { $0 << 8 | Int(file[offset + $1]) }
            guard size <= file.count - offset - 12 else { return }
            var crc: UInt32 = 0xFFFF_FFFF
            for byte in file[offset + 4..<offset + 8 + size] {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
            }
            crc = ~crc
            for index in 0..<4 { file[offset + 8 + size + index] = UInt8(truncatingIfNeeded: crc >> (24 - 8 * UInt32(index))) }
            offset += 12 + size
        }
    }
}
