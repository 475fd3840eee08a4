/// A SHA-256 digest (FIPS 180-4): what a bundle records of the checkpoint that it was made from.
package struct SHA256Digest: Sendable, Hashable, CustomStringConvertible {
    /// The 32 bytes.
    package let bytes: [UInt8]

    /// The digest as 64 lower-case hexadecimal digits.
    package var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The digest of the file at `path`, read piece by piece through a mapping. Throws as `MappedFile` does.
    package static func of(path: String) throws(CheckpointError) -> SHA256Digest {
        try of(file: MappedFile(path: path))
    }

    /// The digest of a file that is open already.
    package static func of(file: MappedFile) throws(CheckpointError) -> SHA256Digest {
        let hasher = try SHA256Hasher()
        try file.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) throws(CheckpointError) in
            try hasher.update(bytes)
        }
        return try hasher.finish()
    }

    /// The digest of bytes in memory. Throws only where libcrypto fails.
    package static func of(bytes: [UInt8]) throws(CheckpointError) -> SHA256Digest {
        let hasher = try SHA256Hasher()
        // Array's own withUnsafeBytes forgets which type is thrown.
        let result = bytes.withUnsafeBytes { bytes in
            Result { () throws(CheckpointError) in try hasher.update(bytes) }
        }
        try result.get()
        return try hasher.finish()
    }
}
