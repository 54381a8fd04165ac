import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// Counts what a page must hold to.
final class PageCounter: NSObject, XMLParserDelegate {
    var ids: [String] = []
    var targets: [String] = []
    var levels: [Int] = []
    var captionless = 0
    var scopeless = 0

    func check() {
        #expect(Set(ids).count == ids.count, "an id stands twice")
        #expect(targets.allSatisfy(Set(ids).contains), "a link leads nowhere")
        #expect(captionless == 0 && scopeless == 0)
        // No heading skips a level.
        for (before, after) in zip(levels, levels.dropFirst()) { #expect(after <= before + 1) }
        #expect(levels.filter { $0 == 1 }.count == 1)
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        if let id = attributes["id"] { ids.append(id) }
        if name == "a", let target = attributes["href"], target.hasPrefix("#") {
            targets.append(String(target.dropFirst()))
        }
        if name.count == 2, name.hasPrefix("h"), let level = Int(name.dropFirst()) { levels.append(level) }
        if name == "th", attributes["scope"] == nil { scopeless += 1 }
        if name == "table" { captionless += 1 }
        if name == "caption" { captionless -= 1 }
    }
}
