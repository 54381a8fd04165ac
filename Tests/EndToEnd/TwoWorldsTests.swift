import Foundation
import Ledger
import Testing

/// Every door between real and example data, tried from both sides with the real executables.
@Suite("Real and example data never meet", .serialized, .oneAtATime)
struct TwoWorldsTests {
    /// `var` holds real data with its pages in `reports`; `eks` example data with its pages in `eks-reports`.
    private func worlds() throws -> Town {
        try Town.made(by: [
            ["up", "--once"], ["up", "--once", "--synthetic", "--data", "eks", "--out", "eks-reports"],
        ])
    }

    /// The other world's file in the place of one's own; the own one beside it.
    private func swap(_ path: String, in town: Town, from other: String, to own: String) throws {
        for suffix in ["", "-wal", "-shm"] {
            let (source, place) = ("\(town.folder)/\(other)/\(path)\(suffix)", "\(town.folder)/\(own)/\(path)\(suffix)")
            if FileManager.default.fileExists(atPath: place) {
                try FileManager.default.moveItem(atPath: place, toPath: place + ".own")
            }
            if FileManager.default.fileExists(atPath: source) {
                try FileManager.default.copyItem(atPath: source, toPath: place)
            }
        }
    }

    private func swapBack(_ path: String, in town: Town, _ own: String) throws {
        for suffix in ["", "-wal", "-shm"] {
            let place = "\(town.folder)/\(own)/\(path)\(suffix)"
            try? FileManager.default.removeItem(atPath: place)
            if FileManager.default.fileExists(atPath: place + ".own") {
                try FileManager.default.moveItem(atPath: place + ".own", toPath: place)
            }
        }
    }

    private func up(_ town: Town, _ world: String) throws -> Town.Result {
        try world == "var"
            ? town.pejling("up", "--once", "--patience", "8")
            : town.pejling(
                "up", "--once", "--patience", "8", "--synthetic", "--data", "eks", "--out", "eks-reports")
    }

    /// Nothing in a ledger is of the other world.
    private func expectPure(_ town: Town, _ world: String) throws {
        try Replica(folder: "\(town.folder)/\(world)/coordinator", create: false, readOnly: true).forEach {
            #expect($0.line.envelope.synthetic == (world == "eks"), "\($0.line.name) in \(world)")
        }
    }

    @Test("a folder made for the one is refused to the other, by up and by a node's enter")
    func folders() throws {
        let town = try worlds()
        for (arguments, words) in [
            (["up", "--once", "--synthetic"], "var holds real data"),
            (["up", "--once", "--data", "eks", "--out", "eks-reports"], "eks holds example (synthetic) data"),
            (["demo", "--data", "var", "--out", "demo"], "var holds real data, and real and example data never meet"),
            (["demo", "--data", "var", "--out", "demo", "--again"], "var holds real data"),
        ] {
            let refused = try town.pejling(arguments)
            #expect(refused.code == 1, "\(arguments)")
            #expect(refused.errors.contains(words), "\(refused.errors)")
        }
        let node = town.executables + "/pejling-node-bif"
        for (folder, flags) in [("var", ["--synthetic"]), ("eks", [])] {
            let refused = try town.run(
                node, ["enter", "--data", "\(folder)/nodes/BIF", "--config", "Config"] + flags)
            #expect(refused.code == 1)
            #expect(refused.errors.contains("differ on whether the data is synthetic"), "\(refused.errors)")
        }
        #expect(try town.verify().records > 400)
    }

