import Coordinator
import Foundation
import PolicyModel
import Testing

@testable import Reports

@Suite("The Data Package")
struct DataPackageTests {
    private func package(_ state: LedgerState? = nil, all: Bool = false) throws -> DataPackage {
        DataPackage(try state ?? sampleLedger(), on: day("2020-01-10"), all: all, program: "pejling 0")
    }

    private func lines(_ package: DataPackage, _ file: String) throws -> [String] {
        String(decoding: try #require(package.files[file]), as: UTF8.self).components(separatedBy: "\r\n").dropLast()
    }

    /// Section 11 of the design, word for word: others rely on these columns.
    static let columns: [(String, String)] = [
        ("documents", "file,title,first_line,last_line,sha256"),
        ("policies", "id,title,period_start,period_end,implements,coordinator,bodies,source"),
        ("goals", "id,policy,kind,parent,title,bodies,forvaltninger,forvaltninger_basis,source"),
        (
            "indicators",
            "id,goal,title,unit,population,direction,direction_basis,target_kind,target_value,base_year,target_year,reporter,scope,source"
        ),
        ("baselines", "indicator,measures,value,status,numerator,denominator,period,source"),
        (
            "initiatives",
            "id,policy,owner,kind,mandate,proposed_to,title,section,funding_state,funded_until,requires_separate_funding,involved,partners,target_groups,goals,source"
        ),
        ("figures", "subject,what,value,qualifier,printed,source"),
        ("funding", "initiative,state,from,until,decision,source"),
        ("budgets", "initiative,policy,year,planned_dkk,used_dkk,source"),
        ("annual_targets", "id,initiative,title,comparator,value,unit,base,from_year,to_year,source"),
        (
            "follow_ups",
            "id,policy,kind,opens,due,locked,recurrence,owed_by,goes_to,public,consulted,condition,source"
        ),
        ("links", "from,to,kind,state,evidence,source"),
    ]

    @Test("each file has exactly the design's columns in their order", arguments: columns)
    func header(name: String, columns: String) throws {
        #expect(try lines(try package(sampleLedger(synthetic: false)), "\(name).csv").first == columns)
    }

    @Test("each row of each file made from example data says so, in a last column; of real data none does")
    func synthetic() throws {
        let (made, real) = (try package(), try package(sampleLedger(synthetic: false)))
        for file in made.files.keys where file.hasSuffix(".csv") {
            let (examples, rows) = (try lines(made, file), try lines(real, file))
            #expect(examples == [rows[0] + ",synthetic"] + rows.dropFirst().map { $0 + ",true" }, "\(file)")
        }
        let text = String(decoding: try #require(made.files["datapackage.json"]), as: UTF8.self)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        for resource in try #require(json["resources"] as? [[String: Any]]) {
            let fields = (resource["schema"] as? [String: Any])?["fields"] as? [[String: Any]]
            #expect(fields?.last?["name"] as? String == "synthetic" && fields?.last?["type"] as? String == "boolean")
        }
    }

    @Test("the files are the design's and no others")
    func files() throws {
        let named =
            Self.columns.map(\.0) + [
                "statuses", "readings", "assessments", "approvals", "decisions", "returns", "exceptions", "milestones",
                "contributions", "withdrawals",
            ]
        #expect(try Set(package().files.keys) == Set(named.map { "\($0).csv" } + ["datapackage.json"]))
    }

    @Test("initiatives carry the state of their money, enumerations and lists as the design writes them")
    func initiatives() throws {
        let rows = try lines(try package(), "initiatives.csv")
        #expect(rows.count == 4)
        #expect(
            rows[2]
                == "p/bif/kursus,p,BIF,commitment,decided,,Kursus,Afsnittet,expired,2018-12-31,true,,En forening,unge,p/maal,kilde.txt:20-22,true"
        )
    }

    @Test("fields are quoted as RFC 4180 says")
    func quoting() {
        #expect(csvText([["a,b", "c\"d", "e\nf", "=1+1", ""]]) == "\"a,b\",\"c\"\"d\",\"e\nf\",=1+1,\r\n")
    }

    @Test("a cell that looks like a formula stays as it is and is pointed out")
    func formulas() throws {
        let package = try package(try sampleLedger(title: "=1+1"))
        #expect(try lines(package, "initiatives.csv")[1].contains(",=1+1,"))
        #expect(package.formulaLike.map { "\($0.file):\($0.line) \($0.column)" } == ["initiatives.csv:2 title"])
    }

    @Test("the descriptor is JSON that names each file, its keys, and that the data is made up")
    func descriptor() throws {
        let bytes = try #require(try package().files["datapackage.json"])
        let json = try #require(try JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(json["synthetic"] as? Bool == true)
        let resources = try #require(json["resources"] as? [[String: Any]])
        #expect(resources.count == 22)
        let funding = try #require(resources.first { $0["name"] as? String == "funding" }?["schema"] as? [String: Any])
        #expect((funding["foreignKeys"] as? [[String: Any]])?.count == 1)
    }

    @Test("a foreign key that does not hold is not promised")
    func dangling() throws {
        var maker = LedgerMaker()
        try maker.add("BIF", Sample.initiative("p/bif/a"))
        let text = String(decoding: try #require(try package(maker.state).files["datapackage.json"]), as: UTF8.self)
        let json = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        let resources = try #require(json["resources"] as? [[String: Any]])
        let schema = try #require(
            resources.first { $0["name"] as? String == "initiatives" }?["schema"] as? [String: Any])
        #expect(schema["foreignKeys"] == nil)
    }
}
