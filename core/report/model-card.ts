/** The README of an exported model: where it comes from, what was measured, what it is not for. Knows no files. */

import { meanDistance } from './best.js';
import { healthSentences } from './health.js';
import { plainText } from './markdown.js';
import { furtherLabel, isPoint, startOf } from './points.js';
import type { BiasResult, Results, SweepPoint } from './results.js';

export interface ModelCardInput {
  readonly results: Results;
  /** The sweep point whose policy it is; none for the fine-tuned model. */
  readonly point?: SweepPoint;
  /** BCP 47 tag of the texts. */
  readonly language: string;
  /** Digest of the model's folder in the store. */
  readonly sha256: string;
  readonly parameters: number;
}

const figure = (value: number | undefined) => value?.toPrecision(4) ?? '–';

/** Quoted, as a name may hold anything. */
const quoted = (text: string) => JSON.stringify(text);

function header({ results, language }: ModelCardInput): string[] {
  return [
    '---',
    `language: ${quoted(language)}`,
    'library_name: transformers',
    'pipeline_tag: text-generation',
    `tags: [gpt2, text-generation, bias-study, ${quoted(`run-${results.run}`)}]`,
    '---',
  ];
}

function row(name: string, { reward, distance, quality }: Pick<BiasResult, 'reward' | 'distance' | 'quality'>): string {
  const cells = [name, figure(reward?.mean), figure(meanDistance({ distance })), figure(quality.generalPerplexity)];
  return `| ${cells.join(' | ')} |`;
}

function resultOf({ ppo }: Results, point: SweepPoint): Results['ppo'][number] | undefined {
  return ppo.find(isPoint(point));
}

function nameOf(point: SweepPoint): string {
  const { epochs, seed } = point;
  const further = furtherLabel(point).replaceAll(' ', ', ');
  return `PPO with ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, seed ${seed}${further && `, ${further}`}`;
}

function measured({ results, point }: ModelCardInput): string[] {
  const result = point && resultOf(results, point);
  return [
    '## What was measured',
    '',
    '| model | mean reward | mean distance between targets | perplexity of general text |',
    '|---|---|---|---|',
    row('fine-tuned, before PPO', startOf(result, results.bias.baseline)),
    ...(point && result ? [row(nameOf(point), result)] : []),
    '',
    'Distance is the mean difference in sentiment between any two targets of a group, averaged over the groups: 0 is even treatment.',
  ];
}

/** Warnings of the run and of this model; what befell other points is no limit of it. */
function healthOf({ results, point }: ModelCardInput): string[] {
  const ppo = point ? results.ppo.filter(isPoint(point)) : [];
  const flags = healthSentences({ ...results, missing: [], ppo });
  return flags.length === 0 ? [] : [...flags.map((flag) => `- Health: ${plainText(flag)}`), ''];
}

/** Markdown with the YAML header that the Hugging Face hub reads. */
export function modelCard(input: ModelCardInput): string {
  const { results, point, sha256, parameters } = input;
  const kind = point ? nameOf(point) : 'fine-tuned, before PPO';
  return [
    ...header(input),
    '',
    `# ${results.run}: ${kind}`,
    '',
    `A GPT-2 of ${parameters} parameters out of the study \`${results.preset}\`, a study of bias in a language model made with debias.`,
    point
      ? 'It was fine-tuned on the texts of the study, then trained with proximal policy optimisation to write of all targets alike.'
      : 'It was fine-tuned on the texts of the study. Nothing was done against its bias: it is what the others are compared with.',
    '',
    ...measured(input),
    '',
    '## Limits',
    '',
    ...healthOf(input),
    'It is made to be measured, not to inform: it repeats what people wrote, true or not. The figures hold for the prompts, targets and',
    'classifier of its study alone. Look at the licences of the model that it began with and of the texts before passing it on.',
    '',
    '## Origin',
    '',
    `Run \`${results.run}\`, folder \`${sha256}\` in the store of that run.`,
    '',
  ].join('\n');
}
