import CLinux

/// The calling thread's name, as `ps -L` and `top -H` show it. Foundation's own `Thread.name` never reaches the kernel.
package enum ThreadName {
    /// Sets it; the kernel keeps the first 15 bytes.
    package static func set(_ name: String) { clinux_name_thread(name) }
}
