import Foundation

/// Acked records per second as bars, with a line from the least to the most; the floor as a dashed line.
struct Plot {
    private let results: Results
    private let settings: [Setting]

    init(_ results: Results) {
        self.results = results
        settings = Setting.all.filter { setting in
            setting.isFull && Taker.allCases.contains { results[AckedMeasure.key(setting, $0)] != nil }
        }
    }

    /// Nil when nothing of it was measured.
    func svg(caption: String) -> String? {
        let figures = settings.map { setting in
            (
                setting,
                Taker.allCases.compactMap { taker in results[AckedMeasure.key(setting, taker)].map { (taker, $0) } }
            )
        }
        guard let most = figures.flatMap({ $0.1.map(\.1.most) }).max(), most > 0 else { return nil }
        let (left, width, bar) = (150.0, 600.0, 18.0)
        func x(_ value: Double) -> Double { left + width * value / most }
        var parts: [String] = []
        var y = 64.0
        for (setting, row) in figures {
            parts.append(
                text(
                    10, y + 12,
                    "\(setting.nodes == 1 ? "1 node" : "\(setting.nodes) nodes"), \(setting.transport.rawValue)",
                    "label"))
            for (taker, figure) in row {
                let middle = y + bar / 2
                parts.append(
                    "<rect x=\"\(n(left))\" y=\"\(n(y))\" width=\"\(n(x(figure.median) - left))\" height=\"\(n(bar - 3))\" fill=\"\(color(taker))\"><title>\(taker.rawValue): \(figure.text) records/s</title></rect>"
                )
                parts.append(
                    "<path d=\"M\(n(x(figure.least))) \(n(middle - 1.5))H\(n(x(figure.most)))\" stroke=\"#222\" stroke-width=\"1.5\"/>"
                )
                parts.append(text(x(figure.most) + 6, y + 12, "\(figure.unit.text(figure.median))", "value"))
                if let floor = figure.floor {
                    parts.append(
                        "<path d=\"M\(n(x(floor.value))) \(n(y - 1))V\(n(y + bar - 2))\" stroke=\"#b00020\" stroke-width=\"2\" stroke-dasharray=\"3 2\"><title>floor: \(floor.text(figure.unit))</title></path>"
                    )
                }
                y += bar
            }
            y += 14
        }
        let legend = Taker.allCases.enumerated().map { place, taker in
            let at = left + Double(place) * 165
            return "<rect x=\"\(n(at))\" y=\"34\" width=\"12\" height=\"12\" fill=\"\(color(taker))\"/>"
                + text(at + 17, 44, taker.rawValue, "value")
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 850 \(n(y + 30))" font-family="sans-serif" role="img">
            <title>Acked records per second, full window</title>
            <style>.head{font-size:16px;font-weight:bold}.label{font-size:12px}.value{font-size:11px;fill:#444}</style>
            <rect width="100%" height="100%" fill="#fff"/>
            \(text(10, 22, "Acked records per second, full window: median, with the least and the most; dashed: the floor", "head"))
            \(legend.joined(separator: "\n"))
            \(parts.joined(separator: "\n"))
            \(text(10, y + 16, caption, "value"))
            </svg>

            """
    }

    private func color(_ taker: Taker) -> String {
        switch taker {
        case .opaque: "#1b5e8c"
        case .checked: "#6aa5cf"
        case .reference: "#8a8a8a"
        case .redis: "#c98a2b"
        }
    }

    private func n(_ value: Double) -> String { String(format: "%.1f", value) }

    private func text(_ x: Double, _ y: Double, _ words: String, _ kind: String) -> String {
        let safe = words.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        return "<text x=\"\(n(x))\" y=\"\(n(y))\" class=\"\(kind)\">\(safe)</text>"
    }
}
