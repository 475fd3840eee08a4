import AuralCore
import AuralWire
import Testing

@Suite struct RequestParserTests {
    private func failure(_ line: String) -> ErrorRecord? {
        guard case .failure(let error) = RequestParser.parse(Array(line.utf8)) else { return nil }
        return error
    }

    @Test("the protocol's own example is understood")
    func example() throws {
        let line = """
            {"id":7,"verb":"add_points","source":"cam0","seq":1234,"object_id":1,"points":[[0.5,0.25],[1,0]],"labels":[1,0],\
            "clear_old":true}
            """
        let expected = Request.Body.points(
            objectID: ObjectID(1), sequence: 1234,
            points: [PointPrompt(x: 0.5, y: 0.25, isPositive: true), PointPrompt(x: 1, y: 0, isPositive: false)], box: nil,
            replacing: true)
        let request = try RequestParser.parse(Array(line.utf8)).get()
        #expect(request == Request(id: 7, verb: .addPoints, source: "cam0", body: expected))
    }

    @Test("a client may greet as the daemon does, with fields of later versions")
    func hello() throws {
        let line = #"{"type":"hello","proto":1,"policy":"sample=3","want":["source","smell"],"later":{}}"#
        let request = try RequestParser.parse(Array(line.utf8)).get()
        #expect(request.body == .subscribe(policy: .sample(every: 3), topics: [.source]))
        #expect(request.id == nil && request.verb == .hello)
    }

