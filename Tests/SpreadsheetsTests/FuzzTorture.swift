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
            if try await isRead(try folder.write("a.xlsx", numbers.mutated(whole, from: whole)), seed) { read += 1 }
        }
        try await goodIsRead(folder, whole)
        Torture.report("fuzz: workbook, the file", "\(seeds.count) inputs, \(read) read", since: started)
    }

    @Test("a workbook whose contents are damaged is read or refused with words, and a good one after it is read")
    func contents() async throws {
        let started = ContinuousClock.now
        let folder = try Folder()
        let whole = try sampleWorkbook().xlsx()
        try folder.write("whole.xlsx", whole)
        let seeds = Torture.seeds(quick: 12, torture: 2000, long: 20_000)
        var read = 0
        for first in stride(from: seeds.lowerBound, to: seeds.upperBound, by: 100) {
            let some = first..<min(first + 100, seeds.upperBound)
            _ = try await folder.make("", Self.damage(some))
            for seed in some {
                let path = "\(folder.path)/\(seed).xlsx"
                if try await isRead(path, seed) { read += 1 }
                try FileManager.default.removeItem(atPath: path)
            }
        }
        try await goodIsRead(folder, whole)
        if Torture.amount != .quick { #expect(read * 10 > seeds.count && read * 10 < seeds.count * 9) }
        Torture.report("fuzz: workbook, its contents", "\(seeds.count) inputs, \(read) read", since: started)
    }

    /// Python that makes `<seed>.xlsx` of `whole.xlsx`: one to three times a part changed, doubled, dropped or given odd values.
    private static func damage(_ seeds: Range<UInt64>) -> String {
        """
        import os, random, re
        source = zipfile.ZipFile("whole.xlsx")
        whole = [(part.filename, source.read(part)) for part in source.infolist()]
        odd = [b"", b"-1", b"0", b"A0", b"XFE1048577", b"999999999999", b"1e999", b"nan", b"\\xc3\\x86", b"&amp;lt;", b"rId9"]
        for seed in range(\(seeds.lowerBound), \(seeds.upperBound)):
            dice = random.Random(seed)
            parts = list(whole)
            for _ in range(dice.randint(1, 3)):
                at = dice.randrange(len(parts))
                name, text = parts[at]
                how = dice.randrange(12)
                if how == 0: parts.insert(dice.randrange(len(parts)), parts[at])
                elif how == 1 and len(parts) > 1: parts.pop(at); continue
                elif how < 5:
                    found = list(re.finditer(rb'="([^"]*)"', text))
                    if found:
                        one = dice.choice(found)
                        text = text[:one.start(1)] + dice.choice(odd) + text[one.end(1):]
                elif how < 8:
                    found = list(re.finditer(rb"<(\\w+)[^<>]*(/>|>[^<>]*</\\1>)", text))
                    if found:
                        one = dice.choice(found)
                        text = text[:one.start()] + one.group() * dice.choice([0, 2, 50]) + text[one.end():]
                elif text:
                    place = dice.randrange(len(text))
                    byte = text[place:place + 1]
                    if byte.isdigit(): byte = b"%d" % dice.randrange(10)
                    elif byte.isalpha(): byte = bytes([dice.choice(b"abcxyzABC")])
                    elif how > 9: byte = bytes([dice.randrange(256)])
                    text = text[:place] + byte + text[place + 1:]
                parts[at] = (name, text)
            with zipfile.ZipFile("%d.xlsx" % seed, "w") as made:
                for name, text in parts: made.writestr(name, text)
        """
    }

    /// Whether the reader took it; what it refuses without a word is a failure.
    private func isRead(_ path: String, _ seed: UInt64) async throws -> Bool {
        do {
            _ = try await SpreadsheetReader().read(path)
            return true
        } catch let error as SpreadsheetError {
            #expect(!error.message.isEmpty, "PEJLING_SEED=\(seed)")
        } catch { Issue.record("PEJLING_SEED=\(seed): \(error)") }
        return false
    }

    private func goodIsRead(_ folder: Folder, _ whole: [UInt8]) async throws {
        let good = try await SpreadsheetReader().read(try folder.write("good.xlsx", whole))
        #expect(good.sheets.contains { $0.name == "Status" })
    }
}
