/** The report's style sheet: light, dark and print. Knows no content. */
import { asProperties, DARK, LIGHT, PRINT } from './palette.js';

export const STYLE = `
:root { color-scheme: light dark; ${asProperties(LIGHT)} }
@media (prefers-color-scheme: dark) { :root { ${asProperties(DARK)} } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--page); color: var(--ink); line-height: 1.6; font-size: 16px;
  font-family: system-ui, -apple-system, 'Segoe UI', Roboto, 'Apple SD Gothic Neo', 'Malgun Gothic', 'Noto Sans KR',
    'Noto Sans CJK KR', 'Nanum Gothic', sans-serif;
  word-break: keep-all; overflow-wrap: anywhere;
}
main, header, footer { max-width: 1080px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 36px; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 4px; text-wrap: balance; }
h2 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 8px; }
h3 { font-size: 1.05rem; margin: 28px 0 4px; }
p, li { max-width: 74ch; }
.meta, figcaption, caption, small, .legend, footer { color: var(--muted); font-size: 0.875rem; }
.meta { margin: 0; }
a { color: var(--link); }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 14px 0 0; padding: 0; font-size: 0.9rem; }
section { padding: 28px 0 8px; border-top: 1px solid var(--rule); margin-top: 28px; }
section#answer { border: 0; margin-top: 0; padding-top: 10px; }
.answer { margin: 6px 0 10px; }
.answer p { font-size: 1.08rem; max-width: 86ch; margin: 0 0 8px; }
.stack > * { margin-bottom: 18px; }
.stack .scroll { margin: 0; }
.answer strong { white-space: nowrap; }
.grid { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); gap: 18px; margin: 12px 0; align-items: start; }
figure { margin: 0; padding: 14px 14px 12px; background: var(--surface); border: 1px solid var(--rule); border-radius: 8px; min-width: 0; max-width: 640px; }
figure > svg { display: block; width: 100%; height: auto; font-family: inherit; --plot-background: var(--surface); }
figure > svg text { white-space: pre; }
figcaption { margin-top: 8px; }
figcaption strong { color: var(--ink); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 6px 0; padding: 0; }
.legend li { display: inline-flex; align-items: center; gap: 6px; }
ul.shades { gap: 2px 14px; margin-top: 0; }
.shades-title { color: var(--ink); font-size: 0.875rem; font-weight: 600; margin: 10px 0 0; }
.scroll { overflow-x: auto; margin: 14px 0; }
table { border-collapse: collapse; font-size: 0.92rem; font-variant-numeric: tabular-nums; }
caption { text-align: left; padding: 0 0 6px; caption-side: top; }
th, td { padding: 5px 14px 5px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule); overflow-wrap: normal; }
td { max-width: 46ch; }
td code { white-space: nowrap; }
tbody th.text { min-width: 6.5em; }
thead th { color: var(--muted); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 500; }
.number { text-align: right; white-space: nowrap; padding: 5px 10px; }
thead .number { white-space: normal; }
.strong th, .strong td { font-weight: 650; }
td small { display: block; font-weight: 400; }
td .bar { margin-top: 7px; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'D2Coding', monospace; font-size: 0.85rem; overflow-wrap: anywhere; }
pre { background: var(--surface); border: 1px solid var(--rule); border-radius: 8px; padding: 12px; overflow-x: auto; white-space: pre; }
details { margin: 12px 0; }
summary { cursor: pointer; color: var(--link); padding: 4px 0; }
.flag { background: var(--flag); border-left: 4px solid var(--flag-edge); border-radius: 4px; padding: 10px 14px; }
ul.flag { padding-left: 32px; }
.samples { list-style: none; padding: 0; margin: 0; }
.samples > li { max-width: none; margin: 0 0 18px; }
.prompt, .side { margin: 0 0 4px; color: var(--muted); font-size: 0.875rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 10px; }
.pair > div { background: var(--surface); border: 1px solid var(--rule); border-left: 4px solid var(--before); border-radius: 4px; padding: 8px 12px; }
.pair > .after { border-left-color: var(--after); }
.pair p { margin: 0; white-space: pre-wrap; }
.score { font-variant-numeric: tabular-nums; float: right; }
footer { padding-top: 24px; padding-bottom: 48px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
@media (max-width: 560px) {
  main, header, footer { padding-left: 14px; padding-right: 14px; }
  h1 { font-size: 1.5rem; }
  .answer p { font-size: 1.02rem; }
  figure { padding: 8px 6px; }
}
@media print {
  @page { margin: 16mm 14mm; }
  :root { color-scheme: light; ${asProperties(PRINT)} }
  body { font-size: 10pt; }
  nav { display: none; }
  main, header, footer { max-width: none; padding: 0; }
  figure, tr, .samples > li, .shades, .answer p { break-inside: avoid; }
  thead { display: table-header-group; }
  h2, h3, caption, .legend, .shades-title { break-after: avoid; }
  .scroll { overflow: visible; }
  table { font-size: 8pt; }
  th, td, .number { padding: 3px 8px 3px 0; }
  .number small { white-space: normal; }
  td code { white-space: normal; }
  tbody th.text { min-width: 0; }
  details::details-content { content-visibility: visible; block-size: auto; }
  pre { white-space: pre-wrap; }
  td small { font-size: 7pt; }
  .short { break-inside: avoid; }
  /* Parts of a grid may be cut by the end of a page, lines of text may not. */
  #answer .short { break-inside: auto; }
  section:not(#answer) .grid { display: block; }
  section:not(#answer) .grid > * { display: inline-block; vertical-align: top; width: 48.5%; margin: 0 0.5% 10px; }
}
`;
