import PolicyModel

/// Chance that can be thrown again: each question asked of a seed has dice of its own, named by what it is about, so that one
/// answer never depends on which others were asked before.
///
/// SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators", 2014), begun at an FNV-1a hash of the name.
struct Dice {
    private var state: UInt64

    init(_ seed: UInt64, _ name: String...) {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ seed
        for part in name {
            for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
            // Between the parts stands what no text holds: “a”, “bc” and “ab”, “c” are two questions.
            hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01B3
        }
        state = hash
        // FNV-1a mixes the last bytes little; one step spreads them.
        _ = next()
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// A whole number of the range. The bias of the remainder is below 1 in 2⁴⁰ for any range used here.
    mutating func whole(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// True in `percent` of 100 cases.
    mutating func chance(_ percent: Int) -> Bool { whole(1...100) <= percent }

    /// - Precondition: `all` is not empty.
    mutating func pick<T>(_ all: [T]) -> T { all[whole(0...(all.count - 1))] }

    /// One of the cases, by its weight. - Precondition: some weight is above 0.
    mutating func weighted<T>(_ cases: [(T, Int)]) -> T {
        var rest = whole(1...cases.reduce(0) { $0 + $1.1 })
        for (value, weight) in cases {
            rest -= weight
            if rest <= 0 { return value }
        }
        return cases[cases.count - 1].0
    }
}
