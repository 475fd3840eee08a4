/// Opens checkpoints of any kind that is read here.
package enum Checkpoint {
    /// Opens the checkpoint at `path`: a safetensors file, or a PyTorch zip archive (`.pt`, `.pth`).
    ///
    /// What a file is, is told from its first bytes and not from its name. Throws `noInput` for a missing file, `noPermission`
    /// for one that may not be read, and `dataError` for content that is broken or of another kind.
    package static func open(_ path: String) throws(CheckpointError) -> any WeightSource {
        let file = try MappedFile(path: path)
        let head = try file.bytes(0..<min(file.count, 16)).array()
        if head.starts(with: [0x50, 0x4B]) {
            return try PyTorchCheckpoint(file)
        }
        // The header length comes first in a safetensors file, then the header, which has to begin with a brace.
        if head.count > 8, head[8] == UInt8(ascii: "{") {
            return try SafetensorsFile(file)
        }
        throw CheckpointError(file: path, reason: unreadable(head, count: file.count))
    }

    /// Says what a file is that is no checkpoint of a kind that is read, from its first bytes.
    private static func unreadable(_ head: [UInt8], count: Int) -> String {
        if count == 0 {
            return "the file is empty; download or copy it again"
        }
        // A protocol-2 pickle that begins with the 10-byte integer 0x1950a86a20f9469cfc6c: what torch.save wrote up to 1.5.
        if head.starts(with: [0x80, 0x02, 0x8A, 0x0A, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19]) {
            return "saved in the format of PyTorch before 1.6, which is not read; "
                + "load it with a current PyTorch and write it again with torch.save"
        }
        if head.first == 0x80 {
            return "a bare pickle, not a PyTorch checkpoint; write it with torch.save of a current PyTorch"
        }
        // What is left behind where large files are not fetched, or where a server answers with a page.
        if head.starts(with: Array("version https:".utf8)) {
            return "a Git LFS pointer, not the checkpoint itself; fetch it with `git lfs pull`"
        }
        if head.starts(with: Array("<".utf8)) {
            return "a web page, not a checkpoint; download the file itself"
        }
        return "neither a safetensors file nor a PyTorch checkpoint; give a .safetensors, .pt or .pth file"
    }
}
