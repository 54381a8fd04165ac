import Foundation
import Testing
import TortureKit

@testable import Spreadsheets

@Suite("Workbooks and CSV, damaged")
struct FuzzTorture {
    private struct Wrong: Error { let text: String }

    @Test("no bytes end the reader of CSV")
    func csv() throws {
        let started = ContinuousClock.now
        let reader = CSVReader(name: "a.csv", limits: ReadLimits())
        let utf16: [UInt8] = [0xFF, 0xFE] + Array("Id;Titel\r\na;b\r\n".utf8).flatMap { [$0, 0] }
        let samples = [danishCSV(sampleTable()), Array("a,b\n1,\"x\ny\"\n".utf8), Array("sep=;\na;b\n".utf8), utf16]
        let good = try reader.read(samples[0]).sheets.map { $0.rows.map(\.cells) }
        let result = try Fuzz.run(samples, seeds: Torture.seeds(quick: 3, torture: 2000, long: 50_000)) {
            do {
                return try !reader.read($0).sheets.isEmpty
            } catch let error as SpreadsheetError {
                guard !error.message.isEmpty else { throw Wrong(text: "refused without a word") }
                return false
            }
        } good: {
            guard try reader.read(samples[0]).sheets.map({ $0.rows.map(\.cells) }) == good else {
                throw Wrong(text: "a good file is read otherwise")
            }
        }
        #expect(result.understood > 100 && result.isBounded, "\(result.figure)")
        Torture.report("fuzz: CSV", result.figure, since: started)
    }

    @Test("nothing that the reader of workbooks may say ends us")
    func answers() throws {
        let started = ContinuousClock.now
        let said = [
            #"{"sheet":"Status","hidden":false,"merged":[[1,2,1,3]]}"#, #"[3,[1,"s","a"],[2,"n","57.3"],[5,"b",true]]"#,
            #"{"end":1}"#,
            #"{"refused":"broken","what":"x"}"#, #"[1,[1,"p","1"],[2,"d","2019-01-01"],[3,"f","=1"]]"#,
        ]
        let samples = said.map { Array($0.utf8) }
        let result = try Fuzz.run(samples, seeds: Torture.seeds(quick: 3, torture: 2000, long: 50_000)) { bytes in
            var answer = ReaderAnswer(name: "a.xlsx", limits: ReadLimits())
            do {
                try answer.take(samples[0])
                try answer.take(bytes)
                try answer.take(samples[2])
                return try !answer.workbook().sheets.isEmpty
            } catch { return false }
        } good: {
            var answer = ReaderAnswer(name: "a.xlsx", limits: ReadLimits())
            for line in [samples[0], samples[2]] { try answer.take(line) }
            guard try answer.workbook().sheets.map(\.name) == ["Status"] else { throw Wrong(text: "read otherwise") }
        }
        #expect(result.understood > 0 && result.isBounded, "\(result.figure)")
        Torture.report("fuzz: what the reader of workbooks says", result.figure, since: started)
    }

    @Test("a damaged workbook is read or refused with words, and a good one after it is read")
    func workbooks() async throws {
        let started = ContinuousClock.now
        let folder = try Folder()
        let whole = try sampleWorkbook().xlsx()
        let seeds = Torture.seeds(quick: 6, torture: 1000, long: 10_000)
        var read = 0
        for seed in seeds {
            var numbers = SeededNumbers(seed: seed)
            let path = try folder.write("a.xlsx", numbers.mutated(whole, from: whole))
            do {
                _ = try await SpreadsheetReader().read(path)
                read += 1
            } catch let error as SpreadsheetError {
                #expect(!error.message.isEmpty, "PEJLING_SEED=\(seed)")
            } catch { Issue.record("PEJLING_SEED=\(seed): \(error)") }
        }
        let good = try await SpreadsheetReader().read(try folder.write("b.xlsx", whole))
        #expect(good.sheets.contains { $0.name == "Status" })
        Torture.report("fuzz: workbook, through its reader", "\(seeds.count) inputs, \(read) read", since: started)
    }
}
