import Foundation

/// How far the tests go that search for faults with seeds, kills and damaged bytes.
///
/// `make test` runs the quick amount, `make torture` and `make torture LONG=1` the other two
/// (environment variable `PEJLING_TORTURE`). It is the same test each time: only the amount differs.
public enum Torture: String, Sendable {
    case quick, torture, long

    /// What this run asks for. A word that is none of the three traps: a wrong amount must not pass for a good run.
    public static let amount: Torture = {
        guard let word = ProcessInfo.processInfo.environment["PEJLING_TORTURE"] else { return .quick }
        guard let amount = Torture(rawValue: word) else {
            fatalError("PEJLING_TORTURE is '\(word)': it says quick, torture or long")
        }
        return amount
    }()

    public static func count(quick: Int, torture: Int, long: Int) -> Int {
        switch amount {
        case .quick: quick
        case .torture: torture
        case .long: long
        }
    }

    /// The seeds of one test: 0 and up, or the one of `PEJLING_SEED`, to see a failure again.
    public static func seeds(quick: Int, torture: Int, long: Int) -> Range<UInt64> {
        if let one = ProcessInfo.processInfo.environment["PEJLING_SEED"].flatMap(UInt64.init) { return one..<one + 1 }
        return 0..<UInt64(count(quick: quick, torture: torture, long: long))
    }

    /// Adds one line to the table of `make torture`: printed, and appended to the file `PEJLING_TORTURE_TABLE` names.
    ///
    /// - Parameters:
    ///   - test: what was tried, in a reader's words
    ///   - figure: what was seen, with its unit, as "20,000 seeds, 0 acknowledged records lost"
    ///   - started: when the test began
    public static func report(_ test: String, _ figure: String, since started: ContinuousClock.Instant) {
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        let line = "| \(test) | \(figure) | \(String(format: "%.1f", seconds)) s |\n"
        print(line, terminator: "")
        guard let path = ProcessInfo.processInfo.environment["PEJLING_TORTURE_TABLE"] else { return }
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        let written = line.withCString { write(file, $0, strlen($0)) }
        guard file >= 0, written == line.utf8.count else {
            fatalError("the table \(path) cannot be written: \(String(cString: strerror(errno)))")
        }
        close(file)
    }
}

/// Random numbers of a seed (SplitMix64, Steele, Lea and Flood 2014): the same on every machine.
public struct SeededNumbers: RandomNumberGenerator, Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
