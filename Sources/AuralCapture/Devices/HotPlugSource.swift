/// The border to the kernel's news of devices. Real: `SystemHotPlug`; tests tell what they like.
package protocol HotPlugSource: Sendable {
    /// Tells `onChange` of every change from now on, until the watch is stopped or goes; `onChange` must not wait for anything. Throws where
    /// the kernel gives no watcher.
    func watch(_ onChange: @escaping @Sendable (HotPlugChange) -> Void) throws(DeviceError) -> any HotPlugWatch
}

/// A watch that is kept.
package protocol HotPlugWatch: Sendable {
    /// Ends it. Calling it again does nothing.
    func stop()
}

extension HotPlugWatcher: HotPlugWatch {}

/// This machine's devices.
package struct SystemHotPlug: HotPlugSource {
    /// Makes one.
    package init() {}

    package func watch(_ onChange: @escaping @Sendable (HotPlugChange) -> Void) throws(DeviceError) -> any HotPlugWatch {
        try HotPlugWatcher(onChange: onChange)
    }
}
