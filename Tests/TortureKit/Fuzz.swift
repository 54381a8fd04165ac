import Foundation

/// Damaged and random inputs, a thousand to a seed. What may be damaged ends no reader, keeps none busy, and leaves it fit for
/// the good input that follows.
public struct Fuzz: Sendable {
    public private(set) var inputs = 0
    /// Inputs that were understood all the same: with none, only refusals were tried.
    public private(set) var understood = 0
    /// Of a thousand inputs, the slowest, in seconds.
    public private(set) var slowestThousand = 0.0
    /// How much more memory the process had at the end than after the first thousand.
    public private(set) var grownBytes = 0

    /// What went wrong, and with which seed.
    public struct Failure: Error, CustomStringConvertible {
        public let description: String
    }

    /// - Parameters:
    ///   - samples: good inputs, from which the damaged ones are made.
    ///   - seeds: `Torture.seeds`, in thousands of inputs.
    ///   - take: gives one input to the reader; true when it was understood. What it throws is a failure.
    ///   - good: after each thousand: a good input is still answered as before, or it throws.
    public static func run(
        _ samples: [[UInt8]], seeds: Range<UInt64>, perSeed: Int = 1000, _ take: ([UInt8]) throws -> Bool,
        good: () throws -> Void
    ) throws(Failure) -> Fuzz {
        var result = Fuzz()
        var first: Int?
        for seed in seeds {
            var numbers = SeededNumbers(seed: seed)
            let started = ContinuousClock.now
            var last: [UInt8] = []
            do {
                for _ in 0..<perSeed {
                    last = numbers.input(from: samples)
                    result.inputs += 1
                    if try take(last) { result.understood += 1 }
                }
                last = []
                try good()
            } catch {
                throw Failure(
                    description:
                        "PEJLING_SEED=\(seed): \(error)\(last.isEmpty ? ", of a good input" : ", of “\(String(decoding: last.prefix(600), as: UTF8.self))”")"
                )
            }
            result.slowestThousand = max(result.slowestThousand, (ContinuousClock.now - started) / .seconds(1))
            let now = residentBytes()
            if let first { result.grownBytes = now - first } else { first = now }
        }
        return result
    }

    /// For the table of `make torture`.
    public var figure: String {
        "\(inputs) inputs, \(understood) understood; slowest thousand \(String(format: "%.2f", slowestThousand)) s, memory +\(max(0, grownBytes) >> 20) MiB"
    }

    /// Whether memory stayed within bounds. Only told where nothing else runs in this process (`make torture`).
    public var isBounded: Bool { Torture.amount == .quick || grownBytes < 256 << 20 }

    /// Of this process.
    public static func residentBytes() -> Int {
        let text = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8)) ?? ""
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
    }
}

extension SeededNumbers {
    /// One input of eight is random bytes; the others are a sample with small changes.
    public mutating func input(from samples: [[UInt8]]) -> [UInt8] {
        if Int.random(in: 0..<8, using: &self) == 0 {
            return (0..<Int.random(in: 0..<400, using: &self)).map { _ in UInt8.random(in: 0...255, using: &self) }
        }
        let sample = samples[Int.random(in: 0..<samples.count, using: &self)]
        return mutated(sample, from: samples[Int.random(in: 0..<samples.count, using: &self)])
    }

    /// `bytes` with one to four changes: a byte replaced, put in, taken out, a piece doubled or of `other`, or the end cut.
    public mutating func mutated(_ bytes: [UInt8], from other: [UInt8]) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &self)
            switch Int.random(in: 0..<7, using: &self) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 2: bytes.insert(UInt8.random(in: 0...255, using: &self), at: place)
            case 3: bytes.remove(at: place)
            case 4: bytes.insert(contentsOf: bytes[place..<min(bytes.count, place + 12)], at: place)
            case 5: bytes.removeLast(bytes.count - place)
            default:
                guard !other.isEmpty else { continue }
                let piece = Int.random(in: 0..<other.count, using: &self)
                bytes.insert(contentsOf: other[piece..<min(other.count, piece + 12)], at: place)
            }
        }
        return bytes
    }
}
