/// What a USB device says that it is: vendor, product and, with luck, a serial number.
package struct USBIdentity: Sendable, Equatable, CustomStringConvertible {
    /// The vendor's number.
    package var vendor: UInt16
    /// The product's number.
    package var product: UInt16
    /// The device's own number, where it has one.
    package var serial: String?

    /// An identity with all its fields.
    package init(vendor: UInt16, product: UInt16, serial: String? = nil) {
        self.vendor = vendor
        self.product = product
        self.serial = serial
    }

    /// Reads `VID:PID` or `VID:PID:SERIAL`, numbers as four hexadecimal digits, as lsusb(8) prints them; nil for anything else.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2, let vendor = Self.number(parts[0]), let product = Self.number(parts[1]) else { return nil }
        guard parts.count == 2 || !parts[2].isEmpty else { return nil }
        self.init(vendor: vendor, product: product, serial: parts.count == 3 ? String(parts[2]) : nil)
    }

    /// `usb:VID:PID` or `usb:VID:PID:SERIAL`: the name that a configuration takes.
    package var description: String { "usb:\(Self.hex(vendor)):\(Self.hex(product))" + (serial.map { ":\($0)" } ?? "") }

    /// Whether a device is the one that this name means; a name without a serial number means any.
    package func means(_ device: USBIdentity) -> Bool {
        vendor == device.vendor && product == device.product && (serial == nil || serial == device.serial)
    }

    /// The USB device behind a device of /sys (a link or a folder), which is its interface or a folder below that; nil where it is on another
    /// bus.
    package static func of(_ device: String, in tree: some DeviceTree) -> USBIdentity? {
        guard var folder = tree.resolved(device) else { return nil }
        for _ in 0..<8 {
            if let vendor = tree.line("\(folder)/idVendor").flatMap(number), let product = tree.line("\(folder)/idProduct").flatMap(number) {
                return USBIdentity(vendor: vendor, product: product, serial: tree.line("\(folder)/serial"))
            }
            guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else { return nil }
            folder = String(folder[..<slash])
        }
        return nil
    }

    private static func number(_ text: some StringProtocol) -> UInt16? {
        guard text.utf8.count == 4, text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return nil }
        return UInt16(text, radix: 16)
    }

    private static func hex(_ number: UInt16) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
}