    @Test(
        "a publisher's log in the other's place stops that publisher and says why: a node's, a policy's, the coordinator's"
    )
    func logs() throws {
        let town = try worlds()
        let paths = ["nodes/BIF", "policies/lgbti", "coordinator"].map { $0 + "/log.sqlite" }
        for (own, other) in [("var", "eks"), ("eks", "var")] {
            for path in paths { try swap(path, in: town, from: other, to: own) }
            let started = try up(town, own)
            #expect(started.code == 3)
            for path in paths {
                #expect(
                    started.errors.contains("\(own)/\(path) and this run differ on whether the data is synthetic"),
                    "\(started.errors)")
            }
            for path in paths { try swapBack(path, in: town, own) }
            #expect(try up(town, own).code == 0)
            try expectPure(town, own)
        }
    }

    @Test("a copy of the other's feed is not read, and not gone on with: by views, by enter, by the processes")
    func copies() throws {
        let town = try worlds()
        for (own, other, holds) in [("var", "eks", "example (synthetic)"), ("eks", "var", "real")] {
            try swap("coordinator/replica.sqlite", in: town, from: other, to: own)
            for command in [["view", "matrix"], ["report", "lgbti"], ["due"], ["show", "BIF"], ["export"]] {
                let out = command[0] == "report" || command[0] == "export" ? ["--out", "\(own)-pages"] : []
                let refused = try town.pejling(command + ["--data", own] + out)
                #expect(refused.code == 1)
                #expect(refused.errors.contains("coordinator/replica.sqlite holds \(holds) data"), "\(refused.errors)")
            }
            let started = try up(town, own)
            #expect(started.code == 3)
            #expect(started.errors.contains("coordinator/replica.sqlite holds \(holds) data"), "\(started.errors)")
            try swapBack("coordinator/replica.sqlite", in: town, own)

            try swap("nodes/BIF/replica.sqlite", in: town, from: other, to: own)
            let entered = try town.pejling(
                "reading", "integration/beskaeftigelsesfrekvens", "--node", "BIF", "--period", "2019", "--value", "57",
                "--denominator", "41000", "--data", own)
            #expect(entered.code == 1)
            #expect(entered.errors.contains("nodes/BIF/replica.sqlite holds \(holds) data"), "\(entered.errors)")
            try swapBack("nodes/BIF/replica.sqlite", in: town, own)
            #expect(try up(town, own).code == 0)
            try expectPure(town, own)
        }
    }

    @Test("drafts and true figures of the other are not handed in")
    func drafts() throws {
        let town = try worlds()
        // Small figures: their true values lie in the private stores, which are made by them.
        for own in ["var", "eks"] {
            let said = try town.pejling(
                "reading", "integration/mindst-karakteren-2", "--node", "BUF", "--period", "2019", "--numerator", "3",
                "--denominator", "400", "--data", own)
            #expect(said.code == 0, "\(said.errors)")
        }
        for (own, other, holds) in [("var", "eks", "example (synthetic)"), ("eks", "var", "real")] {
            try swap("nodes/BUF/private.sqlite", in: town, from: other, to: own)
            let refused = try town.pejling("hand-in", "integration/2019", "--node", "BUF", "--data", own)
            #expect(refused.code == 1)
            #expect(
                refused.errors.contains("private.sqlite holds drafts and figures of \(holds) data"), "\(refused.errors)"
            )
            try swapBack("nodes/BUF/private.sqlite", in: town, own)
        }
    }

    @Test("the other's ledger is not opened")
    func ledgers() throws {
        let town = try worlds()
        for (own, other) in [("var", "eks"), ("eks", "var")] {
            try swap("broker/ledger.sqlite", in: town, from: other, to: own)
            let started = try up(town, own)
            #expect(started.code == 1)
            #expect(started.errors.contains("real and example (synthetic) data never meet"), "\(started.errors)")
            try swapBack("broker/ledger.sqlite", in: town, own)
        }
    }

    @Test("pages and open data of the one are not written beside those of the other; a folder of examples says so")
    func outputs() throws {
        let town = try worlds()
        #expect(try town.read("eks-reports/EKSEMPELDATA.txt").contains("EXAMPLE DATA – not real information"))
        try #require(try town.pejling("export", "--out", "open").code == 0)
        try #require(try town.pejling("export", "--data", "eks", "--out", "eks-open").code == 0)
        for (data, pages, open, words) in [
            ("var", "eks-reports", "eks-open", "holds pages of example data"),
            ("eks", "reports", "open", "not marked as a folder of example data"),
        ] {
            for command in [
                ["report", "all", "--out", pages], ["report", "lgbti", "--out", pages], ["export", "--out", open],
                ["export", "--out", pages],
            ] {
                let before = try FileManager.default.contentsOfDirectory(atPath: "\(town.folder)/\(command.last ?? "")")
                let refused = try town.pejling(command + ["--data", data])
                #expect(refused.code == 1)
                #expect(refused.errors.contains(words), "\(refused.errors)")
                let after = try FileManager.default.contentsOfDirectory(atPath: "\(town.folder)/\(command.last ?? "")")
                #expect(Set(before) == Set(after))
            }
        }
        let beside = try town.pejling("demo", "--data", "new", "--out", "reports")
        #expect(beside.code == 1)
        #expect(beside.errors.contains("reports is not empty and holds no pages of a demo"), "\(beside.errors)")
        #expect(!FileManager.default.fileExists(atPath: town.folder + "/new"))
    }
}
