import Foundation

enum Unit: String {
    case perSecond = "records/s"
    case microseconds = "µs"
    case milliseconds = "ms"
    case seconds = "s"
    case kibibytes = "KiB"
    case mebibytes = "MiB"
    case percent = "%"

    func text(_ value: Double) -> String {
        switch self {
        case .perSecond: value.formatted(.number.precision(.fractionLength(0)).locale(Locale(identifier: "en_US")))
        case .microseconds, .milliseconds, .seconds: String(format: value < 10 ? "%.2f" : "%.1f", value)
        case .kibibytes, .mebibytes: String(format: value < 100 ? "%.1f" : "%.0f", value)
        case .percent: String(format: value < 10 ? "%.1f" : "%.0f", value)
        }
    }
}

/// What a figure is held against.
struct Floor {
    enum Bound { case atLeast, atMost }
    let bound: Bound
    let value: Double

    static func atLeast(_ value: Double) -> Floor { Floor(bound: .atLeast, value: value) }
    static func atMost(_ value: Double) -> Floor { Floor(bound: .atMost, value: value) }

    func isMet(_ measured: Double) -> Bool { bound == .atLeast ? measured >= value : measured < value }
    func text(_ unit: Unit) -> String { "\(bound == .atLeast ? "≥" : "<") \(unit.text(value)) \(unit.rawValue)" }
}

/// One value of each round.
struct Figure {
    let name: String
    let unit: Unit
    let floor: Floor?
    var values: [Double] = []

    var median: Double {
        let sorted = values.sorted()
        guard let upper = sorted.dropFirst(sorted.count / 2).first else { return 0 }
        return sorted.count.isMultiple(of: 2) ? (upper + sorted[sorted.count / 2 - 1]) / 2 : upper
    }
    var least: Double { values.min() ?? 0 }
    var most: Double { values.max() ?? 0 }
    var text: String { "\(unit.text(median)) (\(unit.text(least))–\(unit.text(most)))" }
}

/// All figures, in the order in which they first came.
struct Results {
    private(set) var figures: [Figure] = []
    private var places: [String: Int] = [:]
    /// What could not be measured: title and why.
    private(set) var gaps: [(title: String, why: String)] = []

    mutating func add(_ name: String, _ unit: Unit, _ value: Double, floor: Floor? = nil) {
        let place = places[name] ?? figures.count
        if place == figures.count {
            places[name] = place
            figures.append(Figure(name: name, unit: unit, floor: floor))
        }
        figures[place].values.append(value)
    }

    mutating func missing(_ title: String, _ why: String) {
        if !gaps.contains(where: { $0.title == title }) { gaps.append((title, why)) }
    }

    subscript(_ name: String) -> Figure? { places[name].map { figures[$0] } }
}

/// The value that so many of a hundred are at or below; nanoseconds in, milliseconds out.
func percentile(_ part: Double, of nanoseconds: [Int64]) -> Double {
    guard !nanoseconds.isEmpty else { return 0 }
    let sorted = nanoseconds.sorted()
    let place = Int((Double(sorted.count) * part / 100).rounded(.up)) - 1
    return Double(sorted[min(max(place, 0), sorted.count - 1)]) / 1e6
}

/// Monotonic time in nanoseconds.
func monotonic() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
