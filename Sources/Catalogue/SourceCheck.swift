public import Foundation
public import PolicyModel

/// Holds the configuration against the documents it is taken from.
///
/// For each document of the city: the file is there, and its lines are those that were read (SHA-256). For each
/// citation: the words stand in the lines cited. Line breaks, hyphens at line ends, stray blanks and soft hyphens do
/// not matter; each letter and digit does. Each file is read once, however many documents it holds and however often it
/// is cited.
public struct SourceCheck: Sendable {
    /// The largest source file read: 64 MiB.
    public static let sizeLimit = 64 << 20

    /// What was found.
    public struct Result: Hashable, Sendable {
        /// At the place in the configuration that is wrong or out of date; empty when all is well.
        public var problems: [CatalogueProblem] = []
        /// How many documents were compared, found unchanged or not. One whose file cannot be read is not counted.
        public var documents = 0
        /// How many citations of each kind were compared. Those of a file that cannot be read are not counted.
        public var checked: [Citation.Kind: Int] = [:]

        public var figures: Int { checked[.figure, default: 0] }
        public var titles: Int { checked[.title, default: 0] }
        public var partners: Int { checked[.partner, default: 0] }
        public var places: Int { checked[.place, default: 0] }
        public var sections: Int { checked[.section, default: 0] }
        public var fundings: Int { checked[.funding, default: 0] }
        public var statuses: Int { checked[.status, default: 0] }
        public var dates: Int { checked[.date, default: 0] }
        public var budgets: Int { checked[.budget, default: 0] }
        public var responsibilities: Int { checked[.responsibility, default: 0] }

        public init() {}
    }

    private let city: City
    private let configuration: ConfigurationFolder
    private let sources: String
    private let sha256: @Sendable (Data) -> String

    /// - Parameters:
    ///   - configuration: Where `city` was read, to say where a document stands in it.
    ///   - sources: The folder of the source documents.
    ///   - sha256: The SHA-256 of bytes, as 64 lower-case hexadecimal digits; this module has no cryptography.
    public init(
        city: City, configuration: ConfigurationFolder, sources: String, sha256: @escaping @Sendable (Data) -> String
    ) {
        self.city = city
        self.configuration = configuration
        self.sources = sources.count > 1 && sources.hasSuffix("/") ? String(sources.dropLast()) : sources
        self.sha256 = sha256
    }

    /// Checks every document of the city, and `citations` (`NodeCatalogue.citations`, `PolicyCatalogue.citations`).
    ///
    /// What is wrong is the result, never an error. Problems of documents come first, then those of the citations, in
    /// the order given.
    public func run(_ citations: [Citation]) -> Result {
        var result = Result()
        let places = (try? configuration.documentPlaces()) ?? [:]
        let forms = configuration.printedForms()
        var texts: [String: SourceText] = [:]
        var files: [String] = []
        for document in city.documents where !files.contains(document.file) { files.append(document.file) }
        for file in files {
            let documents = city.documents.filter { $0.file == file }
            let name = "\(sources)/\(file)"
            let place = { (document: Document) in
                places[document.id] ?? Place(file: "\(configuration.path)/documents.yaml", line: 1)
            }
            switch read(name) {
            case .failure(let problem):
                for document in documents {
                    result.problems.append(
                        CatalogueProblem(
                            place: place(document), message: "document `\(document.id)`: \(name) \(problem.message)",
                            remedy: problem.remedy))
                }
            case .success(let (data, text)):
                let lines = Self.lines(of: data)
                for document in documents {
                    result.documents += 1
                    if let (message, remedy) = changed(document, data, lines) {
                        result.problems.append(
                            CatalogueProblem(
                                place: place(document), message: "document `\(document.id)`: \(message)", remedy: remedy
                            ))
                    }
                }
                texts[file] = SourceText(text)
            }
        }
        for citation in citations {
            guard let text = texts[citation.source.document] else { continue }
            result.checked[citation.kind, default: 0] += 1
            if let problem = problem(of: citation, forms[citation.named ?? ""] ?? [], in: text) {
                result.problems.append(problem)
            }
        }
        return result
    }

    /// A source file's lines, as they are to be shown and as they are compared.
    private struct SourceText {
        let lines: [Substring]
        let folded: FoldedText

        init(_ text: String) {
            // By bytes: to `Character`, a carriage return and a newline are one.
            lines = text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).map { Substring($0) }
            folded = FoldedText(lines: lines)
        }

