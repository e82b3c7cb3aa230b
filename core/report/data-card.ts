/** `DATA_CARD.md`: what the texts and labels of a run are and what was done to them (after Gebru et al. 2021). */
import { count, percent } from './format.js';
import { markdownList, markdownTable, plainText } from './markdown.js';
import type { Count, ReportInput } from './report-input.js';

export function dataCard(input: ReportInput): string {
  return `${[
    `# Data of ${plainText(input.title)}`,
    ...(input.results.kind === 'measurement' ? measured(input) : collected(input)),
    '## Labels',
    labels(input),
    '## Use',
    markdownList([
      ...(input.results.kind === 'measurement' ? MEASURED_USE : COLLECTED_USE),
      ...(input.skippedRows
        ? [`${count(input.skippedRows)} rows of the given files were malformed and were left out, as asked.`]
        : []),
      ...(input.limits ?? []),
    ]),
    '## Digests',
    markdownTable(
      ['what', 'sha256'],
      input.reproduction.digests.map(({ name, sha256 }) => [name, sha256]),
    ),
  ].join('\n\n')}\n`;
}

const COLLECTED_USE = [
  'The texts are opinions of their writers, unpleasant ones included; they were not checked for truth.',
  'They are for training and measuring the models of this study. The rights of writers and sites remain; do not hand the texts on.',
];

const MEASURED_USE = [
  'What the model wrote is invented, unpleasant things included; nothing of it was checked for truth.',
  'The rights of those who made the model and the given files remain.',
];

function collected(input: ReportInput): string[] {
  return [
    `Collected for run \`${plainText(input.results.run)}\`: texts that name the keywords of a study of bias, and sentences labelled by sentiment.`,
    '## Texts',
    texts(input),
    '## Personal data',
    personal(input.masked ?? []),
  ];
}

/** Only what a measurement has: no source was read, and nothing was searched for personal data. */
function measured({ results, textLanguage }: ReportInput): string[] {
  return [
    `Used by run \`${plainText(results.run)}\`, which measured a given model: the files whose digests stand below.`,
    '## Texts',
    'No texts were collected. The sentences of this run were written by the measured model; they stand in `sentences.csv`, ' +
      `each with its prompt and its score. Language: ${plainText(textLanguage)}.`,
  ];
}

function texts({ cleaning, explore = [], textLanguage }: ReportInput): string {
  if (!cleaning) return 'No texts were collected.';
  const total = cleaning.collected.reduce((sum, source) => sum + source.count, 0);
  const row = (name: string, n: number): string[] => [name, count(n), percent(total === 0 ? 0 : n / total, 1)];
  const frequent = explore.slice(0, 5).map(({ keyword, texts: n }) => `${keyword} (${count(n)})`);
  return [
    `Language: ${plainText(textLanguage)}.`,
    markdownTable(
      ['texts', 'number', 'of all'],
      [
        ...cleaning.collected.map((source) => row(`collected from ${source.name}`, source.count)),
        ...cleaning.dropped.map((reason) => row(`dropped: ${reason.name}`, reason.count)),
        row('kept', cleaning.kept),
      ],
    ),
    ...(frequent.length > 0 ? [`Most frequent keywords: ${plainText(frequent.join(', '))}.`] : []),
  ].join('\n\n');
}

function personal(masked: readonly Count[]): string {
  const found = masked.filter((row) => row.count > 0);
  return found.length === 0
    ? 'Nothing was found that had to be masked.'
    : `Masked before anything was kept:\n\n${markdownTable(
        ['kind', 'places'],
        found.map(({ name, count: n }) => [name, count(n)]),
      )}`;
}

function labels({ results }: ReportInput): string {
  const rows = [
    { name: 'reward model', of: results.reward },
    { name: 'measuring classifier', of: results.measure },
  ].flatMap(({ name, of }) =>
    of ? [[name, ...[of.trained, of.n, of.nearDuplicates].map((n) => (n === undefined ? '–' : count(n)))]] : [],
  );
  if (rows.length === 0) return 'No labelled sentences were used to train a classifier here.';
  return `${markdownTable(['used for', 'learned from', 'held out', 'with a near duplicate'], rows)}

No held-out sentence has a near duplicate among those learned from.${rows.length > 1 ? ' Each classifier has labels of its own.' : ''}`;
}
