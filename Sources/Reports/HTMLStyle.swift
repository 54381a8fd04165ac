/// The style sheet of the report: one column on a phone, contents beside the text on a wide screen, A4 on paper. Contrast
/// is at least 4.5:1 for text and 3:1 for signs (WCAG 2.1 AA); colour never speaks alone.
enum HTMLStyle {
    static let sheet: StaticString = """

        :root { --ink: #1c2430; --soft: #4d5866; --line: #d5dae1; --tint: #f4f6f9; --blue: #0a4a80; --green: #17693f;
          --amber: #8a4b00; --red: #a01c30; --grey: #5a6472; --paper: #ffffff; }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
        body { margin: 0 auto; max-width: 76rem; padding: 0 1.25rem 3rem; color: var(--ink); background: var(--paper);
          font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
          overflow-wrap: break-word; hyphens: manual; }
        a { color: var(--blue); }
        a:hover { text-decoration: none; }
        :focus-visible { outline: 3px solid #c05600; outline-offset: 2px; border-radius: 2px; }
        .skip { position: absolute; left: -999rem; background: var(--paper); padding: .5rem 1rem; z-index: 2; }
        .skip:focus { left: 1rem; top: 1rem; }
        .synthetic { margin: 0 -1.25rem; padding: .6rem 1.25rem; background: #6b1a6b; color: #ffffff; font-weight: 700;
          text-align: center; letter-spacing: .02em; }
        .watermark { display: none; }
        header { padding: 2.5rem 0 1.25rem; border-bottom: 3px solid var(--blue); }
        .city { margin: 0; color: var(--soft); font-size: .95rem; letter-spacing: .03em; }
        h1 { margin: .15rem 0 .1rem; font-size: clamp(1.7rem, 4.2vw, 2.6rem); line-height: 1.15; letter-spacing: -.015em; }
        .subtitle { margin: 0 0 1rem; font-size: 1.1rem; color: var(--soft); }
        h2 { margin: 3rem 0 .75rem; font-size: 1.65rem; line-height: 1.2; letter-spacing: -.01em; color: var(--blue); }
        h3 { margin: 1.75rem 0 .5rem; font-size: 1.2rem; line-height: 1.3; }
        h4, h5 { margin: 1.25rem 0 .4rem; font-size: 1.05rem; line-height: 1.3; }
        p { margin: 0 0 .7rem; }
        p, li, dd { max-width: 46rem; }
        ul, ol { padding-left: 1.3rem; margin: 0 0 .8rem; }
        li { margin: 0 0 .35rem; }
        ul.plain { list-style: none; padding: 0; }
        code { font: .85em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
        abbr { text-decoration: none; }
        .meta { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: .5rem 1.5rem; margin: 0; padding: 0;
          list-style: none; font-size: .95rem; }
        .meta li { margin: 0; }
        nav ul { display: flex; flex-wrap: wrap; gap: .1rem 1rem; list-style: none; margin: .75rem 0 0; padding: 0; }
        nav li { margin: 0; }
        nav a { display: inline-block; padding: .25rem 0; font-size: .92rem; text-decoration: none; }
        nav a:hover { text-decoration: underline; }
        #front h2 { margin-top: 1.5rem; }
        .lights, .pair, .trio { display: grid; gap: 1rem; margin: 0 0 1rem; }
        .light { display: flex; gap: 1rem; padding: 1rem 1.1rem; background: var(--tint); border-left: 6px solid var(--grey); border-radius: 4px; }
        .light h3 { margin: 0; font-size: 1.15rem; }
        .light p { margin: .2rem 0 0; }
        .light .question { color: var(--soft); font-size: .92rem; }
        .sign { flex: none; width: 2.9rem; height: 2.9rem; }
        .sign * { fill: var(--grey); }
        .sign .ring { fill: none; stroke: var(--grey); stroke-width: 3; }
        .sign .mark { fill: none; stroke: var(--paper); stroke-width: 4; stroke-linecap: round; stroke-linejoin: round; }
        .grey .sign .mark { stroke: var(--grey); stroke-width: 3.5; }
        .green { border-color: var(--green); } .green .sign > :first-child { fill: var(--green); }
        .yellow { border-color: var(--amber); } .yellow .sign > :first-child { fill: var(--amber); }
        .red { border-color: var(--red); } .red .sign > :first-child { fill: var(--red); }
        .block h3 { margin: 0 0 .4rem; font-size: 1.02rem; }
        .pair > .block, .trio > .block { border-top: 3px solid var(--line); padding-top: .7rem; }
        .good { border-top-color: var(--green) !important; } .bad { border-top-color: var(--amber) !important; }
        .rule { color: var(--soft); font-size: .86rem; }
        .owner { display: inline-block; padding: 0 .4em; border: 1px solid var(--line); border-radius: 3px; font-size: .8rem;
          color: var(--soft); background: var(--paper); }
        .source { color: var(--soft); font-size: .86rem; }
        .source::before { content: "["; } .source::after { content: "]"; }
        .quote { font-style: italic; }
        td .source { display: inline-block; min-width: 8.8rem; }
        .note { color: var(--ink); }
        .references li { margin-bottom: .5rem; }
        .goals, .definitions { margin: 0 0 1rem; }
        .goals dt, .definitions dt { font-weight: 600; }
        .goals dd, .definitions dd { margin: 0 0 .5rem; }
        .scroll { overflow-x: auto; margin: .5rem 0 1.25rem; }
        table { border-collapse: collapse; width: 100%; font-size: .93rem; }
        caption { text-align: left; font-weight: 600; padding: 0 0 .4rem; }
        th, td { text-align: left; vertical-align: top; padding: .45rem .6rem .45rem 0; border-bottom: 1px solid var(--line); }
        thead th { font-size: .84rem; color: var(--soft); font-weight: 600; border-bottom: 2px solid var(--line); vertical-align: bottom; }
        tbody th { font-weight: 500; }
        .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
        thead .number { white-space: normal; }
        .sum th, .sum td { font-weight: 700; border-top: 2px solid var(--line); }
        .noted th, .noted td { border-bottom: 0; padding-bottom: 0; } .noted + tr td { padding-top: .1rem; }
        .small { display: block; font-size: .84rem; color: var(--soft); font-weight: 400; }
        .chart { display: grid; gap: 1.5rem; }
        .chart > * { min-width: 0; }
        .chart table { font-size: .86rem; } .chart th, .chart td { padding-right: .4rem; }
        .strip { margin: .2rem 0 .4rem; }
        figure { margin: 0; }
        figure > svg { width: 100%; max-width: 34rem; height: auto; display: block; }
        svg text { font-family: inherit; fill: var(--ink); }
        svg .name { font-size: 13px; } svg .sum { font-size: 13px; font-weight: 700; }
        svg .label { font-size: 12px; font-weight: 700; fill: #ffffff; } svg .label.no_remark { fill: var(--ink); }
        .bar.funded, .ground.funded { fill: #17693f; } .bar.within_budget, .ground.within_budget { fill: #0a4a80; }
        .bar.requires_separate_funding { fill: url(#hatch); } .ground.requires_separate_funding { fill: #8a4b00; }
        .bar.expired { fill: url(#cross); } .ground.expired { fill: #a01c30; }
        .bar.no_remark { fill: #e3e7ec; stroke: #5a6472; stroke-width: 1; }
        .hatching { stroke: #ffffff; stroke-width: 1; opacity: .55; fill: none; }
        svg .empty { stroke: var(--grey); stroke-width: 2; }
        figcaption { margin-top: .6rem; font-size: .88rem; }
        .key { display: inline-flex; align-items: center; gap: .4rem; margin: 0 1rem .3rem 0; }
        .key svg { width: 1rem; height: 1rem; flex: none; }
        .summary { color: var(--soft); }
        article { border: 1px solid var(--line); border-radius: 6px; padding: 1rem 1.15rem .75rem; margin: 0 0 1rem; }
        article:target { border-color: var(--blue); box-shadow: 0 0 0 2px var(--blue); }
        .initiative { margin: 0 0 .35rem; font-size: 1.1rem; }
        .owner-title { margin-top: 2rem; font-size: 1.15rem; }
        .chips { display: flex; flex-wrap: wrap; gap: .35rem; margin: 0 0 .6rem; }
        .chip { border: 1px solid var(--line); border-radius: 1rem; padding: .05rem .65rem; font-size: .82rem; background: var(--paper); }
        .chip.kind { background: var(--tint); color: var(--soft); }
        .glyph { display: inline-block; min-width: .8em; text-align: center; font-weight: 700; }
        .chip.funded, .chip.completed, .chip.ongoing_operation, .chip.on_track { color: var(--green); border-color: var(--green); }
        .chip.within_budget { color: var(--blue); border-color: var(--blue); }
        .chip.requires_separate_funding, .chip.awaiting_decision, .chip.awaiting_funding, .chip.delayed, .chip.paused {
          color: var(--amber); border-color: var(--amber); }
        .chip.expired, .chip.stopped { color: var(--red); border-color: var(--red); }
        .chip.no_remark, .chip.not_started { color: var(--soft); }
        .chip.missing, .chip.stage.returned { color: var(--red); border-color: var(--red); }
        .chip.stage { border-style: dashed; } .chip.stage.changed { color: var(--amber); border-color: var(--amber); }
        .chip.stage.approved, .chip.stage.accepted { color: var(--green); border-color: var(--green); }
        .again { color: var(--soft); font-weight: 400; }
        .chip.judged { display: inline-block; font-weight: 600; } .chip.green { color: var(--green); border-color: var(--green); }
        .chip.red { color: var(--red); border-color: var(--red); } .chip.grey { color: var(--soft); border-color: var(--grey); }
        .facts { margin: 0; font-size: .93rem; }
        .facts dt { color: var(--soft); font-size: .88rem; } .facts dd { margin: 0 0 .4rem; } .facts p { margin: 0 0 .2rem; }
        footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--soft); font-size: .88rem; }

        @media (min-width: 42rem) {
          .lights, .pair { grid-template-columns: 1fr 1fr; gap: 1.25rem 2rem; }
          .trio { grid-template-columns: repeat(3, 1fr); gap: 1.25rem 2rem; }
          .facts { display: grid; grid-template-columns: 9rem 1fr; column-gap: 1rem; row-gap: .3rem; }
          .facts dt { font-size: inherit; } .facts dd { margin: 0; }
          .goals, .definitions { display: grid; grid-template-columns: 13rem 1fr; gap: .4rem 1rem; }
          .goals dd, .definitions dd { margin: 0; }
        }
        @media (min-width: 68rem) {
          body { display: grid; grid-template-columns: 13rem minmax(0, 1fr); column-gap: 3rem; align-items: start; }
          .synthetic, header, footer { grid-column: 1 / -1; }
          nav { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; padding-top: 1rem; }
          nav ul { display: block; }
          nav .annex { padding-left: .9rem; border-left: 1px solid var(--line); }
          nav .part a { font-weight: 600; }
          .chart { grid-template-columns: minmax(0, 4fr) minmax(0, 5fr); }
        }
        @media (max-width: 41.99rem) {
          nav { margin: 0 -1.25rem; border-bottom: 1px solid var(--line); }
          nav ul { flex-wrap: nowrap; overflow-x: auto; margin: 0; padding: .4rem 1.25rem; }
          nav li { flex: none; }
          h2 { margin-top: 2.25rem; }
          .scroll table { min-width: 34rem; }
          .pair .scroll table { min-width: 0; }
          .noted + tr .small { position: sticky; left: 0; max-width: calc(100vw - 2.5rem); }
        }
        @page { size: A4; margin: 11mm 15mm 11mm; }
        @media print {
          body { display: block; max-width: none; padding: 0; font-size: 9.5pt; line-height: 1.4; color: #000000; }
          nav, .skip, footer p:last-child { display: none; }
          a { color: inherit; text-decoration: none; }
          header { padding: 0 0 6pt; } h1 { font-size: 20pt; } .subtitle { margin-bottom: 5pt; font-size: 11pt; }
          .meta { grid-template-columns: 3fr 2fr 3fr 3fr 4fr; gap: 2pt 10pt; font-size: 8.5pt; }
          h2 { font-size: 15pt; margin: 14pt 0 5pt; break-after: avoid; } #front h2 { margin-top: 8pt; }
          h3, h4, h5 { break-after: avoid; } h3 { font-size: 11.5pt; margin: 9pt 0 3pt; } .block h3 { font-size: 10.5pt; }
          p { margin-bottom: 3.5pt; } li { margin-bottom: 2pt; }
          .lights, .pair, .trio { gap: 8pt 14pt; margin-bottom: 8pt; }
          .lights, .pair { grid-template-columns: 1fr 1fr; } .trio { grid-template-columns: repeat(3, 1fr); }
          .light { padding: 6pt 8pt; } .sign { width: 24pt; height: 24pt; } .light h3 { font-size: 11pt; }
          .rule, .source, .small { font-size: 8pt; }
          #front { break-after: page; font-size: 8.5pt; line-height: 1.28; } #front th, #front td { padding: 1.5pt 4pt 1.5pt 0; }
          #front p { margin-bottom: 2pt; } #front h2 { margin: 2pt 0; } #front h3 { margin-top: 4pt; }
          #front table { font-size: 8pt; line-height: 1.2; } #front .pair, #front .trio { margin-bottom: 3pt; gap: 3pt 12pt; } .strip svg { max-width: 12cm; }
          .scroll { overflow: visible; } table { font-size: 8.5pt; } th, td { padding: 2.5pt 5pt 2.5pt 0; }
          tr, figure, article, li { break-inside: avoid; } thead { display: table-header-group; }
          .chart { grid-template-columns: 1fr; } figure > svg { max-width: 12cm; }
          .forvaltning { break-before: page; } #annexes > h2 { break-before: page; } #annexes > h2 + section { break-before: avoid; }
          article { padding: 5pt 8pt; margin-bottom: 6pt; } .initiative { font-size: 10.5pt; margin-bottom: 2pt; }
          .facts { font-size: 8.5pt; display: grid; grid-template-columns: 2.6cm 1fr; gap: 1.5pt 6pt; } .facts dd { margin: 0; }
          .goals, .definitions { display: grid; grid-template-columns: 4cm 1fr; gap: 2pt 8pt; } .goals dd, .definitions dd { margin: 0; }
          .chips { margin-bottom: 3pt; gap: 3pt; } .chip { font-size: 8pt; padding: 0 5pt; }
          .light, .chip, .bar, .ground, .synthetic { -webkit-print-color-adjust: exact; }
          .synthetic { margin: 0 0 6pt; padding: 2pt; }
          .watermark { display: block; position: fixed; top: 46%; left: 0; right: 0; z-index: -1; transform: rotate(-32deg);
            font-size: 22pt; font-weight: 700; text-align: center; white-space: nowrap; color: #ead9ea; }
        }

        """
}
