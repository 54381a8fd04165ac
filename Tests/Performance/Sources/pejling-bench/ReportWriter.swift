import Foundation

/// Table, plot and single values.
struct ReportWriter {
    let results: Results
    let before: Machine
    let after: Machine
    let rounds: Int
    let folder: String
    let command: String

    func markdown() -> String {
        var parts = [
            """
            # Pejling measured

            \(Machine.description(folder: folder)). Commit \(Machine.commit). `\(command)`, \(before.time) to \(after.time); load \
            before \(before.load), after \(after.load). Medians of \(rounds) rounds in turn, with the least and the most.
            """
        ]
        let settings = Setting.all.filter { setting in
            Taker.allCases.contains { results[AckedMeasure.key(setting, $0)] != nil }
        }
        if !settings.isEmpty { parts += [rates(settings), waits(settings), costs(settings)] }
        let others = results.figures.filter { figure in
            !settings.contains { figure.name.hasPrefix($0.text + ": ") }
        }
        if !others.isEmpty {
            let rows = others.map { [$0.name, "\($0.text) \($0.unit.rawValue)"] }
            parts.append("## One by one\n\n" + table(["what", "median (least–most)"], rows))
        }
        let held = results.figures.compactMap { figure in figure.floor.map { (figure, $0) } }
        if !held.isEmpty {
            let rows = held.map { figure, floor in
                [
                    figure.name, floor.text(figure.unit), "\(figure.unit.text(figure.median)) \(figure.unit.rawValue)",
                    floor.isMet(figure.median) ? "met" : "**missed**",
                ]
            }
            parts.append("## Floors\n\n" + table(["what", "floor", "median", ""], rows))
        }
        if !results.gaps.isEmpty {
            parts.append("## Not measured\n\n" + table(["what", "why"], results.gaps.map { [$0.title, $0.why] }))
        }
        return parts.joined(separator: "\n\n") + "\n"
    }

    private func rates(_ settings: [Setting]) -> String {
        let rows = settings.map { setting in
            [setting.text] + Taker.allCases.map { results[AckedMeasure.key(setting, $0)]?.text ?? "–" }
                + [(Taker.opaque, Taker.reference), (.checked, .reference), (.opaque, .redis)].map {
                    results[AckedMeasure.ratio(setting, $0, of: $1)].map { "\($0.text) %" } ?? "–"
                }
        }
        return """
            ## Acked records per second

            Records of 600 bytes over CURVE, chain, hashes and signatures checked, one commit with a sync before the acks. A full window is \
            \(Setting.window) batches of \(Supply.linesPerBatch). Redis Streams has `appendfsync always`, as many records in flight, and no \
            encryption, hashes or signatures.


            """
                + table(
                    [
                        "", "opaque", "body checked", "the loop in C", "Redis Streams", "opaque of C", "checked of C",
                        "opaque of Redis",
                    ],
                    rows)
    }

    private func waits(_ settings: [Setting]) -> String {
        let rows = settings.map { setting in
            [setting.text]
                + Taker.allCases.map { taker in
                    let key = AckedMeasure.key(setting, taker)
                    guard let half = results[key + ", p50"], let most = results[key + ", p99"] else { return "–" }
                    return "\(half.unit.text(half.median)) / \(most.text)"
                }
        }
        return """
            ## From sending a batch to its ack

            Milliseconds, p50 / p99 (least–most of the p99). With a full window it is nearly all waiting behind the other \(Setting.window - 1) \
            batches.


            """ + table(["", "opaque", "body checked", "the loop in C", "Redis Streams"], rows)
    }

    private func costs(_ settings: [Setting]) -> String {
        let takers: [Taker] = [.opaque, .checked, .reference]
        let rows = settings.map { setting in
            [setting.text] + takers.map { results[AckedMeasure.key(setting, $0) + ", CPU"]?.text ?? "–" }
        }
        return """
            ## What the server takes of a core for one record

            Microseconds of all its threads, encryption among them. A busy machine changes this less than a rate.


            """ + table(["", "opaque", "body checked", "the loop in C"], rows)
    }

    private func table(_ head: [String], _ rows: [[String]]) -> String {
        let lines = [
            head.joined(separator: " | "), head.indices.map { $0 == 0 ? "---" : "--:" }.joined(separator: "|"),
        ]
        return (lines + rows.map { $0.joined(separator: " | ") }).map { "| \($0) |" }.joined(separator: "\n")
    }

    /// Returns the paths written.
    func write(to out: String, _ table: String) throws -> [String] {
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        var files = ["bench.md": table, "bench.csv": singleValues]
        if let plot = Plot(results).svg(caption: "commit \(Machine.commit), \(after.time), load \(after.load)") {
            files["bench.svg"] = plot
        }
        return try files.sorted { $0.key < $1.key }.map { name, text in
            let path = "\(out)/\(name)"
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            return path
        }
    }

    private var singleValues: String {
        let rows = results.figures.flatMap { figure in
            figure.values.enumerated().map { "\"\(figure.name)\",\(figure.unit.rawValue),\($0 + 1),\($1)" }
        }
        return (["figure,unit,round,value"] + rows).joined(separator: "\n") + "\n"
    }
}
