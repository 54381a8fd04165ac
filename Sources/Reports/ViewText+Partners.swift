public import Coordinator
public import PolicyModel

extension PartnersView {
    /// A table for each kind.
    public func text(_ language: Language = .danish, width: Int? = nil) -> String {
        let say = Wording(language: language, city: nil)
        let heading = Day(on).map { say.date($0) } ?? on
        var text = banner(synthetic, say) + say(Words.partnersTitle, heading) + "\n"
        guard !rows.isEmpty else { return text + "\n" + say(Words.partnersNone) + "\n" }
        let partners = rows.filter { $0.kind == .partner }
        text +=
            say(
                Words.partnersCounts, say.number(partners.count), say.number(partners.count { $0.owners.count > 1 }),
                say.number(partners.count { $0.policies.count > 1 })) + "\n"
        for kind in [Kind.partner, .body, .consulted] {
            let own = rows.filter { $0.kind == kind }
            guard !own.isEmpty else { continue }
            var table = TextTable(columns: [
                .init(title: say(Words.nameColumn), mayShrink: true),
                .init(title: say(Words.policiesColumn), mayShrink: true),
                .init(title: say(Words.withColumn), mayShrink: true),
            ])
            for row in own {
                table.rows.append(
                    [row.words(say), row.policies.joined(separator: " "), row.owners.joined(separator: " ")].map(plain))
                for part in row.initiatives {
                    table.rows.append(["    " + plain("\(part.title[language]) [\(part.initiative)]")])
                }
                for hearing in row.followUps {
                    let role = [
                        hearing.printed == nil ? nil : Words.isConsulted, hearing.receives ? Words.receives : nil,
                    ]
                    let words = say.list(role.compactMap { $0.map { say($0) } })
                    table.rows.append(["    " + plain("\(words): \(hearing.title[language]) [\(hearing.followUp)]")])
                }
            }
            text += "\n\(say(Words.name(kind)))\n\n" + table.text(width: width)
        }
        return text
    }

    public func json() -> String { jsonText(self) }

    /// One line for each part in an initiative and each follow-up.
    public func csv() -> String {
        let head = [
            "kind", "key", "name", "printed", "policy", "relation", "about", "title", "owner", "source", "synthetic",
        ]
        let lines = rows.flatMap { row -> [[String]] in
            let start = [row.kind.rawValue, row.key, row.name.da]
            let parts = row.initiatives.map { part in
                start + [
                    part.printed ?? "", part.policy, part.printed == nil ? "own_initiative" : "initiative",
                    part.initiative, part.title.da, part.owner, part.source.reference, String(synthetic),
                ]
            }
            let hearings = row.followUps.flatMap { hearing in
                let relations = (hearing.printed == nil ? [] : ["consulted"]) + (hearing.receives ? ["receives"] : [])
                return relations.map { relation in
                    start + [
                        hearing.printed?.da ?? "", hearing.policy, relation, hearing.followUp, hearing.title.da, "",
                        hearing.source.reference, String(synthetic),
                    ]
                }
            }
            return parts + hearings
        }
        return csvText([head] + lines)
    }
}

extension PartnersView.Row {
    fileprivate func words(_ say: Wording) -> String {
        let name = name[say.language]
        let others = kind == .partner ? printed.filter { $0 != name } : []
        return others.isEmpty ? name : say(Words.alsoPrinted, name, others.joined(separator: ", "))
    }
}
