import Foundation
import Testing
import Wire

@testable import Broker

/// `Docs/protocol.md` (or another document), taken apart.
struct ProtocolDocument {
    struct Message {
        let isToBroker: Bool
        let header: [UInt8]
        var body: [UInt8] = []
        /// For failures: the line of the document.
        let place: String
    }

    enum Step {
        /// The broker's clock from here on.
        case clock(String)
        case message(Message)
    }

    struct Missing: Error, CustomStringConvertible { let description: String }

    let root: String
    let text: String
    private let lines: [Substring]

    init(name: String = "protocol.md", file: String = #filePath) throws {
        root = file.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/")
        text = try String(contentsOfFile: root + "/Docs/\(name)", encoding: .utf8)
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// What stands under the heading `## title`.
    func section(_ title: String) -> String {
        lines.drop { $0 != "## \(title)" }.dropFirst().prefix { !$0.hasPrefix("## ") }.joined(separator: "\n")
    }

    /// The cells of all table rows of a section.
    func rows(of title: String) -> [[String]] {
        section(title).split(separator: "\n").filter { $0.hasPrefix("|") }.map { row in
            row.dropFirst().dropLast().replacing("\\|", with: "¦").split(
                separator: "|", omittingEmptySubsequences: false
            )
            .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// The texts of all fenced blocks of this name, each with its last newline where it has more than one line.
    func blocks(_ name: String) -> [String] {
        var blocks: [String] = []
        var current: [Substring]?
        for line in lines {
            let bare = line.drop { $0 == " " }
            if let inside = current {
                if bare == "```" {
                    blocks.append(inside.joined(separator: "\n") + (inside.count > 1 ? "\n" : ""))
                    current = nil
                } else {
                    current = inside + [bare]
                }
            } else if bare == "```\(name)" {
                current = []
            }
        }
        return blocks
    }

    /// The value that stands behind `label` in one of the tables of the exchange.
    func value(_ label: String) throws -> String {
        let start = "| \(label) | `"
        guard let line = lines.first(where: { $0.hasPrefix(start) }) else {
            throw Missing(description: "no row “\(label)”")
        }
        return String(line.dropFirst(start.count).prefix { $0 != "`" })
    }

    func key(_ label: String) throws -> SigningKey {
        guard let seed = hexBytes(try value(label)), let key = SigningKey(seed: seed) else {
            throw Missing(description: "“\(label)” is no seed")
        }
        return key
    }

    /// Arrows with the fenced blocks below them, and times, in order.
    func exchange() throws -> [Step] {
        var steps: [Step] = []
        var direction: Bool?
        var fence: (name: Substring, lines: [Substring])?
        let start = lines.firstIndex { $0 == "## An exchange, byte for byte" } ?? lines.endIndex
        for (index, line) in lines.enumerated().dropFirst(start) {
            if let (name, inside) = fence {
                guard line == "```" else {
                    fence = (name, inside + [line])
                    continue
                }
                fence = nil
                let bytes = Array(inside.joined(separator: "\n").utf8)
                if name == "json", let isToBroker = direction {
                    steps.append(
                        .message(Message(isToBroker: isToBroker, header: bytes, place: "Docs/protocol.md:\(index + 1)"))
                    )
                } else if name == "text", case .message(var message)? = steps.last {
                    message.body = bytes
                    steps[steps.count - 1] = .message(message)
                }
            } else if line.hasPrefix("```") {
                fence = (line.dropFirst(3), [])
            } else if line.hasPrefix("→") || line.hasPrefix("←") {
                direction = line.hasPrefix("→")
            } else if let match = line.firstMatch(of: /Clock: `([^`]+)`/) {
                steps.append(.clock(String(match.1)))
            }
        }
        return steps
    }
}

/// A JSON value, to compare what two texts say.
enum JSON: Decodable, Equatable {
    case object([String: JSON]), array([JSON]), text(String), bool(Bool), number(Double), null

    init(_ bytes: [UInt8]) throws { self = try JSONDecoder().decode(JSON.self, from: Data(bytes)) }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else if let value = try? container.decode([String: JSON].self) {
            self = .object(value)
        } else {
            self = .null
        }
    }
}
