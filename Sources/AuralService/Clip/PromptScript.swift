import AuralCore
import AuralWire
import Foundation

/// Prompts for a clip, frame by frame: a JSON array of `{"frame":0,"object_id":1,"points":[[x,y]],"labels":[1],"box":[l,t,r,b],"mask":{"size":[h,w],
/// "counts":"…"}}` with coordinates from 0 to 1. The entries' fields are those of the socket's requests.
package struct PromptScript: Sendable {
    /// What is said of one object on one frame.
    package struct Entry: Sendable, Equatable {
        package var frame: Int
        package var object: ObjectID
        package var prompt: Prompt
    }

    /// All entries, in the order of the file.
    package let entries: [Entry]

    /// No prompts: for models that find what sounds by themselves.
    package static let none = PromptScript(entries: [])

    /// No prompts, where there must be some.
    package static let missing = ScriptError("--prompt: without prompts it takes a model that hears, and --audio FILE", exitStatus: .usage)

    private init(entries: [Entry]) { self.entries = entries }

    /// Reads a script from a file, or from the text itself where it begins with a bracket. Throws with the entry and field that is wrong.
    package init(_ pathOrText: String) throws(ScriptError) {
        let isText = pathOrText.drop { $0.isWhitespace }.hasPrefix("[")
        let label = isText ? "--prompt" : pathOrText
        guard let data = isText ? Data(pathOrText.utf8) : FileManager.default.contents(atPath: pathOrText) else {
            throw ScriptError("\(label): no such file; give a path or the JSON itself", exitStatus: .noInput)
        }
        guard let array = try? JSONSerialization.jsonObject(with: data) as? [[String: Any]] else {
            throw ScriptError("\(label): not a JSON array of objects; see aurald help track")
        }
        var entries: [Entry] = []
        for (index, object) in array.enumerated() {
            entries.append(try Self.entry(object, "\(label): entry \(index)"))
        }
        guard !entries.isEmpty else { throw ScriptError("\(label): no prompts; give at least one") }
        self.entries = entries
    }

    /// The prompts of one frame.
    package func prompts(frame: Int) -> [(object: ObjectID, prompt: Prompt)] {
        entries.filter { $0.frame == frame }.map { ($0.object, $0.prompt) }
    }

    /// An entry is checked by the same parser as a request on the socket: it becomes the request that it stands for.
    private static func entry(_ object: [String: Any], _ label: String) throws(ScriptError) -> Entry {
        var fields = object
        guard let frame = fields.removeValue(forKey: "frame") as? Int, (0...100_000_000).contains(frame) else {
            throw ScriptError("\(label): frame: give the number of a frame, from 0")
        }
        fields["verb"] = fields["mask"] != nil ? "add_mask" : fields["points"] == nil ? "add_box" : "add_points"
        guard JSONSerialization.isValidJSONObject(fields), let line = try? JSONSerialization.data(withJSONObject: fields) else {
            throw ScriptError("\(label): not a prompt")
        }
        switch RequestParser.parse(Array(line)) {
        case .failure(let record): throw ScriptError("\(label): \(record.message)")
        case .success(let request):
            let said: Request.ObjectPrompt?
            do throws(WireError) { said = try request.prompt() } catch { throw ScriptError("\(label): mask: cannot be decoded") }
            guard let said else { throw ScriptError("\(label): not a prompt") }
            return Entry(frame: frame, object: said.object, prompt: said.prompt)
        }
    }
}

/// Why a prompt script could not be read.
package struct ScriptError: ReportableError, Equatable {
    package let description: String
    package let exitStatus: ExitStatus

    /// Makes an error with a message for people.
    init(_ description: String, exitStatus: ExitStatus = .dataError) {
        self.description = description
        self.exitStatus = exitStatus
    }
}
