import AuralCore

/// What went wrong with a camera or a microphone: the device, what is wrong, what to do.
package struct DeviceError: ReportableError, Sendable, Equatable {
    /// The kind of trouble, for callers that decide by it.
    package enum Code: Sendable, Equatable {
        /// There is no such device now.
        case absent
        /// Another program has it.
        case busy
        /// The kernel denied access.
        case denied
        /// It was there and has been unplugged (ENODEV).
        case gone
        /// It cannot do what is asked of it: no capture device, no format that is read.
        case unsupported
        /// A system call failed; the number is the errno.
        case failed(errno: Int32)
        /// Its name in the configuration is none.
        case badName
    }

    /// The kind of trouble.
    package let code: Code
    /// The device, as the user or the kernel names it.
    package let device: String
    /// What is wrong and what to do, without the device's name.
    package let message: String

    /// Describes trouble with `device`.
    package init(_ code: Code, device: String, _ message: String) {
        self.code = code
        self.device = device
        self.message = message
    }

    package var description: String { "\(device): \(message)" }

    package var exitStatus: ExitStatus {
        switch code {
        case .absent, .gone, .unsupported: .unavailable
        case .busy: .temporaryFailure
        case .denied: .noPermission
        case .failed: .inputOutput
        case .badName: .configuration
        }
    }

    /// How the source's state machine sees it.
    package var obstacle: SourceMachine.Obstacle {
        switch code {
        case .absent, .gone: .absent
        case .busy: .busy
        case .denied: .denied
        case .unsupported, .failed, .badName: .fault
        }
    }
}
