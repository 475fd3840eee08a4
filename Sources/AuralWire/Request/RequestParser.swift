import Foundation

/// Reads one line of a client. Strict: a wrong or unknown field is an error that names it, so that a misspelt one is not
/// silently ignored.
///
/// Only `hello` may carry fields that this version does not know, since it is what clients of other versions send first.
public enum RequestParser {
    /// The most clicks in one request.
    public static let maximumPoints = 64
    /// The numbers that an object may have; 0 is the sounding one.
    public static let objectNumbers = 0...1_000_000
    /// The most pixels of a mask prompt (4096 × 4096): decoding a mask takes a byte for each, however short its line is.
    public static let maximumMaskPixels = 1 << 24
    /// The most bytes of words that say which sound is meant.
    public static let maximumExpressionBytes = 512
    /// The numbers that a request may have as its `id` and frames as their `seq`: what a JSON number keeps exactly in every
    /// language.
    static let exactIntegers = 0...((1 << 53) - 1)

    private struct Header: Decodable {
        var id: Int?
        /// Kept as a result, so that the answer to a wrong verb still has the request's id.
        var verb: Result<String?, any Error>
        /// Not looked at but to recognise a hello, so any value will do.
        var type: String?

        enum CodingKeys: String, CodingKey {
            case id, verb, type
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            id = try container.decodeIfPresent(Int.self, forKey: .id)
            verb = Result { try container.decodeIfPresent(String.self, forKey: .verb) }
            type = try? container.decodeIfPresent(String.self, forKey: .type)
        }
    }

    /// Reads one line without its line feed. A failure is `bad_request` or `unknown_verb`, with the request's id where that
    /// could be read.
    public static func parse(_ line: [UInt8]) -> Result<Request, ErrorRecord> {
        guard line.count <= WireProtocol.maximumLineLength else {
            return .failure(tooLong)
        }
        guard JSONDepth.isAllowed(line) else {
            return .failure(ErrorRecord(.badRequest, "the line is nested more than \(JSONDepth.maximum) levels deep"))
        }
        let data = Data(line)
        let header: Header
        do {
            header = try JSONDecoder().decode(Header.self, from: data)
        } catch {
            return .failure(ErrorRecord(.badRequest, DecodingFault(error).description))
        }
        if let id = header.id, !exactIntegers.contains(id) {
            return .failure(ErrorRecord(.badRequest, "id must be within 0…2^53 − 1"))
        }
        // Clients may write their first line as the daemon writes its own: {"type":"hello",…}.
        let said: String?
        do {
            said = try header.verb.get()
        } catch {
            return .failure(ErrorRecord(.badRequest, DecodingFault(error).description, id: header.id))
        }
        guard let name = said ?? (header.type == HelloRecord.type ? header.type : nil) else {
            return .failure(ErrorRecord(.badRequest, "verb is missing", id: header.id))
        }
        guard let verb = Request.Verb(rawValue: name) else {
            let known = Request.Verb.allCases.map(\.rawValue).joined(separator: ", ")
            return .failure(ErrorRecord(.unknownVerb, "unknown verb \(quoted(name)); known verbs: \(known)", id: header.id))
        }
        do {
            let decoder = JSONDecoder()
            let fields = try decoder.decode(RequestFields.self, from: data, configuration: verb)
            return .success(Request(id: header.id, verb: verb, source: fields.source, body: fields.body))
        } catch let fault as RequestFault {
            return .failure(ErrorRecord(.badRequest, fault.message, id: header.id))
        } catch {
            return .failure(ErrorRecord(.badRequest, DecodingFault(error).description, id: header.id))
        }
    }

    /// The answer to a line that `LineSplitter` found too long.
    public static var tooLong: ErrorRecord {
        ErrorRecord(.badRequest, "a line is longer than \(WireProtocol.maximumLineLength) bytes; it was skipped")
    }

    /// A client's own word in a message: in quotes, and cut where it is long.
    static func quoted(_ word: String) -> String {
        "\"\(word.count > 40 ? word.prefix(40) + "…" : word[...])\""
    }
}
