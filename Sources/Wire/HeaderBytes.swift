import Foundation

// What a header is in bytes, field by field: Foundation's coders take several times as long, and there is a header to each message.

extension Header {
    /// Reads the header that fills `bytes`.
    ///
    /// - Throws: a `Fault` `header.size`, `header.schema` or one whose rule begins with `json.`.
    public static func parse(_ bytes: [UInt8]) throws(Fault) -> Header {
        guard bytes.count <= Limits.header else {
            throw Fault(rule: "header.size", message: "a header of \(bytes.count) bytes: at most \(Limits.header)")
        }
        try StrictJSON.checkObject(bytes)
        return try JSONScanner.scan(bytes, in: bytes.indices) { (scanner) throws(Fault) in try Header(&scanner) }
    }

    /// Reads what has been checked.
    private init(_ scanner: inout JSONScanner) throws(Fault) {
        var header = Header(.bye)
        var version: Int64?, type: Kind?
        var next = try scanner.firstKey()
        while let name = next {
            let key = scanner.text(name)
            switch key {
            // Null is as good as absent.
            case _ where scanner.peek() == UInt8(ascii: "n"): try scanner.skipValue(depth: 2)
            case "v": version = try scanner.number(key)
            case "type":
                let name = try scanner.string(key)
                guard let kind = Kind(rawValue: name) else {
                    throw Self.schema("“\(name.prefix(64))” is no type of message")
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
                    throw Self.schema("“hash” is no SHA-256 in lower-case hex")
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
            next = try scanner.nextKey()
        }
        guard let version, let type else { throw Self.schema("“v” or “type” is missing") }
        (header.v, header.type) = (Int(version), type)
        self = header
    }

    /// The same bytes as Foundation's encoder makes, keys in the order of the alphabet.
    public func encoded() throws -> [UInt8] {
        var object = HeaderWriter()
        object.add("after", after)
        object.add("count", count)
        object.add("credit", credit)
        if let filter { object.add("filter", bytes: try encodeBody(filter)) }
        object.add("final", final)
        object.add("first_seq", firstSeq)
        object.add("hash", hash?.hex)
        object.add("incarnation", incarnation)
        object.add("key_id", keyID)
        object.add("ledger", ledger)
        object.add("line", line)
        object.add("log", log)
        object.add("position", position)
        object.add("program", program)
        object.add("publisher", publisher)
        if let refusals { object.add("refusals", bytes: try encodeBody(refusals)) }
        object.add("rule", rule)
        object.add("seq", seq)
        object.add("sign_key", signKey)
        object.add("signature", signature)
        object.add("state", state)
        object.add("synthetic", synthetic)
        object.add("text", text)
        object.add("token", token)
        object.add("type", type.rawValue)
        object.add("unsent", unsent)
        object.add("v", v)
        if let versions { object.add("versions", bytes: try encodeBody(versions)) }
        let bytes = object.closed()
        precondition(bytes.count <= Limits.header, "a header of our own is larger than the protocol allows")
        return bytes
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
        let text = written(start..<index)
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
        do { return try JSONDecoder().decode(Value.self, from: Data(written(start..<index).utf8)) } catch {
            throw Header.schema("“\(key)”: \(String(describing: error).prefix(300))")
        }
    }
}

/// Writes one flat JSON object; what is nil is left out.
private struct HeaderWriter {
    private var bytes: [UInt8] = [UInt8(ascii: "{")]

    init() { bytes.reserveCapacity(512) }

    mutating func add(_ key: StaticString, bytes value: [UInt8]) {
        if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: UnsafeBufferPointer(start: key.utf8Start, count: key.utf8CodeUnitCount))
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        bytes.append(contentsOf: value)
    }

    mutating func add(_ key: StaticString, _ value: (some FixedWidthInteger)?) {
        if let value { add(key, bytes: Array(String(value).utf8)) }
    }

    mutating func add(_ key: StaticString, _ value: Bool?) {
        if let value { add(key, bytes: Array((value ? "true" : "false").utf8)) }
    }

    mutating func add(_ key: StaticString, _ value: String?) {
        guard let value else { return }
        var text = [UInt8(ascii: "\"")]
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
            case 8: text += Array("\\b".utf8)
            case 9: text += Array("\\t".utf8)
            case 10: text += Array("\\n".utf8)
            case 12: text += Array("\\f".utf8)
            case 13: text += Array("\\r".utf8)
            case 0..<32:
                text +=
                    Array("\\u00".utf8) + [
                        UInt8(ascii: "0") + byte >> 4, Array("0123456789abcdef".utf8)[Int(byte & 15)],
                    ]
            default: text.append(byte)
            }
        }
        add(key, bytes: text + [UInt8(ascii: "\"")])
    }

    func closed() -> [UInt8] { bytes + [UInt8(ascii: "}")] }
}
