/** The report's style sheet: light, dark and print. Colours are Okabe and Ito's, safe for the colour-blind. */

export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbfa; --surface: #ffffff; --ink: #1c2024; --muted: #5b636b; --rule: #d9dde1; --link: #0b5cad;
  --before: #d55e00; --after: #0072b2; --flag: #fdf1dc; --flag-edge: #b57400;
  --series-0: #0072b2; --series-1: #d55e00; --series-2: #00805e; --series-3: #b0528a; --series-4: #8a6d00; --series-5: #4b5560;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171a; --surface: #1b1f23; --ink: #e7e9eb; --muted: #a3abb3; --rule: #3a4148; --link: #7fbcf5;
    --before: #ff9552; --after: #5db4ea; --flag: #33290f; --flag-edge: #e0a93b;
    --series-0: #5db4ea; --series-1: #ff9552; --series-2: #3fcf9f; --series-3: #e39ac6; --series-4: #e3cb55; --series-5: #b6bec6;
  }
}
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
.answer { font-size: 1.12rem; max-width: 80ch; margin: 6px 0 10px; }
.answer strong { white-space: nowrap; }
.grid { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 380px), 1fr)); gap: 18px; margin: 12px 0; align-items: start; }
figure { margin: 0; padding: 14px 14px 12px; background: var(--surface); border: 1px solid var(--rule); border-radius: 8px; min-width: 0; max-width: 640px; }
figure > svg { display: block; width: 100%; height: auto; font-family: inherit; --plot-background: var(--surface); }
figure > svg text { white-space: pre; }
figcaption { margin-top: 8px; }
figcaption strong { color: var(--ink); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 6px 0; padding: 0; }
.legend li { display: inline-flex; align-items: center; gap: 6px; }
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
  .answer { font-size: 1.02rem; }
  figure { padding: 8px 6px; }
}
@media print {
  @page { margin: 16mm 14mm; }
  :root {
    color-scheme: light;
    --page: #ffffff; --surface: #ffffff; --ink: #000000; --muted: #444444; --rule: #bbbbbb; --link: #000000;
    --before: #d55e00; --after: #0072b2; --flag: #ffffff;
    --series-0: #0072b2; --series-1: #d55e00; --series-2: #00805e; --series-3: #b0528a; --series-4: #8a6d00; --series-5: #4b5560;
  }
  body { font-size: 10pt; }
  nav { display: none; }
  main, header, footer { max-width: none; padding: 0; }
  figure, tr, .samples > li { break-inside: avoid; }
  h2, h3, caption { break-after: avoid; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; block-size: auto; }
  pre { white-space: pre-wrap; }
  .grid { grid-template-columns: 1fr 1fr; }
}
`;
