internal import Coordinator
internal import PolicyModel

/// The annexes: each forvaltning with its initiatives, then others, then how the report came about.
extension HTMLReport {
    func annexes(_ out: inout HTMLWriter) {
        out.element("section", ["id": "annexes", "aria-labelledby": "annexes-title"]) { out in
            out.element("h2", ["id": "annexes-title"], say(Words.annexes))
            var number = 0
            func annex(_ anchor: String, _ title: String, _ kind: String, _ content: (inout HTMLWriter) -> Void) {
                number += 1
                let heading = say(Words.annex, say.number(number), title)
                out.element("section", ["id": anchor, "class": kind, "aria-labelledby": "\(anchor)-title"]) { out in
                    out.element("h3", ["id": "\(anchor)-title"], heading)
                    content(&out)
                }
            }
            for owner in model.owners where owner.isForvaltning {
                annex(owner.anchor, "\(owner.owner.id) – \(owner.owner.name.text)", "forvaltning") {
                    initiatives(of: owner, &$0)
                }
            }
            let others = model.owners.filter { !$0.isForvaltning }
            if !others.isEmpty {
                annex("others", say(Words.others), "forvaltning") { out in
                    for owner in others {
                        out.element("h4", ["id": owner.anchor, "class": "owner-title"]) {
                            phrase(owner.owner.name, &$0)
                        }
                        initiatives(of: owner, &out)
                    }
                }
            }
            annex("unheard", say(Words.unheard), "forvaltning") { unheard(model.unheard, model.process.missing, &$0) }
            annex("changes", say(Words.changes), "closing") { out in
                out.element("p", model.changes.text)
                if !model.changes.items.isEmpty { references(model.changes.items, &out) }
            }
            annex("method", say(Words.method), "closing") { method(model.method, &$0) }
            if let contributions = model.contributions {
                annex("contributions", say(Words.contributionsHeading), "closing") {
                    self.contributions(contributions, &$0)
                }
            }
            annex("decisions", say(Words.decisionsHeading), "closing") { decisions(model.decisions, &$0) }
            annex("sources", say(Words.sources), "closing") { sources(model.sources, model.asOf, &$0) }
        }
    }

    private func initiatives(of owner: ReportModel.OwnerPart, _ out: inout HTMLWriter) {
        out.element("p", ["class": "summary"], owner.summary)
        for item in owner.initiatives { initiative(item, level: owner.isForvaltning ? "h4" : "h5", &out) }
    }

    private func initiative(_ item: ReportModel.InitiativePart, level: String, _ out: inout HTMLWriter) {
        out.element("article", ["id": item.anchor, "aria-labelledby": "\(item.anchor)-t"]) { out in
            out.element(level, ["id": "\(item.anchor)-t", "class": "initiative"]) { phrase(item.title, &$0) }
            out.element("p", ["class": "chips"]) { out in
                out.element("span", ["class": "chip kind"], item.kind.text)
                let state = Funding.State(rawValue: item.funding.main.code) ?? .noRemark
                chip("money \(state.rawValue)", Words.sign(state), item.funding.main.text, &out)
                if item.funding.requiresSeparateFunding, state != .requiresSeparateFunding {
                    let second = Funding.State.requiresSeparateFunding
                    chip("money \(second.rawValue)", Words.sign(second), say(Words.name(second)), &out)
                }
                if let delivery = item.status.delivery {
                    let sign = StatusReport.Delivery(rawValue: delivery.code).map(Words.sign) ?? ""
                    chip("status \(delivery.code)", sign, delivery.text, &out)
                } else if model.followUp.kind.code != FollowUp.Kind.opening.rawValue {
                    chip("missing", Words.sign(DueList.State.missing), say(Words.missing), &out)
                }
                stageChips(item.status, &out)
            }
            out.element("p", ["class": "purpose"]) { phrase(item.purpose, &$0) }
            out.element("dl", ["class": "facts"]) { facts(item, &$0) }
        }
    }

    private func facts(_ item: ReportModel.InitiativePart, _ out: inout HTMLWriter) {
        term(Words.status, &out) { status(item.status, &$0) }
        if !item.funding.lines.isEmpty {
            term(Words.money, &out) { out in
                for line in item.funding.lines {
                    out.element("p") { out in
                        out.write(line.text)
                        evidence(line.printed, line.source, &out)
                    }
                }
            }
        }
        term(Words.mandate, &out) { out in
            out.write(item.mandate.text)
            if let proposal = item.proposal {
                out.write(": ")
                phrase(proposal, &out)
            }
        }
        term(Words.section, &out) { phrase(item.section, &$0) }
        if let period = item.period { term(Words.period, &out) { $0.write(period) } }
        for (name, phrases) in [
            (Words.targetGroups, item.targetGroups), (Words.partners, item.partners),
        ] where !phrases.isEmpty {
            term(name, &out) { list(phrases, &$0) }
        }
        if !item.involved.isEmpty {
            term(Words.involved, &out) { $0.write(say.list(item.involved.map(short))) }
        }
        if !item.figures.isEmpty {
            term(Words.figures, &out) { out in
                for figure in item.figures {
                    out.element("p") { out in
                        phrase(figure.what, &out)
                        out.write(": ")
                        out.element("strong", figure.valueText)
                        if let qualifier = figure.qualifier {
                            out.write(" (")
                            phrase(qualifier, &out)
                            out.write(")")
                        }
                        evidence(figure.printed, figure.source, &out)
                    }
                }
            }
        }
        if let targets = item.annualTargets {
            term(Words.annualTargets, &out) { annualTargets(targets, &$0) }
        }
        term(Words.source, &out) { out in
            source(item.source, &out)
            if item.titleBasis != Basis.printed.rawValue { out.write(" (\(say(Words.derivedTitle)))") }
        }
    }

    /// How far what was handed in has come, and that it was changed since it was approved; nothing where a document says it.
    func stageChips(_ status: ReportModel.StatusPart, _ out: inout HTMLWriter) {
        if let stage = status.stage {
            let sign = Collecting.Stage(rawValue: stage.code).map(Words.sign) ?? ""
            chip("stage \(stage.code)", sign, stage.text, &out)
        }
        if status.changedSinceApproval {
            chip("stage changed", Words.sign(MatrixView.State.changed), say(Words.name(MatrixView.State.changed)), &out)
        }
    }

    func status(_ status: ReportModel.StatusPart, _ out: inout HTMLWriter) {
        out.element("p") { out in
            out.write(status.text)
            let notes = [status.standing, status.basis].compactMap(\.self)
            if !notes.isEmpty { out.write(" (\(notes.joined(separator: "; ")))") }
            evidence(status.printed, status.source, &out)
        }
        for detail in status.details {
            out.element("p") { out in
                out.write("\(detail.name): ")
                phrase(detail.text, &out)
            }
        }
    }
}
