import Foundation
import Ledger
import PolicyModel
import Testing
import Wire

/// Figures from the officer's command to the policy's judgement, through real processes.
@Suite("Readings and judgements, as a user gives them", .serialized, .oneAtATime)
struct ReadingTests {
    /// What the coordinator has, of one kind, in ledger order.
    private func records(_ kind: RecordKind, in town: Town) throws -> [DeliveredLine] {
        var lines: [DeliveredLine] = []
        try Replica(folder: town.folder + "/var/coordinator", create: false, readOnly: true).forEach {
            if $0.line.kind == kind { lines.append($0) }
        }
        return lines
    }

    private func assessment(of goal: String, in town: Town) throws -> Assessment? {
        try records(.assessment, in: town).last {
            $0.line.envelope.id == "\(goal)|\(goal.prefix { $0 != "/" })/opening"
        }?
        .line.decode(Assessment.self)
    }

    private func measure(_ id: String, of goal: String, in town: Town) throws -> Assessment.Measure? {
        try assessment(of: goal, in: town)?.measures.first { $0.about == id }
    }

    @Test(
        "a reading changes the assessment within a second, by the ledger's own times; what is refused leaves no trace")
    func judged() throws {
        let town = try Town.made()
        let up = try town.up()
        let indicator = "integration/beskaeftigelsesfrekvens"
        #expect(try assessment(of: "integration/maal-1", in: town)?.judgement == .noData)
        let said = try town.pejling(
            "reading", indicator, "--node", "BIF", "--period", "2019", "--value", "57", "--denominator", "41000")
        #expect(said.code == 0, "\(said.errors)")
        try eventually("the goal is judged") {
            try measure(indicator, of: "integration/maal-1", in: town)?.judgement == .onCourse
        }
        let arithmetic = try #require(try measure(indicator, of: "integration/maal-1", in: town)?.arithmetic.da)
        #expect(arithmetic.contains("Fra 56 til 57"))
        func time(_ line: DeliveredLine?) throws -> Double {
            let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            return try Date(#require(line).received, strategy: style).timeIntervalSince1970
        }
        let reading = try time(records(.reading, in: town).last)
        let judged = try time(
            records(.assessment, in: town).last { $0.line.envelope.id.hasPrefix("integration/maal-1|") })
        #expect(judged - reading < 1, "\(judged - reading) s")

        let before = try town.verify().records
        for (arguments, words) in [
            (
                ["integration/beskaeftigelse", "--node", "BIF"],
                "no indicator or annual target “integration/beskaeftigelse”"
            ),
            ([indicator, "--node", "BUF"], "reported by BIF, not by BUF"),
            (
                ["integration/feriecamp-fremmoedte", "--node", "KFF", "--breakdown", "oprindelsesland=syrien"],
                "KFF does not register country of origin"
            ),
            (
                ["integration/feriecamp-fremmoedte", "--node", "KFF", "--breakdown", "land=syrien"],
                "the city knows no dimension “land”"
            ),
        ] {
            let refused = try town.pejling(
                ["reading"] + arguments + ["--period", "2020", "--value", "55"]
                    + (arguments[0] == "integration/feriecamp-fremmoedte" ? [] : ["--denominator", "900"]))
            #expect(refused.code != 0)
            #expect(refused.errors.contains(words), "\(refused.errors)")
        }
        up.interrupt()
        #expect(try up.wait(10) == 0)
        #expect(try town.pejling("up", "--once").code == 0)
        #expect(try town.verify().records == before)
    }

    @Test("small counts never leave the node: the true figure is in no file, and the officer is told")
    func suppressed() throws {
        let town = try Town.made()
        // Nothing runs: entry needs neither broker nor network.
        let said = try town.pejling(
            "reading", "integration/mindst-karakteren-2", "--node", "BUF", "--period", "2019", "--numerator", "3",
            "--denominator", "987654321")
        #expect(said.code == 0, "\(said.errors)")
        #expect(said.output.contains("note: 3 is below 5, the city's threshold"))
        try #require(try town.pejling("up", "--once").code == 0)
        let reading = try #require(try records(.reading, in: town).first).line.decode(Reading.self)
        #expect(reading.value == .suppressed)
        let files = try #require(FileManager.default.enumerator(atPath: town.folder + "/var")).compactMap {
            $0 as? String
        }
        #expect(files.count > 20)
        for file in files {
            let path = "\(town.folder)/var/\(file)"
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            if file.hasPrefix("nodes/") && (file as NSString).lastPathComponent.hasPrefix("private.sqlite") {
                let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
                #expect(mode == 0o600, "\(file)")
                continue
            }
            #expect(data.range(of: Data("987654321".utf8)) == nil, "\(file) holds the figure")
        }
        #expect(
            try measure("integration/mindst-karakteren-2", of: "integration/maal-5", in: town)?.judgement
                == .cannotBeJudged)
    }

    @Test("the action plan's shares of shares are held against what they are shares of; goal 10 counts criteria")
    func ownRules() throws {
        let town = try Town.made()
        let up = try town.up()
        let effort = "integrationshandleplan/bif/virksomhedsindsats-for-ledige"
        func read(_ about: String, _ node: String, _ more: String...) throws {
            let said = try town.pejling(["reading", about, "--node", node, "--period", "2019"] + more)
            try #require(said.code == 0, "\(said.errors)")
        }
        let goal = "integrationshandleplan/arbejdsmarked"
        func job() throws -> Assessment.Measure? { try measure("\(effort)/job-eller-uddannelse", of: goal, in: town) }
        try read("\(effort)/job-eller-uddannelse", "BIF", "--numerator", "84", "--denominator", "210")
        try eventually("the share is judged by itself") {
            try job()?.arithmetic.da.contains("nævneren er ikke efterset") == true
        }
        #expect(try job()?.judgement == .reached)
        try read("\(effort)/i-forloeb", "BIF", "--numerator", "220", "--denominator", "240")
        try eventually("the share is of something else") { try job()?.judgement == .cannotBeJudged }
        #expect(try job()?.arithmetic.da.contains("84 af 210, men \(effort)/i-forloeb tæller 220") == true)
        try read("\(effort)/i-forloeb", "BIF", "--numerator", "210", "--denominator", "240")
        try eventually("the share hangs together") { try job()?.judgement == .reached }
        #expect(try job()?.arithmetic.da.contains("en andel af en andel") == true)

        let criteria = "integration/efterslaeb-paa-udpegningskriterier"
        try read(criteria, "TMF", "--value", "3")
        try eventually("the criteria are counted") {
            try measure(criteria, of: "integration/maal-10", in: town)?.judgement == .reached
        }
        let words = try measure(criteria, of: "integration/maal-10", in: town)?.arithmetic.da
        #expect(words?.contains("3 af 5 opfyldt; mindst 3 kræves") == true)
        #expect(words?.contains("ikke navngivet i kilden") == true)
        up.interrupt()
        #expect(try up.wait(10) == 0)
    }

    @Test(
        "a target edited in the configuration stops its plugin with the way out; a revision beside it is a new version")
    func revised() throws {
        let town = try Town.made()
        let file = "Config/policies/integrationshandleplan.yaml"
        let before = try town.read(file)
        try town.edit(file) {
            $0.replacingOccurrences(of: "value: \"350\"", with: "value: \"300\"")
                .replacingOccurrences(of: "Minimum 350 ledige", with: "Minimum 300 ledige")
        }
        let edited = try town.pejling("up", "--once")
        #expect(edited.code == 3)
        #expect(
            edited.errors.contains("virksomhedsindsats-for-ledige/deltagere (version 1) was edited"), "\(edited.errors)"
        )
        #expect(edited.errors.contains("`target_revisions`"))
        try before.write(toFile: town.folder + "/" + file, atomically: true, encoding: .utf8)
        try town.edit(file) {
            $0.replacingOccurrences(
                of: "follow_ups:\n",
                with: """
                    target_revisions:
                      - about: integrationshandleplan/bif/virksomhedsindsats-for-ledige/deltagere
                        value: "300"
                        from_year: 2021
                        reason: {da: Færre ledige end ventet}
                        decision: BIU, et opdigtet møde
                        decided: 2020-12-01
                    follow_ups:

                    """)
        }
        let revised = try town.pejling("up", "--once")
        #expect(revised.code == 0, "\(revised.errors)")
        let versions = try records(.target, in: town).map { try $0.line.decode(TargetVersion.self) }
            .filter { $0.about.hasSuffix("virksomhedsindsats-for-ledige/deltagere") }
        #expect(versions.map(\.version) == [1, 2])
        #expect(versions.map(\.annualTarget?.value?.description) == ["350", "300"])
    }
}
