import GRDB
import Wire

/// Whether the index of a ledger's records by name leads to each of them and to no other place: whoever asks for a record by its name (a
/// redaction, a publisher that fetches its log) asks the index, and a write of it that was lost leaves all else whole.
///
/// What the rows say is summed up while they are read, in any order; what the index says must come to the same sum, and stand in order.
struct NameIndex {
    private var sum: UInt64 = 0
    private var chain = Chain()

    private struct Chain {
        var (publisher, log) = ("", "")
        private var hash: UInt64 = 0

        /// - Returns: whether it was another.
        mutating func move(to publisher: String, _ log: String) -> Bool {
            guard publisher != self.publisher || log != self.log else { return false }
            (self.publisher, self.log) = (publisher, log)
            var hasher = Hasher()
            hasher.combine(publisher)
            hasher.combine(log)
            hash = UInt64(bitPattern: Int64(hasher.finalize()))
            return true
        }

        /// In the order of bytes, as SQLite has it.
        func precedes(_ other: Chain) -> Bool {
            publisher == other.publisher
                ? log.utf8.lexicographicallyPrecedes(other.log.utf8)
                : publisher.utf8.lexicographicallyPrecedes(other.publisher.utf8)
        }

        /// Of a record of this chain: no two have the same, but by chance (splitmix64, prng.di.unimi.it/splitmix64.c).
        func mixed(_ seq: Int64, _ position: Int64) -> UInt64 {
            var value = hash
            for part in [seq, position] {
                value = (value ^ UInt64(bitPattern: part)) &+ 0x9e37_79b9_7f4a_7c15
                value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
                value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
                value ^= value >> 31
            }
            return value
        }
    }

    /// A record, as its row says.
    mutating func take(_ publisher: String, _ log: String, _ seq: Int64, at position: Int64) {
        _ = chain.move(to: publisher, log)
        sum &+= chain.mixed(seq, position)
    }

    /// Whether the index says the same as all that was taken.
    func holds(_ db: GRDB.Database) throws -> Bool {
        let rows = try PlainRows(
            db,
            sql:
                "SELECT publisher, log, seq, position FROM record INDEXED BY record_by_name ORDER BY publisher, log, seq"
        )
        var (chain, said, last) = (Chain(), UInt64(0), Int64.min)
        while try rows.next() {
            let before = chain
            let (publisher, log) = (rows.text(0, last: chain.publisher), rows.text(1, last: chain.log))
            let (seq, position) = (rows.int(2), rows.int(3))
            if chain.move(to: publisher, log) {
                guard before.precedes(chain) else { return false }
            } else if seq <= last {
                return false
            }
            last = seq
            said &+= chain.mixed(seq, position)
        }
        return said == sum
    }
}
