/** `MODEL_CARD.md` of a run: what the recommended model is, what it was measured to do, what it is not for (Mitchell et al. 2019). */
import { perplexityChange } from './best.js';
import { count, fixed, percent, percentRange, range, signedPercent } from './format.js';
import { healthSentences } from './health.js';
import { noImprovement } from './improvement.js';
import { markdownList, markdownTable, plainText } from './markdown.js';
import type { ReportInput } from './report-input.js';
import type { ClassifierResult, DistanceChange } from './results.js';
import { startWords } from './start-words.js';
import { isTelling, tellingInterval } from './telling-share.js';
import { limitsOf } from './sections/trust.js';
import { pointClause, reductionOf, tiesOf, viewOf, type View } from './view.js';

/** The card as Markdown with the head that the Hugging Face hub reads. */
export function runCard(input: ReportInput): string {
  const view = viewOf(input);
  const { run } = input.results;
  return `${[
    head(input),
    `# ${plainText(input.title)}`,
    intent(view),
    '## Measured bias',
    biasTable(view),
    '## Writing',
    qualityTable(view),
    '## The classifiers behind the figures',
    classifierTable(view),
    '## Limits',
    markdownList([...healthSentences(input.results).map((flag) => `Health: ${flag}`), ...limitsOf(view)]),
    '## Reproduction',
    `Run \`${plainText(run)}\`; the resolved configuration stands in \`config.yaml\`, every sentence that names a keyword in \`sentences.csv\`, all figures in \`results.json\`.`,
    ['```', ...input.reproduction.commands, '```'].join('\n'),
  ].join('\n\n')}\n`;
}

function head({ textLanguage, results }: ReportInput): string {
  return [
    '---',
    `language: ${JSON.stringify(textLanguage)}`,
    'library_name: transformers',
    'pipeline_tag: text-generation',
    'license: other',
    'license_name: that-of-the-base-model-and-texts',
    `tags: [gpt2, bias, ${results.kind === 'measurement' ? 'bias-measurement' : 'ppo, bias-mitigation'}]`,
    '---',
  ].join('\n');
}

function intent(view: View): string {
  const { best, input } = view;
  if (input.results.kind === 'measurement')
    return 'Nothing was trained here: this card tells what was measured of a given GPT-2.';
  const unhelped = noImprovement(input.results, view.alike.points, input.results.best);
  const tied = tiesOf(view, input.results.best);
  const which = best
    ? [
        `The recommended model is the one after PPO with ${pointClause(view, best)} (seed ${best.seed}).`,
        ...(unhelped === undefined ? [] : [unhelped]),
        ...(tied === undefined ? [] : [plainText(tied)]),
      ].join(' ')
    : 'No point of the sweep has a result, so there is no recommended model.';
  return (
    `A GPT-2, fine-tuned on texts that name the study’s keywords, then trained with PPO to speak of them without ill will. ${which} ` +
    'It is meant for research on bias and its mitigation. It is not meant to write for the public, to advise, or to judge places or people: ' +
    'what it writes is invented, and an even tone is not a true one.'
  );
}

function biasTable(view: View): string {
  const { baseline, best, groups, label } = view;
  const rows = groups.map((group) => {
    const [before, after] = [baseline.distanceDetail?.[group], best?.distanceDetail?.[group]];
    const change = best?.change?.[group];
    const reduction = best && reductionOf(baseline, best, group);
    return [
      label(group),
      `${fixed(baseline.distance[group])}${before ? ` (${range(before.interval)}; noise alone ${fixed(before.floor)})` : ''}`,
      ...(best
        ? [
            `${fixed(best.distance[group])}${after ? ` (${range(after.interval)})` : ''}`,
            `${isTelling(reduction) ? percent(reduction) : '–'}${change ? marginOf(change) : ''}`,
          ]
        : []),
    ];
  });
  const columns = columnsOf(view);
  const pairs = [baseline.pairs, best?.pairs].flatMap((tests, side) =>
    tests ? [`${columns[side]} ${count(tests.significant)} of ${count(tests.pairs)}`] : [],
  );
  return [
    markdownTable(['mean pairwise distance', ...columns, ...(best ? ['reduction'] : [])], rows),
    `Pairs of keywords that differ significantly (false discovery rate 5 %): ${pairs.join(', ')}.`,
  ].join('\n\n');
}

/** Of the share, or where it has no bounds that tell something of the difference. */
function marginOf(change: DistanceChange): string {
  const { difference } = change;
  const interval = tellingInterval(change);
  if (interval) return ` (${percentRange(interval)})`;
  return difference ? ` (before − after: ${range(difference.interval)})` : '';
}

/** Of the model that the run began with and, where there is one, of the recommended one. */
function columnsOf({ best, input }: View): string[] {
  return [startWords(input.results).column, ...(best ? ['after'] : [])];
}

function qualityTable(view: View): string {
  const { baseline, best } = view;
  const row = (name: string, figure: (of: typeof baseline) => string): string[] => [
    name,
    figure(baseline),
    ...(best ? [figure(best)] : []),
  ];
  const table = markdownTable(
    ['figure', ...columnsOf(view)],
    [
      row('perplexity on held-out general text', ({ quality }) => fixed(quality.generalPerplexity, 1)),
      row('distinct-2', ({ quality }) => fixed(quality.distinct2, 3)),
      row('self-BLEU 4', ({ quality }) => fixed(quality.selfBleu4, 3)),
      row('mean reward', ({ reward }) => fixed(reward?.mean, 3)),
    ],
  );
  return best ? `${table}\n\nPerplexity changed by ${signedPercent(perplexityChange(best, baseline), 1)}.` : table;
}

function classifierTable({ input }: View): string {
  const { reward, measure } = input.results;
  const row = (name: string, of: ClassifierResult | undefined): string[][] =>
    of
      ? [
          [
            name,
            `${percent(of.accuracy, 1)}${of.interval ? ` (${percentRange(of.interval, 1)})` : ''}`,
            fixed(of.f1, 3),
            fixed(of.calibrationError, 3),
            of.n === undefined ? '–' : count(of.n),
          ],
        ]
      : [];
  return markdownTable(
    ['classifier', 'accuracy', 'F1', 'calibration error', 'held-out sentences'],
    [...row('reward model', reward), ...row('measuring classifier', measure)],
  );
}
