/** A comparison of runs as plain text for a terminal. Knows nothing of how it was computed. */
import type { RunChange, RunComparison } from './compare-runs.js';
import type { KindSections } from './differing-settings.js';
import { count, fixed, pValue, range } from './format.js';
import { showable } from './html.js';
import { textTable } from './summary-table.js';

/** What differs, then the paired differences, then what could not be paired. */
export function comparisonText({
  runs,
  settings,
  sections,
  inputs,
  figures,
  changes,
  ties,
  unpaired,
  otherJudge,
}: RunComparison): string {
  const differences = [
    ...settings,
    ...inputs.map(({ name, values }) => ({ name: `sha256 of ${name}`, values: values.map((v) => v?.slice(0, 12)) })),
  ];
  const parts = [
    differences.length === 0
      ? nothingDiffers(sections)
      : textTable(
          ['what differs', ...runs],
          differences.map(({ name, values }) => [name, ...values.map((value) => value ?? '–')]),
        ),
    ...sections.map(sectionLine),
    ...(figures.length > 0
      ? [
          textTable(
            ['what was found', ...runs],
            figures.map(({ name, values }) => [name, ...values.map((value) => value ?? '–')]),
          ),
        ]
      : []),
    ...(changes.length > 0 ? [changeTable(runs[0]!, changes)] : []),
    ...ties.map(({ run, sentence }) => showable(`${run}: ${sentence}`)),
    ...otherJudge.map(
      (run) =>
        `${run} was scored by another classifier than ${runs[0]}: a difference may be the classifiers’, not the models’.`,
    ),
    ...unpaired.map((run) => `${run} answered no probe that ${runs[0]} answered: nothing of it can be paired.`),
  ];
  return parts.join('\n\n');
}

function nothingDiffers(sections: readonly KindSections[]): string {
  return sections.length === 0
    ? 'The runs have the same configuration and the same inputs.'
    : 'The runs have the same inputs and agree in every setting that both kinds of run have.';
}

/** `Only the study has settings of crawl, finetune, ppo.` */
function sectionLine({ kind, runs, sections }: KindSections): string {
  const names = {
    study: ['the study has', 'the studies have'],
    measurement: ['the measurement has', 'the measurements have'],
  };
  return `Only ${names[kind][runs.length === 1 ? 0 : 1]} settings of ${sections.join(', ')}.`;
}

function changeTable(first: string, changes: readonly RunChange[]): string {
  return textTable(
    [
      `against ${first}, paired`,
      'model',
      'group',
      'sentences',
      'score',
      '95 % interval',
      'p',
      'd_z',
      'distance',
      'change',
      '95 % interval',
    ],
    changes.map(({ run, against, model, group, sentences, shift, distance }) => [
      run,
      against === model ? model : `${against} → ${model}`,
      group,
      count(sentences),
      signed(shift.difference),
      shift.interval ? range(shift.interval, 3) : '–',
      pValue(shift.pValue),
      fixed(shift.effectSize),
      `${fixed(distance.difference.before, 3)} → ${fixed(distance.difference.after, 3)}`,
      signed(-distance.difference.lowered),
      range([-distance.difference.interval[1], -distance.difference.interval[0]], 3),
    ]),
  );
}

function signed(value: number): string {
  return (value > 0 ? '+' : '') + fixed(value, 3);
}
