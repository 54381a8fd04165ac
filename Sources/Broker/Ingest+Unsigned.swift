import Ledger
import Wire

// After a ledger was made anew from copies of the feed, which have no signatures, the end of a log may be signed by nobody. Its publisher
// is asked for these records again, by the nack that every publisher goes back to; what it sends is known, and its signature is kept. One whose key is another by now signs it
// with the next that it says: a signature by a key that was enrolled later says nothing of what came before.

extension Ingest {
    /// How long after asking a publisher for its signature it is asked again.
    static let signaturePatience: Duration = .seconds(30)

    /// Asks whoever is connected, and was not asked for a while, for what it has yet to sign.
    mutating func askForSignatures(now: Duration) -> [Order] {
        var orders: [Order] = []
        for end in unsigned {
            guard
                let session = sessions.values.first(where: {
                    $0.publisher == end.name.publisher && $0.log == end.name.log
                }),
                end.keyID.map({ session.signKey.hex.hasPrefix($0) }) ?? false,
                session.askedToSign.map({ now - $0 >= Self.signaturePatience }) ?? true
            else { continue }
            sessions[session.peer]?.askedToSign = now
            orders.append(
                goBack(
                    session, to: end.signed + 1,
                    "the ledger was made anew, and no signature covers \(end.name) in it: send the records from \(end.signed + 1) on again"
                ))
        }
        return orders
    }

    /// Whether the signature of a batch that is durable already is over what nobody signed.
    func signs(_ statement: BatchStatement, _ keyID: String) -> Bool {
        unsigned.contains {
            $0.name.publisher == statement.publisher && $0.name.log == statement.log && statement.seq > $0.signed
                && $0.keyID == keyID
        }
    }
}
