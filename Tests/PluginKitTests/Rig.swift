import Foundation
import PolicyModel
import Testing
import Wire

@testable import Ledger
@testable import PluginKit

/// 2026-11-23T08:15:00Z.
let morning = Date(timeIntervalSince1970: 1_795_421_700)

/// A small configuration and a data folder that go with the test.
final class Workplace {
    let folder = "/tmp/pejling-kit-\(UInt32.random(in: 0 ... .max))"
    var config: String { folder + "/Config" }
    let bif = "Config/forvaltninger/BIF/lgbti.yaml"
    let log: PublisherLog

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        log = try PublisherLog(folder: folder + "/BIF", publisher: "BIF", synthetic: false, create: true)
        for (path, text) in Self.files { try write(text, to: path) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ text: String, to path: String) throws {
        let url = URL(fileURLWithPath: "\(folder)/\(path)")
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Replaces `old` in the catalogue of BIF.
    func edit(_ old: String, _ new: String) throws {
        let path = "\(folder)/\(bif)"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try #require(text.contains(old), "the sample has no “\(old)”")
        try write(text.replacing(old, with: new, maxReplacements: 1), to: bif)
    }

    struct Rules: NodeRules {
        let forvaltning = "BIF"
        func violation(of status: StatusReport) -> Violation? {
            status.done?.da == "forbudt" ? Violation(rule: "bif.forbudt", message: "det siger BIF ikke") : nil
        }
    }

    /// What the node does at its start: drafts appended, warnings given back.
    func start() throws -> (lines: [Line], warnings: [String]) {
        let order = StartOrder(
            endpoint: "ipc:///none", brokerKey: "", data: folder + "/BIF", config: config, incarnation: "",
            synthetic: false)
        let process = Node(Rules()).process()
        var warnings: [String] = []
        let lines = try log.append(at: morning) { snapshot in
            let opening = try process.opening(order, snapshot)
            warnings = opening.warnings
            return opening.drafts
        }
        return (lines, warnings)
    }

    static let files = [
        "Config/pejling.yaml": "name: {da: Byen, en: City}\nsuppression_threshold: 5\npolicies: [lgbti]\n",
        "Config/forvaltninger.yaml": "- {code: BIF, key: BIF, committee: BIU, name: {da: BIF, en: BIF}}\n",
        "Config/bodies.yaml": "- {id: BIU, kind: committee, name: {da: BIU, en: BIU}}\n",
        "Config/target-groups.yaml": "[]\n",
        "Config/documents.yaml": """
        - id: lgbti-politik
          file: source.txt
          title: {da: Politikken, en: The policy}
          lines: 1-1157
          sha256: 2a8f6ad5228061707f1479bd7a99d9c7a62d7668cc78100acb85567c4f1f1b15
        """,
        "Config/forvaltninger/BIF/lgbti.yaml": """
        policy: lgbti
        document: lgbti-politik
        initiatives:
          - id: tryg
            kind: marked
            mandate: decided
            title: {da: Tryg indkvartering}
            title_basis: printed
            section: Flygtninge
            section_lines: 169
            lines: 173-177
            purpose: {da: Vores ord}
            funding:
              - state: requires_separate_funding
                from: 2019
                printed: forudsætter særskilt finansiering
                lines: 232-233
            status:
              delivery: completed
              delivery_basis: derived
              done: {da: Gjort}
              printed: har i 2018
              lines: 243-245
          - id: kampagne
            kind: marked
            mandate: decided
            title: {da: Kampagne}
            title_basis: printed
            section: Flygtninge
            section_lines: 169
            lines: 180
            purpose: {da: Oplysning}

        """,
    ]
}
