import AuralCore
import AuralTracking
import Testing

@Suite struct ConnectedComponentsTests {
    private static func parts(_ picture: CellPicture, minimumArea: Int = 1, maximumParts: Int = .max) -> ConnectedComponents {
        var components = ConnectedComponents()
        picture.find(&components, minimumArea: minimumArea, maximumParts: maximumParts)
        return components
    }

    @Test("Corners connect, the largest part comes first, and equals come in the order of their first cells")
    func order() {
        let components = Self.parts(
            CellPicture(
                "a..b...",
                ".a.b..c",
                "a..b.c.",
                "...bb.."))
        #expect(components.parts.map(\.area) == [7, 3])
        #expect(components.parts.map(\.box) == [.init(x: 3, y: 0, width: 4, height: 4), .init(x: 0, y: 0, width: 2, height: 3)])
        #expect(components.labels == [2, 0, 0, 1, 0, 0, 0, 0, 2, 0, 1, 0, 0, 1, 2, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 1, 0, 0])
        let equal = Self.parts(CellPicture("..bb", "a...", "a..c", "...c"))
        #expect(equal.parts.map(\.box.x) == [2, 0, 3])
    }

    @Test(
        "Shapes that meet only late are one part",
        arguments: [
            CellPicture("#.#", "#.#", "###"), CellPicture("#...#", ".#.#.", "..#.."), CellPicture("#.#.#.#", "#######"),
            CellPicture(".####", ".#..#", "##.##", "#....", "#####"), CellPicture("..#", ".#.", "#..", ".#.", "..#"), CellPicture("#"),
        ])
    func shapes(picture: CellPicture) {
        let components = Self.parts(picture)
        #expect(components.parts.count == 1 && components.parts.first?.area == picture.logits.count { $0 > 0 })
        #expect(components.parts.first?.box == PixelRectangle(x: 0, y: 0, width: picture.width, height: picture.height))
    }

    @Test("Small parts and those beyond the largest are outside")
    func bounds() {
        let picture = CellPicture("##.#.#", "##....", "...###", "#.....")
        #expect(Self.parts(picture).parts.map(\.area) == [4, 3, 1, 1, 1])
        #expect(Self.parts(picture, minimumArea: 3).parts.map(\.area) == [4, 3])
        #expect(Self.parts(picture, minimumArea: 5).labels.allSatisfy { $0 == 0 })
        let two = Self.parts(picture, maximumParts: 2)
        #expect(two.parts.map(\.area) == [4, 3] && two.labels.filter { $0 != 0 }.count == 7)
        #expect(Self.parts(picture, maximumParts: 0).parts.isEmpty)
    }

    @Test("Zero and NaN are outside, infinity is inside; a number of values that does not fit has no parts")
    func values() {
        let odd = CellPicture(width: 4, height: 1, logits: [0, .nan, .infinity, -.infinity])
        #expect(Self.parts(odd).labels == [0, 0, 1, 0])
        for (width, height) in [(3, 1), (0, 0), (-4, -1), (.max, 2), (4, 2)] {
            let components = Self.parts(CellPicture(width: width, height: height, logits: [1, 1, 1, 1]))
            #expect(components.parts.isEmpty && components.labels.isEmpty && components.width == 0)
        }
    }

    @Test("Random pictures have the parts that a search from cell to cell finds", .timeLimit(.minutes(5)))
    func random() {
        var random = SplitMix64(seedName: "components")
        var components = ConnectedComponents()
        for round in 0..<400 {
            let (width, height) = (Int.random(in: 1...20, using: &random), Int.random(in: 1...20, using: &random))
            let density = Double(round % 10) / 10
            let logits = (0..<(width * height)).map { _ in Float(Double.random(in: 0..<1, using: &random) < density ? 1 : -1) }
            let picture = CellPicture(width: width, height: height, logits: logits)
            let (minimum, maximum) = (Int.random(in: 1...4, using: &random), Int.random(in: 1...8, using: &random))
            picture.find(&components, minimumArea: minimum, maximumParts: maximum)
            // Sorting is stable.
            let expected = picture.floods.filter { $0.count >= minimum }.sorted { $0.count > $1.count }.prefix(maximum)
            #expect(components.parts.map(\.area) == expected.map(\.count))
            for (place, cells) in expected.enumerated() {
                #expect(Set(components.labels.indices.filter { components.labels[$0] == Int32(place + 1) }) == cells)
                let (columns, rows) = (cells.map { $0 % width }, cells.map { $0 / width })
                let box = components.parts[place].box
                #expect(box.x == columns.min() && box.x + box.width - 1 == columns.max())
                #expect(box.y == rows.min() && box.y + box.height - 1 == rows.max())
            }
            #expect(components.labels.allSatisfy { (0...Int32(expected.count)).contains($0) })
        }
    }

    @Test("Pictures of one size are labelled in the same memory")
    func memory() {
        var components = ConnectedComponents()
        var random = SplitMix64(seed: 3)
        var places: Set<UInt> = []
        for _ in 0..<20 {
            let logits = (0..<4096).map { _ in Float(random.unit()) }
            CellPicture(width: 64, height: 64, logits: logits).find(&components, maximumParts: 16)
            places.insert(components.labels.withUnsafeBufferPointer { UInt(bitPattern: $0.baseAddress) })
        }
        #expect(places.count == 1)
    }
}
