/// The small picture of an indicator: from where it stood to where it is to come, with the latest reading on the way.
/// One image with a sentence as its name; the table beside it holds the same words.
///
/// A baseline is a disc, a target a diamond, a reading a square: known without colour. What has no number is an open,
/// dashed form. The line rises where more is better, and falls where less is.
/// In units of the view box, which is as wide as a phone's column, so that letters stay readable there.
private enum Size {
    static let left = 28
    static let right = 292
    static let top = 30
    static let middle = 51
    static let bottom = 72
    /// Bold letters of 12 units that fit beside each other, at about 7 units each.
    static let letters = 40
}

extension HTMLParts {
    func picture(_ chart: ReportModel.ChartPart, _ out: inout HTMLWriter) {
        let (from, to) = ends(chart.slope)
        out.element(
            "svg",
            [
                "viewBox": "0 0 320 104", "class": "way", "role": "img", "aria-label": chart.text,
                "xmlns": "http://www.w3.org/2000/svg",
            ]
        ) { out in
            // Without a target the line ends on the way: it says the direction, and that there is nothing to come to.
            let isWhole = chart.to != .absent
            let end = isWhole ? Size.right : 204
            let height = from + (to - from) * (end - Size.left) / (Size.right - Size.left)
            let isKnown = chart.from == .known && chart.to == .known
            out.void(
                "path",
                ["d": "M\(Size.left) \(from)L\(end - 14) \(height)", "class": isKnown ? "line" : "line dashed"])
            head(chart.slope, x: end - Size.right, y: height - to, &out)
            out.void(
                "circle",
                ["cx": "\(Size.left)", "cy": "\(from)", "r": "7", "class": chart.from == .known ? "known" : "open"])
            if isWhole {
                let right = Size.right
                out.void(
                    "path",
                    [
                        "d": "M\(right - 9) \(to)L\(right) \(to - 9)L\(right + 9) \(to)L\(right) \(to + 9)Z",
                        "class": chart.to == .known ? "known" : "open",
                    ])
            }
            label(chart.fromText, x: 20, y: from, isAbove: chart.slope != .up, "start", &out)
            label(chart.toText, x: 302, y: to, isAbove: chart.slope == .up, "end", &out)
            if let text = chart.latestText { latest(text, chart, from, to, &out) }
        }
    }

    /// A square on the way, or an open one where the reading has no place on it: in its middle, level with the baseline, or on
    /// the wrong side of it.
    private func latest(
        _ text: String, _ chart: ReportModel.ChartPart, _ from: Int, _ to: Int, _ out: inout HTMLWriter
    ) {
        let (position, slope) = (chart.latest, chart.slope)
        // A little beyond either end still shows; what is farther out stands at the edge, its number beside it.
        let share = min(1050, max(-50, position ?? 500))
        let x = Size.left + (Size.right - Size.left) * share / 1000
        let y =
            switch chart.latestSide {
            case .worse: from - (to - from) * 350 / 1000
            case .same: from
            case .better, nil: from + (to - from) * share / 1000
            }
        out.void(
            "rect",
            [
                "x": "\(x - 6)", "y": "\(y - 6)", "width": "12", "height": "12",
                "class": position == nil ? "open" : "latest",
            ])
        // Where the line leaves room: on its left half the side away from the target's label, on its right half the other one.
        let width = min(text.count, Size.letters) * 7
        let isLeft = share < 500
        let (place, anchor): (Int, String) =
            switch (slope, isLeft) {
            case (.level, _): (min(Size.right + 10 - width / 2, max(Size.left - 8 + width / 2, x)), "middle")
            case (_, true): (max(Size.left - 8, min(x - 40, 205 - width)), "start")
            case (_, false): (min(Size.right + 10, max(x + 40, 80 + width)), "end")
            }
        let isBelow = slope == .up
        let side: Int? =
            switch chart.latestSide {
            case .worse: isBelow ? 72 : 36
            case .same: isBelow ? 96 : 20
            case .better, nil: nil
            }
        let line =
            switch (slope, isLeft) {
            case _ where side != nil: side ?? y
            case (.level, _): y + 43
            case (.up, true): 40
            case (.up, false): 76
            case (.down, true): 70
            case (.down, false): 32
            }
        label(text, x: place, line: line, anchor, &out)
    }

