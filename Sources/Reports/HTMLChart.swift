internal import PolicyModel

/// The picture: a bar for each owner, split by money. The table beside it holds the same numbers, so the picture is one image
/// with a name to those who cannot see it.
/// Sizes in units of the view box, which is as wide as a phone, so that letters stay readable there.
private enum Size {
    static let width = 420
    static let row = 46
    static let bar = 20
}

extension HTMLParts {
    /// All initiatives in one bar, for the first page; the line above it says the same in words.
    func strip(_ rows: [ReportModel.OwnerRow], _ out: inout HTMLWriter) {
        guard let first = rows.first, rows.contains(where: { $0.initiatives > 0 }) else { return }
        var total = first
        total.initiatives = rows.reduce(0) { $0 + $1.initiatives }
        total.states = first.states.indices.map { index in
            var count = first.states[index]
            count.count = rows.reduce(0) { $0 + $1.states[index].count }
            return count
        }
        out.element("figure", ["class": "strip"]) { out in
            out.element(
                "svg",
                [
                    "viewBox": "0 0 \(Size.width) 22", "role": "img", "aria-label": say(Words.stripName),
                    "xmlns": "http://www.w3.org/2000/svg",
                ]
            ) { out in
                patterns(&out)
                segments(total, top: 1, most: total.initiatives, &out)
            }
            keys([total], &out)
        }
    }

    /// - Parameter definesPatterns: on a page without `strip`, which has them otherwise.
    func chart(_ rows: [ReportModel.OwnerRow], definesPatterns: Bool = false, _ out: inout HTMLWriter) {
        let most = max(1, rows.map(\.initiatives).max() ?? 1)
        let height = rows.count * Size.row + 4
        out.element("figure") { out in
            out.element(
                "svg",
                [
                    "viewBox": "0 0 \(Size.width) \(height)", "role": "img", "aria-labelledby": "chart-name chart-text",
                    "xmlns": "http://www.w3.org/2000/svg",
                ]
            ) { out in
                out.element("title", ["id": "chart-name"], say(Words.chart))
                out.element("desc", ["id": "chart-text"], say(Words.chartText))
                if definesPatterns { patterns(&out) }
                for (index, row) in rows.enumerated() { bar(row, top: index * Size.row, most: most, &out) }
            }
            keys(rows, &out)
        }
    }

    private func keys(_ rows: [ReportModel.OwnerRow], _ out: inout HTMLWriter) {
        out.element("figcaption") { out in
            for state in Funding.State.allCases where rows.contains(where: { has(state, $0) }) {
                out.element("span", ["class": "key"]) { out in
                    out.element(
                        "svg", ["viewBox": "0 0 16 16", "aria-hidden": "true", "xmlns": "http://www.w3.org/2000/svg"]
                    ) { out in
                        out.void(
                            "rect",
                            ["x": "1", "y": "1", "width": "14", "height": "14", "class": "bar \(state.rawValue)"])
                    }
                    out.write(say(Words.name(state)))
                }
                out.write(" ")
            }
        }
    }

    private func has(_ state: Funding.State, _ row: ReportModel.OwnerRow) -> Bool {
        row.states.contains { $0.code == state.rawValue && $0.count > 0 }
    }

    /// Hatching beside colour: it is seen in grey print and by those who do not see colours.
    private func patterns(_ out: inout HTMLWriter) {
        out.element("defs") { out in
            for (id, path, kind) in [
                ("hatch", "M0 8L8 0M-2 2L2 -2M6 10L10 6", "requires_separate_funding"),
                ("cross", "M0 0L8 8M0 8L8 0", "expired"),
            ] {
                out.element("pattern", ["id": id, "width": "8", "height": "8", "patternUnits": "userSpaceOnUse"]) {
                    out in
                    out.void("rect", ["width": "8", "height": "8", "class": "ground \(kind)"])
                    out.void("path", ["d": path, "class": "hatching"])
                }
            }
        }
    }

    private func bar(_ row: ReportModel.OwnerRow, top: Int, most: Int, _ out: inout HTMLWriter) {
        let name =
            row.owner.id.contains { $0.isLowercase } ? row.owner.name.text : "\(row.owner.id) · \(row.owner.name.text)"
        out.element("text", ["x": "0", "y": "\(top + 15)", "class": "name"], name)
        out.element(
            "text", ["x": "\(Size.width)", "y": "\(top + 15)", "class": "sum", "text-anchor": "end"],
            say.number(row.initiatives))
        segments(row, top: top + 20, most: most, &out)
        if row.initiatives == 0 {
            out.void("path", ["d": "M0 \(top + 30)H24", "class": "empty"])
        }
    }

    private func segments(_ row: ReportModel.OwnerRow, top: Int, most: Int, _ out: inout HTMLWriter) {
        var before = 0
        for count in row.states where count.count > 0 {
            // Whole units: the same page on every machine.
            let left = before * Size.width / most
            let right = (before + count.count) * Size.width / most
            before += count.count
            out.void(
                "rect",
                [
                    "x": "\(left)", "y": "\(top)", "width": "\(max(1, right - left - 1))", "height": "\(Size.bar)",
                    "class": "bar \(count.code)",
                ])
            guard right - left >= 14 else { continue }
            let label = "label \(count.code)"
            let width = 9 + 7 * say.number(count.count).count
            if count.code != Funding.State.noRemark.rawValue {
                out.void(
                    "rect",
                    [
                        "x": "\((left + right - width) / 2)", "y": "\(top + 2)", "width": "\(width)", "height": "16",
                        "rx": "2",
                        "class": "ground \(count.code)",
                    ])
            }
            out.element(
                "text",
                ["x": "\((left + right - 1) / 2)", "y": "\(top + 15)", "class": label, "text-anchor": "middle"],
                say.number(count.count))
        }
    }
}
