import Foundation
import Testing
import TortureKit

@testable import Catalogue

@Suite("Configuration, damaged")
struct FuzzTorture {
    private struct Wrong: Error { let text: String }

    @Test("no text ends the reader of YAML")
    func yaml() throws {
        let started = ContinuousClock.now
        let samples = Sample.files.sorted { $0.key < $1.key }.map { Array($0.value.utf8) }
        func isRead(_ bytes: [UInt8]) -> Bool {
            guard let text = String(validating: bytes, as: UTF8.self) else { return false }
            let log = ProblemLog()
            return YAMLFile(path: "a.yaml", log: log).parse(text, named: "a") != nil && log.problems.isEmpty
        }
        let result = try Fuzz.run(samples, seeds: Torture.seeds(quick: 2, torture: 2000, long: 50_000)) {
            isRead($0)
        } good: {
            for sample in samples where !isRead(sample) { throw Wrong(text: "a good file is not read") }
        }
        #expect(result.understood > 100 && result.isBounded, "\(result.figure)")
        Torture.report("fuzz: configuration, text of one file", result.figure, since: started)
    }

    @Test("no file ends the reading of a configuration; it is read, or its problems are said with their places")
    func files() throws {
        let started = ContinuousClock.now
        let town = try TemporaryConfiguration()
        let names = Sample.files.keys.sorted()
        let samples = names.map { Array((Sample.files[$0] ?? "").utf8) }
        var number = 0
        let result = try Fuzz.run(
            samples, seeds: Torture.seeds(quick: 2, torture: 400, long: 8000), perSeed: 50
        ) { bytes in
            number += 1
            let (path, text) = ("Config/\(names[number % names.count])", samples[number % names.count])
            try town.write(Data(bytes), to: path)
            let problems = town.problems()
            try town.write(Data(text), to: path)
            guard problems.allSatisfy({ !$0.place.file.isEmpty && !$0.message.isEmpty }) else {
                throw Wrong(text: "a problem without place or words")
            }
            return problems.isEmpty
        } good: {
            guard town.problems().isEmpty else { throw Wrong(text: "a good configuration is not read") }
        }
        #expect(result.isBounded, "\(result.figure)")
        Torture.report("fuzz: configuration, whole", result.figure, since: started)
    }
}
