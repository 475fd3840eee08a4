import AuralCore
import CCrypto

/// Takes bytes piece by piece and gives their SHA-256 digest; libcrypto does the work, with the processor's own instructions.
package struct SHA256Hasher: ~Copyable {
    /// SAFETY: owned by this value alone (it cannot be copied) and freed in deinit.
    private let context: OpaquePointer

    /// Throws only where libcrypto has no memory or no SHA-256.
    package init() throws(CheckpointError) {
        let context = EVP_MD_CTX_new()
        guard let context, EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            EVP_MD_CTX_free(context)
            throw Self.failure
        }
        self.context = context
    }

    deinit {
        EVP_MD_CTX_free(context)
    }

    /// Adds bytes.
    package borrowing func update(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
        guard EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1 else {
            throw Self.failure
        }
    }

    /// The digest of all bytes that were added.
    package consuming func finish() throws(CheckpointError) -> SHA256Digest {
        var digest = [UInt8](repeating: 0, count: 32)
        guard EVP_MD_get_size(EVP_sha256()) == 32, EVP_DigestFinal_ex(context, &digest, nil) == 1 else {
            throw Self.failure
        }
        return SHA256Digest(bytes: digest)
    }

    private static var failure: CheckpointError {
        CheckpointError(file: "libcrypto", reason: "SHA-256 failed; check the installed libssl3", exitStatus: .unavailable)
    }
}
