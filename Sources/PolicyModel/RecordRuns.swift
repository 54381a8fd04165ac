/// Names of records, in JSON a list of runs: `{"publisher":"BIF","log":"9f2c…","seq":4}` names one record,
/// `{"publisher":"BIF","log":"9f2c…","seq":4,"through":9003}` names that one and all that follow it in its log up to 9003.
///
/// So a hand-in of thousands, which lie one after the other in the log, fits a line. In memory every record is named.
@propertyWrapper
public struct RecordRuns: Codable, Hashable, Sendable {
    /// In the order given.
    public var wrappedValue: [RecordName]

    /// The most that one list names: a spreadsheet of 10,000 rows, twice. A list that names more is refused, not expanded.
    public static let limit = 20_000

    public init(wrappedValue: [RecordName]) { self.wrappedValue = wrappedValue }

    private struct Run: Codable {
        var publisher: String
        var log: String
        var seq: Int64
        var through: Int64?
    }

    public init(from decoder: any Decoder) throws {
        wrappedValue = []
        for run in try decoder.singleValueContainer().decode([Run].self) {
            let last = run.through ?? run.seq
            let (span, overflows) = last.subtractingReportingOverflow(run.seq)
            guard !overflows, span >= 0, span < Int64(Self.limit - wrappedValue.count) else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: decoder.codingPath,
                        debugDescription:
                            "\(run.publisher)/\(run.log)/\(run.seq) through \(last): a run goes forward, and a list names at most \(Self.limit) records"
                    ))
            }
            for seq in run.seq...last {
                wrappedValue.append(RecordName(publisher: run.publisher, log: run.log, seq: seq))
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var runs: [Run] = []
        for name in wrappedValue {
            if let last = runs.last, last.publisher == name.publisher, last.log == name.log,
                (last.through ?? last.seq) + 1 == name.seq
            {
                runs[runs.count - 1].through = name.seq
            } else {
                runs.append(Run(publisher: name.publisher, log: name.log, seq: name.seq))
            }
        }
        var container = encoder.singleValueContainer()
        try container.encode(runs)
    }
}
