import Foundation
import PolicyModel
import Testing

@testable import Catalogue

/// What is wrong with files and folders as a whole, and with several things at once.
struct BrokenFileTests {
    private let node = "forvaltninger/BIF/lgbti.yaml"

    @Test("all problems of a file are reported, in the order of its lines")
    func several() throws {
        let text = Sample.node.replacing("kind: marked", with: "kind: makred").replacing("\"2000\"", with: "mange")
            .replacing("lines: 301", with: "lines: 5000").replacing("delivery: completed", with: "delivery: done")
        let problems = try TemporaryConfiguration([node: text]).problems()
        #expect(problems.map(\.place.line) == [5, 24, 39, 51])
    }

    @Test("problems of all common files are reported together")
    func severalFiles() throws {
        let sample = try TemporaryConfiguration(
            ["pejling.yaml": "name: x\n", "target-groups.yaml": ""], without: ["bodies.yaml"])
        let problems = sample.problems()
        let files = Set(problems.map { $0.place.file.split(separator: "/").last ?? "" })
        #expect(files == ["pejling.yaml", "target-groups.yaml", "bodies.yaml"])
        #expect(problems.count == 4, "\(problems)")
    }

    @Test(
        "a file that is missing, empty, a folder, not UTF-8 or too large is refused with one problem",
        arguments: [
            ("missing", 1, "the file does not exist"), ("empty", 1, "the file is empty"),
            ("folder", 1, "this is not a file"),
            ("latin-1", 2, "the file is not UTF-8"), ("large", 1, "the file is larger than 4 MiB"),
        ])
    func wholeFile(kind: String, line: Int, message: String) throws {
        let sample = try TemporaryConfiguration([:], without: ["policies/lgbti.yaml"])
        let path = "Config/policies/lgbti.yaml"
        switch kind {
        case "empty": try sample.write(Data("# nothing\n".utf8), to: path)
        case "folder": try sample.write(Data(), to: "\(path)/file")
        case "latin-1":
            try sample.write(Data("id: lgbti\ntitle: \u{F8}".unicodeScalars.map { UInt8($0.value) }), to: path)
        case "large": try sample.write(Data(repeating: 0x23, count: YAMLFile.sizeLimit + 1), to: path)
        default: break
        }
        let problems = sample.problems()
        #expect(problems.map(\.message) == [message])
        #expect(problems.first?.place == Place(file: "\(sample.configuration.path)/policies/lgbti.yaml", line: line))
    }

    @Test("a missing folder is an error, of the configuration and of a forvaltning")
    func missingFolder() throws {
        let none = #expect(throws: CatalogueError.self) { try ConfigurationFolder("/nowhere/Config/").city() }
        #expect(none?.problems.map(\.place.file) == ["/nowhere/Config"])
        let sample = try TemporaryConfiguration([:], without: ["forvaltninger/OKF/README.md"])
        #expect(sample.problems().map(\.message) == ["the folder does not exist"])
    }

    @Test("a file that ends in .yml is not passed over in silence")
    func otherEnding() throws {
        let problems = try TemporaryConfiguration(["forvaltninger/OKF/lgbti.yml": ""]).problems()
        #expect(problems.map(\.message) == ["a file with this ending is not read"])
    }

    @Test("a node's file for a policy that the city does not have is refused")
    func unknownPolicy() throws {
        let text = Sample.node.replacing("policy: lgbti", with: "policy: handicap").replacing(
            "lgbti/maal", with: "handicap/maal")
        let problems = try TemporaryConfiguration(["forvaltninger/BIF/handicap.yaml": text]).problems()
        #expect(problems.map(\.place.line) == [1])
        #expect(problems.first?.message.contains("“handicap” is no policy known here; known are: lgbti") == true)
    }

    @Test("a policy whose name is a path is refused, not opened")
    func policyIsNoPath() throws {
        let sample = try TemporaryConfiguration()
        let city = try sample.configuration.city()
        #expect(throws: CatalogueError.self) { try sample.configuration.policy("../policies/lgbti", in: city) }
    }

    @Test("a billion laughs end at once", .timeLimit(.minutes(1)))
    func aliasBomb() throws {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 {
            let before = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(before)]\n"
        }
        let problems = try TemporaryConfiguration([node: text + "? *a30\n: x\n"]).problems()
        #expect(problems.map(\.place.line) == [2])
    }

    @Test("a file of brackets ends with an error", .timeLimit(.minutes(1)))
    func deepNesting() throws {
        let problems = try TemporaryConfiguration([node: String(repeating: "[", count: 1_000_000)]).problems()
        #expect(problems.count == 1)
        #expect(problems.first?.message.contains("Maximum nesting level") == true)
    }

    @Test("lines are counted the same with carriage returns")
    func carriageReturns() throws {
        let text = Sample.node.replacing("kind: marked", with: "kind: makred").replacing("\n", with: "\r\n")
        #expect(try TemporaryConfiguration([node: text]).problems().map(\.place.line) == [5])
    }

    @Test("the city and each catalogue are read again at each call")
    func nothingKept() throws {
        let sample = try TemporaryConfiguration()
        let before = try sample.configuration.city()
        try sample.write(Data("name: {da: B, en: B}\npolicies: []\n".utf8), to: "Config/pejling.yaml")
        #expect(try sample.configuration.city() != before)
        #expect(try sample.configuration.city().suppressionThreshold == 5)
    }

    @Test(
        "a file with one line missing, or cut off there, is read or refused, and never traps",
        arguments: [
            "policies/lgbti.yaml", "forvaltninger/BIF/lgbti.yaml", "bodies.yaml", "documents.yaml",
        ])
    func oneLineLess(file: String) throws {
        let sample = try TemporaryConfiguration()
        let lines = try #require(Sample.files[file]).split(separator: "\n", omittingEmptySubsequences: false)
        for index in lines.indices {
            let without = (lines[..<index] + lines[(index + 1)...]).joined(separator: "\n")
            let cut = lines[..<index].joined(separator: "\n") + "\n" + lines[index].dropLast(lines[index].count / 2)
            for text in [without, cut] {
                try sample.write(Data(text.utf8), to: "Config/\(file)")
                for problem in sample.problems() where problem.place.file.hasSuffix(file) {
                    #expect((1...lines.count).contains(problem.place.line), "\(problem)")
                }
            }
        }
    }
}
