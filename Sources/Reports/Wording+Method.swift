internal import Foundation
internal import PolicyModel

/// How a report came about: the words it uses, and what it lacks.
extension Wording {
    /// What holds for every report.
    var definitions: [ReportModel.DefinitionGroup] {
        typealias Entry = ReportModel.DefinitionGroup.Entry
        func group(_ title: Bilingual, _ entries: [(Bilingual, Bilingual)]) -> ReportModel.DefinitionGroup {
            ReportModel.DefinitionGroup(
                title: self(title), entries: entries.map { Entry(term: self($0.0), meaning: self($0.1)) })
        }
        return [
            group(Words.groupLights, [(Words.delivery, Words.deliveryRule), (Words.attainment, Words.attainmentRule)]),
            group(
                Words.groupJudgements, Attainment.Judgement.allCases.map { (Words.shortName($0), Words.meaning($0)) }),
            group(Words.groupStatus, StatusReport.Delivery.allCases.map { (Words.name($0), Words.meaning($0)) }),
            group(Words.groupFunding, Funding.State.allCases.map { (Words.name($0), Words.meaning($0)) }),
            group(Words.groupKinds, Initiative.Kind.allCases.map { (Words.name($0), Words.meaning($0)) }),
            group(Words.groupBasis, Basis.allCases.map { (Words.name($0), Words.meaning($0)) }),
            group(
                Words.groupCounting,
                [
                    (Words.countedTerm, Words.countedRule), (Words.latenessTerm, Words.latenessRule),
                    (Words.textsTerm, Words.textsRule), (Words.readingsTerm, Words.readingsRule),
                ]),
        ]
    }

    /// What plugins have not judged; none where they have judged everything.
    func unassessedGroup(_ parts: [ReportModel.UnassessedPart]) -> [ReportModel.DefinitionGroup] {
        guard !parts.isEmpty else { return [] }
        return [
            ReportModel.DefinitionGroup(
                title: self(Words.groupAssessed), entries: parts.map { .init(term: $0.policy, meaning: $0.text) })
        ]
    }

    /// Amounts added up, as people write them.
    func sum(_ amounts: [DecimalText]) -> String {
        let sum = amounts.compactMap(decimal).reduce(0, +)
        return DecimalText(sum.description).map { number($0) } ?? sum.description
    }
}
