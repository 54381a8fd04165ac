import Foundation

extension Header {
    /// Reads the header that fills `bytes`: field by field, without Foundation's decoder, which takes eight times as long. There is a
    /// header to each message, and of an idle house it is all there is to read.
    ///
    /// - Throws: a `Fault` `header.size`, `header.schema` or one whose rule begins with `json.`.
    public static func parse(_ bytes: [UInt8]) throws(Fault) -> Header {
        guard bytes.count <= Limits.header else {
            throw Fault(rule: "header.size", message: "a header of \(bytes.count) bytes: at most \(Limits.header)")
        }
        try StrictJSON.checkObject(bytes)
        var scanner = JSONScanner(bytes, 0..<bytes.count)
        var header = Header(.bye)
        var version: Int64?, type: Kind?
        try scanner.forEachKey { (scanner, key) throws(Fault) in
            let key = scanner.text(key)
            // Null is as good as absent.
            if scanner.peek() == UInt8(ascii: "n") { return try scanner.skipValue(depth: 2) }
            switch key {
            case "v": version = try scanner.number(key)
            case "type":
                let name = try scanner.string(key)
                guard let kind = Kind(rawValue: name) else {
                    throw schema("“\(name.prefix(64))” is no type of message")
                }
                type = kind
            case "token": header.token = try scanner.string(key)
            case "versions": header.versions = try scanner.decoded(key)
            case "publisher": header.publisher = try scanner.string(key)
            case "program": header.program = try scanner.string(key)
            case "sign_key": header.signKey = try scanner.string(key)
            case "incarnation": header.incarnation = try scanner.string(key)
            case "log": header.log = try scanner.string(key)
            case "seq": header.seq = try scanner.number(key)
            case "hash":
                guard let hash = Hash(hex: try scanner.string(key)) else {
                    throw schema("“hash” is no SHA-256 in lower-case hex")
                }
                header.hash = hash
            case "first_seq": header.firstSeq = try scanner.number(key)
            case "count": header.count = Int(try scanner.number(key))
            case "signature": header.signature = try scanner.string(key)
            case "key_id": header.keyID = try scanner.string(key)
            case "refusals": header.refusals = try scanner.decoded(key)
            case "rule": header.rule = try scanner.string(key)
            case "text": header.text = try scanner.string(key)
            case "line": header.line = Int(try scanner.number(key))
            case "final": header.final = try scanner.truth(key)
            case "position": header.position = try scanner.number(key)
            case "after": header.after = try scanner.number(key)
            case "synthetic": header.synthetic = try scanner.truth(key)
            case "ledger": header.ledger = try scanner.string(key)
            case "state": header.state = try scanner.string(key)
            case "unsent": header.unsent = try scanner.number(key)
            case "filter": header.filter = try scanner.decoded(key)
            case "credit": header.credit = Int(try scanner.number(key))
            default: try scanner.skipValue(depth: 2)
            }
        }
        guard let version, let type else { throw schema("“v” or “type” is missing") }
        (header.v, header.type) = (Int(version), type)
        return header
    }

    fileprivate static func schema(_ what: String) -> Fault {
        Fault(rule: "header.schema", message: "the header is not one of protocol 1: \(what)")
    }
}

extension JSONScanner {
    fileprivate mutating func string(_ key: String) throws(Fault) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw Header.schema("“\(key)” is not a text") }
        return text(try skipString())
    }

    /// A whole number, also one that is written `1.0` or `1e3`.
    fileprivate mutating func number(_ key: String) throws(Fault) -> Int64 {
        let start = index
        try skipValue(depth: 2)
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if let value = Int64(text) { return value }
        guard let value = Double(text).flatMap({ Int64(exactly: $0) }) else {
            throw Header.schema("“\(key)” is no whole number of 64 bits")
        }
        return value
    }

    fileprivate mutating func truth(_ key: String) throws(Fault) -> Bool {
        let isTrue = peek() == UInt8(ascii: "t")
        guard isTrue || peek() == UInt8(ascii: "f") else { throw Header.schema("“\(key)” is neither true nor false") }
        try skipValue(depth: 2)
        return isTrue
    }

    /// What is seldom there, and of more than one value.
    fileprivate mutating func decoded<Value: Decodable>(_ key: String) throws(Fault) -> Value {
        let start = index
        try skipValue(depth: 2)
        do { return try JSONDecoder().decode(Value.self, from: Data(bytes[start..<index])) } catch {
            throw Header.schema("“\(key)”: \(String(describing: error).prefix(300))")
        }
    }
}
