internal import PolicyModel

extension ReportModel {
    /// The report as one HTML file: no scripts, nothing fetched, readable, printable, well-formed as XML.
    public func html() -> String {
        HTMLReport(model: self).render()
    }
}

/// Lays a report out as HTML.
struct HTMLReport: HTMLParts {
    let model: ReportModel
    let say: Wording

    init(model: ReportModel) {
        self.model = model
        say = Wording(language: model.language, city: nil)
    }

    func render() -> String {
        let frame = HTMLFrame(
            title: model.title, program: model.asOf.program, synthetic: model.synthetic, stamp: stamp(model.asOf),
            hasMeasures: model.hasMeasures)
        return page(frame, header: header, navigation: navigation) { out in
            front(&out)
            sections(&out)
            annexes(&out)
        }
    }

    private func header(_ out: inout HTMLWriter) {
        out.element("p", ["class": "city"]) { phrase(model.policy.city, &$0) }
        out.element("h1", model.title)
        out.element("p", ["class": "subtitle"]) { phrase(model.policy.title, &$0) }
        out.element("ul", ["class": "meta"]) { out in
            particular(Words.followUp, &out) { phrase(model.followUp.title, &$0) }
            particular(Words.period, &out) { $0.write(model.policy.period) }
            particular(Words.coordinatedBy, &out) { out in
                phrase(model.policy.coordinator.name, &out)
                out.write(" (\(model.policy.coordinatorBasis))")
            }
            particular(Words.forBodies, &out) { out in list(model.policy.bodies.map(\.name), &out) }
            particular(Words.asOf, &out) { out in
                out.write("\(model.asOf.referenceDateText) · ")
                out.write(say(Words.asOfLedger, say.number(Int(model.asOf.position)), model.asOf.receivedText))
            }
        }
    }

    private var navigation: [HTMLLink] {
        let parts = [
            ("front", Words.front), ("proposal", Words.proposal), ("problem", Words.problem),
            ("solution", Words.solution), ("economy", Words.economy), ("process", Words.process),
            ("annexes", Words.annexes),
        ]
        let last = [
            ("unheard", Words.unheard), ("changes", Words.changes), ("method", Words.method),
            ("contributions", Words.contributionsHeading), ("decisions", Words.decisionsHeading),
            ("sources", Words.sources),
        ].filter { $0.0 != "contributions" || model.contributions != nil }
        return parts.map { HTMLLink(anchor: $0.0, text: say($0.1)) }
            + model.owners.map { HTMLLink(anchor: $0.anchor, text: label($0), kind: "annex") }
            + last.map { HTMLLink(anchor: $0.0, text: say($0.1), kind: "annex") }
    }

    /// A forvaltning by its code, a body by its name.
    private func label(_ owner: ReportModel.OwnerPart) -> String {
        owner.isForvaltning ? owner.owner.id : owner.owner.name.text
    }
}
