internal import PluginKit
public import PolicyModel
public import Wire

extension CoordinatorDesk {
    /// The order on a record of anybody: only the forvaltning that coordinates the record's policy gives it; of a link, the one that
    /// coordinates either side. What belongs to no policy is its publisher's alone.
    ///
    /// - Parameters:
    ///   - line: As the coordinator's copy has it.
    ///   - later: The records of the same publisher and kind after it.
    public func redacting(_ line: Line, later: [Line], reason: String, decision: String) throws -> Redaction {
        if line.kind == .link {
            let sides = line.envelope.id.split(separator: "|").map { String($0.prefix { $0 != "/" }) }
            let own = sides.first { (try? policy($0)) != nil }
            if own == nil { _ = try policy(sides.first ?? "") }
        } else if let id = line.envelope.policy {
            _ = try policy(id)
        } else {
            throw DeskRefusal(
                .notCoordinator,
                "\(line.name) belongs to no policy, so nobody coordinates it: \(line.envelope.publisher) redacts it")
        }
        return try checked(
            try Redacting.order(
                on: line, later: later, reason: try text(reason, "--reason"),
                decision: try text(decision, "--decision").da))
    }

    /// Assessments that quote the figure of a record: they are the policy's own, and stay.
    public func quoting(_ record: RecordName) -> [RecordName] {
        state.assessments.all.flatMap(\.versions).filter { version in
            version.body.measures.contains { $0.reading == record }
        }.map(\.name)
    }
}
