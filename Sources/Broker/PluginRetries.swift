import Glibc
import Ledger

/// An operator's word that a plugin which waits, is quarantined or has failed is to be started now: an empty file
/// `<name>.retry` in `broker/orders`, which only its owner may enter. The host looks while that plugin waits.
public struct PluginRetries: Sendable {
    private let folder: String

    public init(_ data: DataFolder) { folder = data.broker + "/orders" }

    private func path(_ name: String) -> String { "\(folder)/\(name).retry" }

    /// Says that `name` is to be tried again.
    ///
    /// - Throws: `StoreError` when the file cannot be written.
    public func give(_ name: String) throws {
        try makeFolder(folder)
        try writeFile(path(name), [], mode: 0o600)
    }

    /// Takes the word back where nobody has heard it; false when it was heard.
    public func takeBack(_ name: String) -> Bool { unlink(path(name)) == 0 }

    /// Whether it was said; then it is done with.
    func take(_ name: String) -> Bool { unlink(path(name)) == 0 }
}
