import CSimulatedDisk

/// A folder whose SQLite files lie in memory, on a disk that loses power and fails when told (CSimulatedDisk.h says what is assumed of
/// it). The folder itself is real, for what is no SQLite file; other folders are not concerned.
///
/// Safe from any thread: the disk's one lock is taken in each call.
public final class SimulatedDisk: @unchecked Sendable {
    /// What an operation is.
    public struct Operations: OptionSet, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let writes = Operations(rawValue: UInt32(CSD_WRITE))
        public static let syncs = Operations(rawValue: UInt32(CSD_SYNC))
        public static let truncations = Operations(rawValue: UInt32(CSD_TRUNCATE))
        public static let openings = Operations(rawValue: UInt32(CSD_OPEN))
        public static let reads = Operations(rawValue: UInt32(CSD_READ))
        public static let deletions = Operations(rawValue: UInt32(CSD_DELETE))
        /// The growth of what connections share beside a write-ahead log.
        public static let shared = Operations(rawValue: UInt32(CSD_SHARED))
    }

    public enum Failure: String, CaseIterable, Sendable {
        case inputOutput, noSpace
        /// Half of the bytes are written, and then there is no space.
        case shortWrite
        /// Of a write: the disk has space, and the user's quota is used up.
        case quota

        var code: CInt {
            switch self {
            case .inputOutput: CInt(CSD_EIO)
            case .noSpace: CInt(CSD_ENOSPC)
            case .shortWrite: CInt(CSD_SHORT)
            case .quota: CInt(CSD_QUOTA)
            }
        }
    }

    public let folder: String
    private let disk: OpaquePointer

    /// - Parameter folder: absolute, without a slash at its end.
    public init(_ folder: String) {
        self.folder = folder
        disk = csd_make(folder)
    }

    deinit { csd_free(disk) }

    /// Writes, syncs, truncations, deletions and creations so far.
    public var operations: Int64 { csd_operations(disk) }
    public var hasPower: Bool { csd_has_power(disk) != 0 }
    /// How many operations have failed since `fail`.
    public var failed: Int64 { csd_failed(disk) }

    /// The power goes in the midst of the `n`-th operation from now; 0: it stays.
    public func cutPower(at n: Int64) { csd_cut_power(disk, n) }

    /// The power went, now at the latest, and is back: what was not synced is as `seed` decides, what was open is dead.
    public func restart(seed: UInt64) { csd_restart(disk, seed) }

    /// The process was killed, and the power stayed: what was open is dead, what was not synced is seen and not durable.
    public func endProcess() { csd_end_process(disk) }

    /// The `n`-th of these operations from now fails; `lasting`: and each after it.
    public func fail(_ operations: Operations, at n: Int64, _ failure: Failure, lasting: Bool = false) {
        csd_fail(disk, operations.rawValue, n, failure.code, lasting ? 1 : 0)
    }

    public func heal() { csd_fail(disk, 0, 0, 0, 0) }

    /// The bytes of a file of the folder as programs see them; nil when it is not there. Set, they are durable at once.
    public subscript(name: String) -> [UInt8]? {
        get {
            let size = csd_size(disk, name)
            guard size >= 0 else { return nil }
            return [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
                if let start = buffer.baseAddress { csd_get(disk, name, start) }
                count = Int(size)
            }
        }
        set {
            guard let newValue else { return csd_remove(disk, name) }
            newValue.withUnsafeBufferPointer { csd_put(disk, name, $0.baseAddress, Int64($0.count)) }
        }
    }
}