    @Test("object 0, which makes the sound, may be prompted and removed like any other")
    func soundingObject() throws {
        let click = #"{"verb":"add_points","object_id":0,"points":[[1,0]],"labels":[0]}"#
        let points = [PointPrompt(x: 1, y: 0, isPositive: false)]
        #expect(
            try RequestParser.parse(Array(click.utf8)).get().body
                == .points(objectID: .sounding, sequence: nil, points: points, box: nil, replacing: true))
        #expect(try RequestParser.parse(Array(#"{"verb":"remove_object","object_id":0}"#.utf8)).get().body == .removeObject(.sounding))
    }

    @Test("words are taken as they are, up to 512 bytes of UTF-8, and null is none")
    func expressions() throws {
        func parse(_ json: String) -> Request.Body? {
            try? RequestParser.parse(Array("{\"verb\":\"set_expression\",\"expression\":\(json)}".utf8)).get().body
        }
        #expect(parse("\"the barking dog\"") == .setExpression("the barking dog") && parse("null") == .setExpression(nil))
        #expect(parse("\" der \\u00e4ngstliche 🐕 \\\"x\\\" \"") == .setExpression(" der ängstliche 🐕 \"x\" "))
        #expect(parse("\"" + String(repeating: "ä", count: 256) + "\"") == .setExpression(String(repeating: "ä", count: 256)))
        let long = "{\"id\":4,\"verb\":\"set_expression\",\"expression\":\"" + String(repeating: "ä", count: 256) + "a\"}"
        #expect(failure(long)?.message.contains("1…512") == true && failure(long)?.id == 4)
    }

    @Test(
        "a wrong field is named",
        arguments: [
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0.5,1.5]],"labels":[1]}"#, "points[0]"),
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0.5,-0.1]],"labels":[1]}"#, "points[0]"),
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0.5]],"labels":[1]}"#, "points[0]"),
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0.5,"a"]],"labels":[1]}"#, "points[0][1]"),
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0.5,0.5]],"labels":[2]}"#, "labels[0]"),
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0.5,0.5]],"labels":[1,0]}"#, "labels"),
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0.5,0.5]]}"#, "labels"),
            (#"{"id":1,"verb":"add_points","object_id":1,"labels":[1]}"#, "points"),
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[],"labels":[]}"#, "points"),
            (#"{"id":1,"verb":"add_points","object_id":1}"#, "points"),
            (#"{"id":1,"verb":"add_points","object_id":-1,"points":[[0,0]],"labels":[1]}"#, "object_id"),
            (#"{"id":1,"verb":"add_points","object_id":1000001,"points":[[0,0]],"labels":[1]}"#, "object_id"),
            (#"{"id":1,"verb":"add_points","object_id":"1","points":[[0,0]],"labels":[1]}"#, "object_id"),
            (#"{"id":1,"verb":"add_points","points":[[0,0]],"labels":[1]}"#, "object_id"),
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0,0]],"labels":[1],"seq":-1}"#, "seq"),
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0,0]],"labels":[1],"clear_old":1}"#, "clear_old"),
            (#"{"id":1,"verb":"add_points","object_id":1,"points":[[0,0]],"lables":[1]}"#, "lables"),
            (#"{"id":1,"verb":"add_points","object_id":1,"box":[0,0,1,1],"clear_old":false}"#, "clear_old"),
            (#"{"id":1,"verb":"add_box","object_id":1,"box":[0.5,0,0.5,1]}"#, "box"),
            (#"{"id":1,"verb":"add_box","object_id":1,"box":[0,0,1]}"#, "box"),
            (#"{"id":1,"verb":"add_box","object_id":1}"#, "box"),
            (#"{"id":1,"verb":"add_mask","object_id":1,"mask":{"size":[2,2],"counts":"5"}}"#, "mask.counts"),
            (#"{"id":1,"verb":"add_mask","object_id":1,"mask":{"size":[16385,1],"counts":"1"}}"#, "mask.size"),
            (#"{"id":1,"verb":"add_mask","object_id":1,"mask":{"size":[16384,16384],"counts":"PPPPPX0"}}"#, "mask.size"),
            (#"{"id":1,"verb":"add_mask","object_id":1,"mask":{"size":[2],"counts":"4"}}"#, "mask.size"),
            (#"{"id":1,"verb":"add_mask","object_id":1,"mask":{"size":[2,2]}}"#, "mask.counts"),
            (#"{"id":1,"verb":"add_mask","object_id":1}"#, "mask"),
            (#"{"id":1,"verb":"status","object_id":1}"#, "object_id"),
            (#"{"id":1,"verb":"set_expression"}"#, "expression is missing"), (#"{"id":1,"verb":"set_expression","expression":""}"#, "1…512"),
            (#"{"id":1,"verb":"set_expression","expression":7}"#, "expression must be a string"),
            (#"{"id":1,"verb":"set_expression","expression":["dog"]}"#, "expression"),
            (#"{"id":1,"verb":"set_expression","expression":"a\nb"}"#, "control"),
            (#"{"id":1,"verb":"set_expression","expression":"a\u0000"}"#, "control"),
            ("{\"id\":1,\"verb\":\"set_expression\",\"expression\":\"a\u{7f}\"}", "control"),
            (#"{"id":1,"verb":"set_expression","expression":"a\u0085"}"#, "control"),
            (#"{"id":1,"verb":"set_expression","expression":"dog","object_id":0}"#, "object_id"),
            (#"{"id":1,"verb":"subscribe","policy":"sample=0"}"#, "policy"),
            (#"{"id":1,"verb":"subscribe","want":"frame"}"#, "want"),
            (#"{"id":1,"object_id":1}"#, "verb"),
        ])
    func faults(line: String, field: String) throws {
        let error = try #require(failure(line))
        #expect(error.code == .badRequest)
        #expect(error.id == 1)
        #expect(error.message.contains(field), "\(error.message)")
        #expect(!error.message.contains("\n"))
    }

    @Test("lines that are no requests are bad requests without an id")
    func noRequests() {
        let lines = [
            "", "hello", "[1]", "7", "null", "\"verb\"", "{", "{\"id\":1", "{\"id\":-1,\"verb\":\"status\"}",
            "{\"id\":1.5,\"verb\":\"status\"}",
            "{\"id\":9007199254740992,\"verb\":\"status\"}", "{\"id\":true,\"verb\":\"status\"}",
            "{\"id\":1e400,\"verb\":\"status\"}",
            "{\"verb\":7}", "{\"type\":\"frame\"}",
            #"{"verb":"add_points","object_id":1,"points":[[NaN,0]],"labels":[1]}"#,
            #"{"verb":"add_points","object_id":1,"points":[[1e999,0]],"labels":[1]}"#,
        ]
        for line in lines {
            #expect(failure(line)?.code == .badRequest, "\(line)")
            #expect(failure(line)?.id == nil, "\(line)")
        }
        #expect(
            failure("{\"id\":3,\"verb\":\"fly\"}")
                == ErrorRecord(.unknownVerb, failure("{\"id\":3,\"verb\":\"fly\"}")?.message ?? "", id: 3))
    }

    @Test("sizes that grow without bound are refused", .timeLimit(.minutes(5)))
    func bombs() throws {
        let deep = #"{"verb":"add_points","points":"# + String(repeating: "[", count: 900_000)
        #expect(failure(deep)?.code == .badRequest)
        #expect(failure(String(repeating: "{\"a\":", count: 200_000))?.code == .badRequest)
        let points = [String](repeating: "[0,0]", count: 65).joined(separator: ",")
        let labels = [String](repeating: "1", count: 65).joined(separator: ",")
        let many = "{\"verb\":\"add_points\",\"object_id\":1,\"points\":[\(points)],\"labels\":[\(labels)]}"
        #expect(failure(many)?.message.contains("64") == true)
        #expect(failure("{\"verb\":\"" + String(repeating: "x", count: 1 << 20) + "\"}")?.code == .badRequest)
        let verb = try #require(failure("{\"verb\":\"" + String(repeating: "x", count: 1000) + "\"}"))
        #expect(verb.code == .unknownVerb && verb.message.utf8.count < 300)
        // A short line that stands for a mask of 2^28 pixels.
        let huge = try RunLengthMask(height: 16_384, width: 16_384, counts: [1 << 28]).string
        #expect(
            failure("{\"verb\":\"add_mask\",\"object_id\":1,\"mask\":{\"size\":[16384,16384],\"counts\":\"\(huge)\"}}") != nil)
    }

    @Test("mutated requests are answered, never fatal", .timeLimit(.minutes(5)))
    func fuzz() {
        let seeds = [
            #"{"id":7,"verb":"add_points","seq":1234,"object_id":1,"points":[[0.5,0.25],[1,0]],"labels":[1,0],"clear_old":true}"#,
            #"{"id":8,"verb":"add_box","object_id":2,"box":[0.1,0.2,0.3,0.4]}"#,
            #"{"id":9,"verb":"add_mask","object_id":3,"mask":{"size":[2,2],"counts":"13"}}"#,
            #"{"verb":"hello","policy":"latest","want":["frame","source"]}"#, #"{"id":1,"verb":"status"}"#,
            #"{"id":10,"verb":"set_expression","expression":"the \u00e4 \"barking\" dog 🐕"}"#,
        ].map { Array($0.utf8) }
        let pieces = [
            "null", "-1", "1e308", "1e-400", "[", "]", "{", "}", "\"", "\\u0000", "\\ud800", "NaN", ",", ":", "true",
            "99999999999999999999",
        ]
        var random = SplitMix64(seed: 11)
        var (accepted, words) = (0, 0)
        for round in 0..<15_000 {
            var line = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0...line.count, using: &random)
                switch Int.random(in: 0..<5, using: &random) {
                case 0: line.insert(contentsOf: Array((pieces.randomElement(using: &random) ?? "").utf8), at: position)
                case 1 where position < line.count: line[position] = UInt8.random(in: 0...255, using: &random)
                case 2 where position < line.count: line.remove(at: position)
                case 3: line = Array(line.prefix(position)) + (seeds.randomElement(using: &random) ?? []).suffix(position)
                default: line.insert(UInt8.random(in: 32...126, using: &random), at: position)
                }
            }
            switch RequestParser.parse(line) {
            case .failure(let error): #expect(error.code == .badRequest || error.code == .unknownVerb)
            case .success(let request):
                accepted += 1
                if case .points(let object, _, let points, _, _) = request.body {
                    #expect(RequestParser.objectNumbers.contains(object.rawValue))
                    #expect(points.allSatisfy { (0...1).contains($0.x) && (0...1).contains($0.y) })
                }
                if case .setExpression(let expression?) = request.body {
                    words += 1
                    #expect((1...512).contains(expression.utf8.count))
                    #expect(!expression.unicodeScalars.contains { $0.properties.generalCategory == .control })
                }
            }
        }
        #expect(accepted > 100 && words > 20)
    }

    @Test("a wrong verb is answered with the request's id; a type of any kind and a hello's source are not looked at")
    func header() throws {
        guard case .failure(let error) = RequestParser.parse(Array(#"{"id":7,"verb":5}"#.utf8)) else {
            Issue.record("a number is no verb")
            return
        }
        #expect(error.id == 7 && error.code == .badRequest && error.message.contains("verb"))
        #expect(try RequestParser.parse(Array(#"{"id":1,"verb":"status","type":5}"#.utf8)).get().verb == .status)
        #expect(try RequestParser.parse(Array(#"{"type":"hello","source":5}"#.utf8)).get().source == nil)
        #expect(try RequestParser.parse(Array(#"{"verb":"subscribe","source":{}}"#.utf8)).get().source == nil)
    }

    @Test("a policy is written in one way only", arguments: ["sample=+5", "sample=007", "sample=", "sample=-1", "Latest"])
    func policies(text: String) {
        #expect(DeliveryPolicy(text) == nil)
    }
}
