/// What the host tells a plugin it starts: one JSON line on its standard input, which then stays open as a lifeline. End of
/// file means that the broker is gone: the plugin ends within 2 s.
public struct StartOrder: Codable, Sendable, Hashable {
    public var v: Int
    /// Where the broker listens, such as `ipc:///…/socket`.
    public var endpoint: String
    /// The broker's CURVE public key, Z85.
    public var brokerKey: String
    /// Where the plugin keeps keys, log and copy. Its own; made by it.
    public var data: String
    /// The configuration folder.
    public var config: String
    /// To be repeated in `hello`: says that this process is the one just started.
    public var incarnation: String
    /// Whether all it publishes is example data.
    public var synthetic: Bool
    /// With example data: absolute path of the file that says what time it is for records. The file may not be there: then it is the
    /// system's time. Nil for real data.
    public var clock: String?

    enum CodingKeys: String, CodingKey {
        case v, endpoint, data, config, incarnation, synthetic, clock
        case brokerKey = "broker_key"
    }

    public init(
        endpoint: String, brokerKey: String, data: String, config: String, incarnation: String, synthetic: Bool,
        clock: String? = nil
    ) {
        v = Limits.versions.upperBound
        self.endpoint = endpoint
        self.brokerKey = brokerKey
        self.data = data
        self.config = config
        self.incarnation = incarnation
        self.synthetic = synthetic
        self.clock = clock
    }
}

/// What a hosted plugin says first: one JSON line on its standard output, before it connects. All it prints later is log.
public struct KeyAnnouncement: Codable, Sendable, Hashable {
    public var v: Int
    public var publisher: String
    /// CURVE public key, Z85.
    public var curveKey: String
    /// Ed25519 public key, hex.
    public var signKey: String

    enum CodingKeys: String, CodingKey {
        case v, publisher
        case curveKey = "curve_key"
        case signKey = "sign_key"
    }

    public init(publisher: String, curveKey: String, signKey: String) {
        v = Limits.versions.upperBound
        self.publisher = publisher
        self.curveKey = curveKey
        self.signKey = signKey
    }
}

/// Exit codes of plugins that the host understands; any other is a crash and is restarted with back-off.
public enum ExitCode {
    /// Asked to stop, and stopped.
    public static let done: Int32 = 0
    /// Its disk is full, or does not do what it is asked: restarted with back-off, at least once a minute, and never quarantined for
    /// it: it goes on by itself when there is space. `EX_TEMPFAIL` of sysexits(3).
    public static let storage: Int32 = 75
    /// Something a person must mend (configuration, versions, keys): not restarted. `EX_CONFIG` of sysexits(3).
    public static let configuration: Int32 = 78
}