    private func ends(_ slope: ReportModel.ChartPart.Slope) -> (from: Int, to: Int) {
        switch slope {
        case .up: (Size.bottom, Size.top)
        case .down: (Size.top, Size.bottom)
        case .level: (Size.middle, Size.middle)
        }
    }

    /// The arrow's head before a target at the right end, moved by `x` and `y`. The three lines have three angles only,
    /// so the points are written down: no rounding differs between machines.
    private func head(_ slope: ReportModel.ChartPart.Slope, x: Int, y: Int, _ out: inout HTMLWriter) {
        let path =
            switch slope {
            case .up: "M266 29L280 32L268 39Z"
            case .down: "M266 73L280 70L268 63Z"
            case .level: "M267 46L280 51L267 56Z"
            }
        out.void("path", ["d": path, "transform": "translate(\(x) \(y))", "class": "head"])
    }

    private func label(_ text: String, x: Int, y: Int, isAbove: Bool, _ anchor: String, _ out: inout HTMLWriter) {
        label(text, x: x, line: isAbove ? y - 14 : y + 23, anchor, &out)
    }

    private func label(_ text: String, x: Int, line: Int, _ anchor: String, _ out: inout HTMLWriter) {
        let shown = text.count > Size.letters ? text.prefix(Size.letters - 1) + "…" : text[...]
        out.element(
            "text", ["x": "\(x)", "y": "\(line)", "class": "label", "text-anchor": anchor], String(shown))
    }
}

extension HTMLStyle {
    /// What the sheet needs beside itself where a report has a tree of goals, indicators, annual targets or money by
    /// year.
    static let measures: StaticString = """

        .tree { list-style: none; padding: 0; } .tree .tree { padding-left: 1.1rem; margin: .5rem 0 .6rem;
          border-left: 2px solid var(--line); }
        .tree li { margin: 0 0 .6rem; } .tree .chip { font-size: .78rem; padding: 0 .5rem; }
        .measured { display: grid; gap: .5rem 1.5rem; } .measured > * { min-width: 0; }
        .measured .scroll { margin: 0 0 .75rem; } .measured .scroll table { min-width: 0; font-size: .9rem; }
        .measured caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
        .measured td { overflow-wrap: anywhere; } .measured td .source { display: inline; font-size: 1em; }
        .measured tbody th { min-width: 6.5rem; }
        .way { border-bottom: 1px solid var(--line); }
        .measured figure > .way { max-width: 24rem; }
        .way .line { stroke: var(--blue); stroke-width: 2.5; fill: none; } .way .dashed { stroke-dasharray: 5 5; }
        .way .head { fill: var(--blue); } .way .known { fill: var(--blue); stroke: var(--blue); stroke-width: 2; }
        .way .open { fill: var(--paper); stroke: var(--blue); stroke-width: 2; stroke-dasharray: 3 2.5; }
        .way .latest { fill: var(--ink); stroke: var(--paper); stroke-width: 2; }
        svg.way .label { font-size: 12px; font-weight: 600; fill: var(--ink); }
        .measure > .scroll table, .facts .scroll table { font-size: .86rem; }
        @media (min-width: 42rem) { .measured { grid-template-columns: minmax(0, 2fr) minmax(0, 3fr); } }
        @media (max-width: 41.99rem) { .measured tbody th { min-width: 5.2rem; } .tree .tree { padding-left: .7rem; } }
        @media print {
          .measured { grid-template-columns: 6.5cm 1fr; } .measured .scroll table { font-size: 8pt; }
          .measured figure > .way { max-width: 6.5cm; } .measured .source { font-size: 7.5pt; }
          .way, .way * { -webkit-print-color-adjust: exact; }
          .tree li { break-inside: auto; } .tree strong, .tree .small { break-inside: avoid; }
          .goal, .measure h5, .measure h6 { break-inside: avoid; break-after: avoid; font-size: 10pt; }
          .goal + .measure { break-before: avoid; } .measure > .scroll table, .facts .scroll table { font-size: 8pt; }
          #problem h4 { font-size: 10.5pt; break-inside: avoid; } .measure h5 { font-size: 9.5pt; }
        }

        """
}