        func printed(_ ranges: [LineRange]) -> String {
            ranges.flatMap { lines[min($0.first - 1, lines.count)..<min($0.last, lines.count)] }.joined(separator: " ")
        }
    }

    private struct Unreadable: Error {
        let message: String, remedy: String
    }

    private func read(_ path: String) -> Swift.Result<(Data, String), Unreadable> {
        let manager = FileManager.default
        let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
        guard let attributes = try? manager.attributesOfItem(atPath: target) else {
            return .failure(Unreadable(message: "does not exist", remedy: "put the document there, or correct `file`"))
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular, let size = attributes[.size] as? Int,
            size <= Self.sizeLimit
        else { return .failure(Unreadable(message: "is no file of at most 64 MiB", remedy: "put the document there")) }
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: target))
            guard let text = String(validating: data, as: UTF8.self) else {
                return .failure(Unreadable(message: "is not UTF-8", remedy: "save it as UTF-8"))
            }
            return .success((data, text))
        } catch {
            return .failure(
                Unreadable(
                    message: "cannot be read (\(error.localizedDescription))",
                    remedy: "give this user the right to read it"))
        }
    }

    /// Where each line begins, and at last the end: line `n` is `[n - 1]..<[n]`, its newline included.
    private static func lines(of data: Data) -> [Int] {
        var starts = [0]
        data.withUnsafeBytes { bytes in
            for (index, byte) in bytes.enumerated() where byte == 0x0A { starts.append(index + 1) }
        }
        if starts.last != data.count { starts.append(data.count) }
        return starts
    }

    /// Message and remedy where the document's lines are not those that were read.
    private func changed(_ document: Document, _ data: Data, _ starts: [Int]) -> (String, String)? {
        guard document.lines.last < starts.count else {
            return (
                "ends at line \(document.lines.last), and \(document.file) has \(starts.count - 1)",
                "put the whole document there, or correct `lines`"
            )
        }
        let part = starts[document.lines.first - 1]..<starts[document.lines.last]
        let found = sha256(data.subdata(in: part))
        if found == document.sha256 { return nil }
        return (
            "lines \(document.lines) of \(document.file) have changed: their SHA-256 is \(found)",
            "fetch the document that was read; or read the new one, correct what changed, and write its `sha256`"
        )
    }

    /// Nil where the words stand in the lines cited, or one of `others` does. A title may begin with a capital that the
    /// document, where it stands in a sentence or a list, does not have.
    private func problem(of citation: Citation, _ others: [String], in text: SourceText) -> CatalogueProblem? {
        var others = others
        if citation.kind == .title { others.append(citation.words.prefix(1).lowercased() + citation.words.dropFirst()) }
        if citation.kind == .date, let date = PartialDate(citation.words) { return problem(of: citation, date, text) }
        let words = FoldedText.folded(citation.words)
        let cited = text.folded.lines(citation.source.lines)
        if cited.contains(words) || others.contains(where: { cited.contains(FoldedText.folded($0)) }) { return nil }
        let lines = citation.source.lines.map(\.description).joined(separator: ", ")
        let document = city.documents.first { document in
            document.file == citation.source.document && citation.source.lines.contains { document.lines.contains($0) }
        }
        let elsewhere = document.flatMap { text.folded.place(of: words, in: $0.lines) }
        let cite = elsewhere.map { "cite lines \($0), where the words stand; or " } ?? ""
        return CatalogueProblem(
            place: citation.place,
            message: "\(citation.name): “\(Self.shortened(citation.words))” does not stand in lines \(lines) of "
                + citation.source.document,
            remedy: cite + Self.remedy(citation)
                + "the lines say “\(Self.shortened(text.printed(citation.source.lines)))”")
    }

    /// Nil where what the lines print may mean `date`.
    private func problem(of citation: Citation, _ date: PartialDate, _ text: SourceText) -> CatalogueProblem? {
        let printed = text.printed(citation.source.lines)
        // A month broken at a line end: "novem-" and "ber".
        if PrintedDates(printed.replacing(#/-\s+(?=[a-zæøå])/#, with: "")).contains(date) { return nil }
        let lines = citation.source.lines.map(\.description).joined(separator: ", ")
        return CatalogueProblem(
            place: citation.place,
            message: "\(citation.name): “\(date)” does not stand in lines \(lines) of \(citation.source.document)",
            remedy: "correct the date, or cite the lines where it stands; or write that it is derived: "
                + "the lines say “\(Self.shortened(printed))”")
    }

    private static func remedy(_ citation: Citation) -> String {
        guard citation.named != nil else { return "correct the words: " }
        return "write that it is derived, and from what; or add how it is printed to `printed_as`: "
    }

    /// At most 120 characters, with single blanks.
    private static func shortened(_ text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return words.count > 120 ? words.prefix(119) + "…" : words
    }
}
