/** The page's only style sheet: system fonts, dark on white, good on a 1280 px screen and on A4. */
export const style = `
:root { color-scheme: light; --ink: #1b2530; --quiet: #55626f; --line: #d9dfe5; --soft: #f5f7f9;
  --pass: #1c6b3f; --fail: #a3142a; --unknown: #7a4b00; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", Arial, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 28px 32px 48px; }
h1, h2, h3, p, dl, dd, figure, ul { margin: 0; }
h1 { font-size: 27px; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin-top: 40px; padding-bottom: 6px; border-bottom: 2px solid var(--ink); font-size: 19px; }
h3 { margin-top: 26px; font-size: 15px; }
.quiet, figcaption, .lead { color: var(--quiet); }
.lead { margin-top: 8px; max-width: 110ch; font-size: 14px; }
.kicker { display: flex; justify-content: space-between; gap: 16px; margin-bottom: 10px; color: var(--quiet); font-size: 13px; }
code, .hash { font-family: ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", monospace; font-size: 0.88em; overflow-wrap: anywhere; }

.verdict { display: grid; grid-template-columns: auto 1fr; gap: 4px 22px; margin-top: 18px; padding: 20px 24px; border: 1px solid var(--line); border-left: 8px solid; border-radius: 4px; }
.verdict.pass { border-left-color: var(--pass); } .verdict.fail { border-left-color: var(--fail); } .verdict.unknown { border-left-color: var(--unknown); }
.verdict > .mark { grid-row: span 2; align-self: center; font-size: 25px; gap: 12px; letter-spacing: 0.04em; }
.verdict .headline { font-size: 20px; line-height: 1.35; font-weight: 600; }
.verdict .headline.long { font-size: 16px; }
.verdict .tally { color: var(--quiet); font-size: 14px; }
.trouble { margin-top: 14px; padding: 0; list-style: none; }
h1 + p { margin-top: 6px; }
.trouble li { display: grid; grid-template-columns: 120px 1fr; padding: 6px 0; border-top: 1px solid var(--line); }
.red { margin-top: 10px; }
.mark { display: inline-flex; align-items: center; gap: 6px; white-space: nowrap; text-transform: uppercase; font-size: 12px; letter-spacing: 0.03em; }
.mark.pass { color: var(--pass); } .mark.fail { color: var(--fail); } .mark.unknown, .mark.warning { color: var(--unknown); }
.icon { flex: none; vertical-align: -3px; }

.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(400px, 1fr)); gap: 16px; margin-top: 18px; }
.card { padding: 14px 18px 16px; border: 1px solid var(--line); border-radius: 4px; break-inside: avoid; }
.card h2 { margin: 0; padding: 0; border: 0; font-size: 16px; }
.card .numbers { display: flex; flex-wrap: wrap; gap: 12px 18px; margin-top: 12px; }
.card .numbers > div { min-width: 118px; }
.card dt { color: var(--quiet); font-size: 12px; }
.card dd { font-size: 16.5px; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1.35; white-space: nowrap; }
.card .none dd { font-size: 15px; font-weight: 500; line-height: 1.6; }
.card dd small { display: block; color: var(--quiet); font-size: 12px; font-weight: 400; white-space: normal; }
.words { display: grid; grid-template-columns: repeat(3, 1fr); gap: 16px; margin-top: 18px; font-size: 13px; line-height: 1.45; }
.words dt { font-weight: 600; } .words dd { color: var(--quiet); }

figure { margin-top: 14px; break-inside: avoid; }
figure > svg { display: block; width: 100%; height: auto; }
figcaption { margin-top: 6px; font-size: 13px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 8px; padding: 0; list-style: none; font-size: 12.5px; }
.legend svg { vertical-align: -3px; margin-right: 5px; }

.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 4px 18px; }
.pictures img { width: 100%; border: 1px solid var(--line); border-radius: 4px; }

.wide { overflow-x: auto; }
table { width: 100%; margin-top: 14px; border-collapse: collapse; font-size: 13.5px; line-height: 1.45; }
th, td { padding: 7px 12px 7px 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom: 1px solid var(--quiet); color: var(--quiet); font-size: 12px; font-weight: 600; }
tbody th { font-weight: 600; }
tr { break-inside: avoid; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; font-weight: 600; }
.findings th:nth-child(1) { width: 100px; } .findings th:nth-child(2) { width: 27%; } .findings th:nth-child(4) { width: 26%; }
.reason { color: var(--quiet); }
.identity { display: grid; grid-template-columns: 190px 1fr; margin-top: 14px; font-size: 13.5px; }
.identity dt, .identity dd { padding: 5px 0; border-bottom: 1px solid var(--line); }
.identity dt { color: var(--quiet); }
footer { margin-top: 32px; color: var(--quiet); font-size: 12.5px; }

@media screen and (max-width: 760px) { main { padding: 16px; } .words, .verdict { grid-template-columns: 1fr; } .cards { grid-template-columns: 1fr; } }
@page { size: A4; margin: 14mm 13mm; }
@media print {
  body { font-size: 10.5pt; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  main { max-width: none; padding: 0; }
  .cards { grid-template-columns: 1fr 1fr; } .card .numbers { gap: 8px 12px; } .card dd { font-size: 11pt; } h1 { font-size: 18pt; } .verdict .headline { font-size: 13pt; }
  h2, h3 { break-after: avoid; } .wide { overflow: visible; } table, .identity { font-size: 8.5pt; } thead { display: table-header-group; }
}
`
