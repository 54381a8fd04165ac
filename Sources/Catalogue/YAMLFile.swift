internal import Foundation
internal import Yams

/// From a path to the root of its YAML, or one problem that says why not.
///
/// Bounds: 4 MiB, UTF-8, one document, no aliases. Aliases are refused before parsing: a kilobyte of them unfolds to
/// gigabytes, and Yams compares the unfolded keys of each mapping. libyaml itself stops at 1,000 levels.
struct YAMLFile {
    /// The largest file read: some 200 times the largest of the first city.
    static let sizeLimit = 4 << 20

    /// Whether there is anything of this name.
    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    /// `path` is where the file is, and what messages call it.
    static func root(of path: String, named name: String, log: ProblemLog) -> Item? {
        let file = YAMLFile(path: path, log: log)
        guard let text = file.text() else { return nil }
        return file.parse(text, named: name)
    }

    let path: String
    let log: ProblemLog

    private func report(_ message: String, line: Int = 1, fix: String) {
        log.add(Place(file: path, line: line), message, fix: fix)
    }

    private func text() -> String? {
        let url = URL(fileURLWithPath: path).resolvingSymlinksInPath()
        let manager = FileManager.default
        guard manager.fileExists(atPath: url.path) else {
            report("the file does not exist", fix: "create it (Docs/configuration.md), or name the right folder")
            return nil
        }
        guard let attributes = try? manager.attributesOfItem(atPath: url.path),
            attributes[.type] as? FileAttributeType == .typeRegular
        else {
            report("this is not a file", fix: "put a YAML file there")
            return nil
        }
        guard let size = attributes[.size] as? Int, size <= Self.sizeLimit else {
            report("the file is larger than 4 MiB", fix: "split it, or see what has got into it")
            return nil
        }
        let data: Data
        do {
            data = try Data(contentsOf: url)
        } catch {
            report(
                "the file cannot be read (\(error.localizedDescription))", fix: "give this user the right to read it")
            return nil
        }
        if let text = String(validating: data, as: UTF8.self) { return text }
        let lines = data.split(separator: 0x0A, omittingEmptySubsequences: false)
        let line = lines.firstIndex { String(validating: $0, as: UTF8.self) == nil } ?? 0
        report(
            "the file is not UTF-8", line: line + 1, fix: "save it as UTF-8; the first wrong byte stands in this line")
        return nil
    }

    func parse(_ text: String, named name: String) -> Item? {
        if let alias = firstAlias(in: Array(text.utf8)) {
            report(
                "`*\(alias.name)` refers to `&\(alias.name)`, and anchors and aliases are not read", line: alias.line,
                fix: "write out what is meant")
            return nil
        }
        do {
            // The basic resolver leaves every scalar the text it is: `2019`, `no` and `1.0` are no numbers here.
            guard let node = try Parser(yaml: text, resolver: .basic, encoding: .utf8).singleRoot() else {
                report("the file is empty", fix: "write what Docs/configuration.md lists for it")
                return nil
            }
            return Item(node: node, name: name, path: "", file: path, log: log)
        } catch let error as YamlError {
            report(error, in: text)
        } catch {
            report("the YAML cannot be read (\(error))", fix: "correct it")
        }
        return nil
    }

    private func report(_ error: YamlError, in text: String) {
        let fix = "correct the YAML: indent with spaces, never tabs; quote text with “: ”, “ #” or a special first sign"
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
            .composer(let context, let problem, let mark, _):
            let before = context.map { "\($0.text) in line \($0.mark.line): " } ?? ""
            // libyaml puts the end of the file in the line behind the last.
            let last = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).lastIndex {
                !$0.isEmpty
            }
            report("broken YAML: \(before)\(problem)", line: min(mark.line, (last ?? 0) + 1), fix: fix)
        case .reader(let problem, let offset, _, _):
            let line = text.prefix(offset ?? 0).count(where: \.isNewline) + 1
            report(
                "broken YAML: \(problem)", line: line, fix: "remove the sign, or write it as an escape in double quotes"
            )
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "`\($0)`" }.joined(separator: ", ")
            let first = context.mark.line
            let line = keys.count == 1 ? repetition(of: keys[0], after: context.mark, in: text) : nil
            report(
                "\(names) stands twice, first in line \(first)", line: line ?? first,
                fix: "keep one; if two things are meant, a “- ” is missing before the second")
        default:
            report("the YAML cannot be read (\(error))", fix: "correct it")
        }
    }

    /// The line of the same key in the same column further down; nil where it stands in the same line.
    private func repetition(of key: String, after mark: Mark, in text: String) -> Int? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated().dropFirst(mark.line) {
            let rest = line.drop { $0 == " " }
            if line.count - rest.count == mark.column - 1, rest.hasPrefix("\(key):") { return index + 1 }
        }
        return nil
    }
}

/// The first `*name` that has its `&name`, both where YAML would see them: not behind a letter or a digit.
///
/// Looks at bytes and not at YAML, so that it is linear whatever the file holds; it may see a pair in quoted text too.
private func firstAlias(in bytes: [UInt8]) -> (name: String, line: Int)? {
    func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122, UInt8(ascii: "_"), UInt8(ascii: "-"): true
        default: false
        }
    }
    var anchors: Set<ArraySlice<UInt8>> = []
    var line = 1
    var last: UInt8 = 0x0A
    for (index, byte) in bytes.enumerated() {
        if byte == 0x0A { line += 1 }
        if byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*"), !isWord(last) {
            let name = bytes[(index + 1)...].prefix(while: isWord)
            if byte == UInt8(ascii: "&"), !name.isEmpty { anchors.insert(name) }
            if byte == UInt8(ascii: "*"), anchors.contains(name) {
                return (String(decoding: name, as: UTF8.self), line)
            }
        }
        last = byte
    }
    return nil
}
