/// A line of a file of the configuration.
public struct Place: Hashable, Sendable, CustomStringConvertible {
    /// The path as a person would type it: the folder as given, then the path below it
    /// (`Config/forvaltninger/BIF/lgbti.yaml`).
    public let file: String
    /// Counted from 1. What concerns a whole file, or a folder, stands at line 1.
    public let line: Int

    public init(file: String, line: Int) {
        self.file = file
        self.line = line
    }

    /// `Config/pejling.yaml:3`, as editors and terminals understand it.
    public var description: String { "\(file):\(line)" }
}

/// Something wrong in the configuration, and the way out.
public struct CatalogueProblem: Hashable, Sendable, CustomStringConvertible {
    public let place: Place
    /// Names the thing and its field: "initiative `tryg-indkvartering`, `kind`: “makred” is not …".
    public let message: String
    /// What to do, as an imperative without a full stop.
    public let remedy: String

    public init(place: Place, message: String, remedy: String) {
        self.place = place
        self.message = message
        self.remedy = remedy
    }

    public var description: String { "\(place): \(message). To fix: \(remedy)" }
}

/// Why the configuration could not be read: all that is wrong with the files read together, not only the first.
///
/// A file whose YAML itself is broken has one problem, because nothing behind it can be read.
public struct CatalogueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// In the order of the files read and of their lines. Never empty.
    public let problems: [CatalogueProblem]

    public init(problems: [CatalogueProblem]) { self.problems = problems }

    /// One problem per line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Gathers the problems of one reading, so that reading goes on behind the first.
///
/// Readers report here and answer with a stand-in (an empty text, the first word of an enumeration); no stand-in is
/// ever seen, because `throwIfAny` comes before the result is given out.
final class ProblemLog {
    private(set) var problems: [CatalogueProblem] = []

    func add(_ place: Place, _ message: String, fix remedy: String) {
        problems.append(CatalogueProblem(place: place, message: message, remedy: remedy))
    }

    /// Files in the order first read; within a file by line.
    func throwIfAny() throws(CatalogueError) {
        guard !problems.isEmpty else { return }
        var order: [String: Int] = [:]
        for problem in problems where order[problem.place.file] == nil { order[problem.place.file] = order.count }
        let ranked = problems.enumerated().map { (order[$1.place.file] ?? 0, $1.place.line, $0, $1) }
        throw CatalogueError(problems: ranked.sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.3))
    }
}
