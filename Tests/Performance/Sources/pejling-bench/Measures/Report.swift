import Foundation

/// The combined report over a large synthetic city, from what was read of the feed to HTML: `pejling-scale`, beside this tool, in a
/// process of its own.
struct ReportMeasure: Measure {
    let name = "report"
    let title = "combined report over 10,000 initiatives"
    let isShort = true

    private struct Measured: Decodable {
        struct Step: Decodable {
            let name: String
            let seconds: Double
        }
        let records: Double
        let steps: [Step]
    }

    func run(_ bench: Bench, _ results: inout Results) async throws {
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let scale = (own as NSString).deletingLastPathComponent + "/pejling-scale"
        guard FileManager.default.isExecutableFile(atPath: scale) else {
            throw NotMeasured(description: "\(scale) is not built: make bench builds it")
        }
        let child = try Child(scale, ["one", "1"], folder: try bench.newFolder())
        let (text, code) = child.wholeOutput()
        guard code == 0, let measured = try? JSONDecoder().decode(Measured.self, from: Data(text.utf8)) else {
            throw Failure("pejling-scale ended with \(code): \(child.said)")
        }
        func seconds(_ step: String) throws -> Double {
            guard let found = measured.steps.first(where: { $0.name == step }) else {
                throw Failure("pejling-scale has no step “\(step)”")
            }
            return found.seconds
        }
        results.add("\(title): feed folded", .perSecond, measured.records / (try seconds("feed read and folded")))
        results.add(
            "\(title): built and written as HTML", .seconds,
            try seconds("combined report built") + seconds("combined report as HTML"), floor: .atMost(1))
    }
}
