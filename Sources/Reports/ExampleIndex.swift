public import Coordinator
public import PolicyModel

/// The page that leads to all pages of example years: for each year who had answered, and where its reports and lists lie.
public struct ExampleIndex: Sendable {
    /// Something that leads on.
    public struct Page: Hashable, Sendable {
        /// From the index, `2019/all-2020-02-01.html`.
        public var path: String
        public var title: LocalizedText
        /// Other forms of the same, by the name of the format.
        public var others: [Other]

        public struct Other: Hashable, Sendable {
            public var format: String
            public var path: String

            public init(format: String, path: String) {
                self.format = format
                self.path = path
            }
        }

        public init(path: String, title: LocalizedText, others: [Other] = []) {
            self.path = path
            self.title = title
            self.others = others
        }
    }

    /// One year, as it was looked back at.
    public struct Year: Sendable {
        public var year: Int
        public var matrix: MatrixView
        public var records: Int64
        public var pages: [Page]

        public init(year: Int, matrix: MatrixView, records: Int64, pages: [Page]) {
            self.year = year
            self.matrix = matrix
            self.records = records
            self.pages = pages
        }
    }

    public var language: Language
    public var city: City?
    public var program: String
    public var seed: UInt64
    public var years: [Year]
    /// How it stood when all was played.
    public var end: [Page]
    public var position: Int64
    public var received: String
    /// What remakes a page, and looks further: command lines.
    public var commands: [String]

    public init(
        language: Language, city: City?, program: String, seed: UInt64, years: [Year], end: [Page], position: Int64,
        received: String, commands: [String]
    ) {
        self.language = language
        self.city = city
        self.program = program
        self.seed = seed
        self.years = years
        self.end = end
        self.position = position
        self.received = received
        self.commands = commands
    }

    /// As one HTML file, marked as example data like every page made from such a ledger.
    public func html() -> String { HTMLExampleIndex(index: self).render() }
}

/// Lays the index of example years out as HTML.
private struct HTMLExampleIndex: HTMLParts {
    let index: ExampleIndex
    let say: Wording

    init(index: ExampleIndex) {
        self.index = index
        say = Wording(language: index.language, city: index.city)
    }

    func render() -> String {
        let span = index.years.first.flatMap { first in
            index.years.last.map { first.year == $0.year ? "\(first.year)" : "\(first.year)–\($0.year)" }
        }
        let title = say(Words.exampleYears, span ?? "")
        let frame = HTMLFrame(
            title: title, program: index.program, synthetic: true,
            stamp: say(Words.asOfLedger, say.number(Int(index.position)), index.received), hasMeasures: true,
            hasViews: true)
        let links =
            [HTMLLink(anchor: "about", text: say(Words.exampleAbout))]
            + index.years.map { HTMLLink(anchor: "y\($0.year)", text: "\($0.year)") }
            + [
                HTMLLink(anchor: "end", text: say(Words.exampleEnd)),
                HTMLLink(anchor: "more", text: say(Words.exampleMore)),
            ]
        func header(_ out: inout HTMLWriter) {
            if let city = index.city { out.element("p", ["class": "city"], city.name[index.language]) }
            out.element("h1", title)
        }
        return page(frame, header: header, navigation: links) { out in
            section("about", Words.exampleAbout, &out) { out in
                out.element("p", say(Words.exampleText, String(index.seed)))
                out.element("p", say(Words.exampleFacts))
            }
            for year in index.years { self.year(year, &out) }
            section("end", Words.exampleEnd, &out) { pages(index.end, &$0) }
            section("more", Words.exampleMore, &out) { out in
                out.element("p", say(Words.exampleCommands))
                out.element("ul") { out in
                    for command in index.commands { out.element("li") { $0.element("code", command) } }
                }
            }
        }
    }

    private func year(_ year: ExampleIndex.Year, _ out: inout HTMLWriter) {
        let day = Day(year.matrix.on).map { say.date($0) } ?? year.matrix.on
        out.element("section", ["id": "y\(year.year)", "aria-labelledby": "y\(year.year)-title"]) { out in
            out.element("h2", ["id": "y\(year.year)-title"], "\(year.year)")
            out.element("p", say(Words.exampleSeen, day, say.number(Int(year.records))))
            let columns = [Words.owner] + year.matrix.policies.map { Bilingual($0, $0) }
            table(say(Words.matrixCaption, day), columns, kind: "matrix titled", &out) { out in
                out.element("tr", ["class": "due"]) { out in
                    out.element("th", ["scope": "row"], say(Words.followUp))
                    for policy in year.matrix.policies {
                        let cell = year.matrix.cells.first { $0.policy == policy && $0.followUp != nil }
                        out.element("td", cell?.followUp ?? "–")
                    }
                }
                for code in year.matrix.forvaltninger {
                    out.element("tr") { out in
                        out.element("th", ["scope": "row"], code)
                        for policy in year.matrix.policies { cell(year.matrix.cell(code, policy), &out) }
                    }
                }
            }
            pages(year.pages, &out)
        }
    }

    private func cell(_ cell: MatrixView.Cell?, _ out: inout HTMLWriter) {
        guard let cell else { return out.element("td", "–") }
        let name = say(Words.name(cell.state))
        out.element("td", ["class": "state \(cell.state.rawValue)"]) { out in
            out.element("strong") { out in
                let sign = Words.sign(cell.state)
                if !sign.isEmpty {
                    out.element("span", ["aria-hidden": "true"], sign)
                    out.write(" ")
                }
                out.write(name)
            }
            // What follows the word: how many, how many days.
            let rest = cell.words(say).dropFirst(name.count).drop { $0 == "," || $0 == " " }
            if !rest.isEmpty { out.element("span", ["class": "small"], String(rest)) }
        }
    }

    private func pages(_ pages: [ExampleIndex.Page], _ out: inout HTMLWriter) {
        out.element("ul") { out in
            for page in pages {
                out.element("li") { out in
                    out.element("a", ["href": page.path], page.title[index.language])
                    for other in page.others {
                        out.write(" · ")
                        out.element(
                            "a", ["href": other.path, "aria-label": "\(page.title[index.language]), \(other.format)"],
                            other.format)
                    }
                }
            }
        }
    }
}
