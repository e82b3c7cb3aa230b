/** Settings that were given several values: which of them can be swept, and with what values. Knows no workflow. */

import type { z } from 'zod';
import { parseRange, valueAt, withValue, isTree, type ConfigTree } from './override.js';

export type Scalar = string | number | boolean;

/** Values of each swept setting by its path, `{ 'ppo.klCoefficient': [0.05, 0.1] }`. */
export type SweepAxes = Readonly<Record<string, readonly Scalar[]>>;

export interface ScalarTree {
  /** Every swept setting has its first value here. */
  readonly tree: ConfigTree;
  readonly axes: SweepAxes;
}

/** Sections and settings that no point can have of its own, and why. */
const fixedSettings: readonly (readonly [path: string, why: string])[] = [
  ['schema', 'it names the form of the file'],
  ['name', 'it names the study'],
  ['compute', 'it belongs to the machine and not to the study: points would differ by rounding alone'],
  ...['userAgent', 'requestsPerSecond', 'concurrency', 'timeoutMs', 'maxBytes', 'checkpointEveryPages'].map(
    (key) => [`crawl.${key}`, 'it says how texts are fetched, not which'] as const,
  ),
  ['data.reference', 'it is shown beside the figures and changes none'],
  ['data.map', 'it is read by the report alone'],
  ['biasEval.bootstrapSamples', 'it is read by the comparison of all points'],
  ['finetune.checkpointEverySteps', 'it changes nothing that is learned'],
  ['ppo.checkpointEveryBatches', 'it changes nothing that is learned'],
];

export const SWEEPABLE =
  'seed, language, and every single value of ppo, crawl.source, clean, explore, vocabulary, model, finetune, sentiment, biasEval, ' +
  'reward, and of data but reference and map';

/** Why a setting cannot be swept; undefined where it can. */
export function whyFixed(path: string): string | undefined {
  return fixedSettings.find(([fixed]) => path === fixed || path.startsWith(`${fixed}.`))?.[1];
}

/** Whether a setting is read by PPO alone, so that points that differ in it share all stages before. */
export function isPpoSetting(path: string): boolean {
  return path === 'seed' || path.startsWith('ppo.');
}

function isScalar(value: unknown): value is Scalar {
  return ['string', 'number', 'boolean'].includes(typeof value);
}

function isScalarList(value: unknown): value is Scalar[] {
  return Array.isArray(value) && value.length > 0 && value.every(isScalar);
}

/** Writes the lists of a `sweep:` mapping to the places that it names, where a range may stand for a list. */
export function expandSweep({ sweep, ...tree }: ConfigTree): ConfigTree {
  if (!isTree(sweep)) return sweep === undefined ? tree : { ...tree, sweep };
  return Object.entries(sweep).reduce<ConfigTree>((whole, [path, values]) => {
    const list = typeof values === 'string' ? (parseRange(values) ?? values) : values;
    return withValue(whole, path.split('.'), list);
  }, tree);
}

/**
 * Takes each list that stands where the schema wants one value for an axis, and puts its first value there.
 * `issuesOf` gives what the schema says of a tree: a list at the place of an issue is one that the schema does not take.
 */
export function takeAxes(tree: ConfigTree, issuesOf: (tree: ConfigTree) => readonly z.core.$ZodIssue[]): ScalarTree {
  const axes: Record<string, readonly Scalar[]> = {};
  let rest = tree;
  for (;;) {
    const issue = issuesOf(rest).find(({ path }) => isScalarList(valueAt(rest, path)));
    if (!issue) return { tree: rest, axes };
    const path = issue.path.map(String);
    const values = valueAt(rest, path);
    if (!isScalarList(values)) return { tree: rest, axes };
    const different = [...new Set(values)];
    if (different.length > 1) axes[path.join('.')] = different;
    rest = withValue(rest, path, different[0]);
  }
}

/** What is wrong with the axes, one line each: a setting that no point can have of its own, or a value that it does not take. */
export function axisProblems(
  { tree, axes }: ScalarTree,
  problemsOf: (tree: ConfigTree) => readonly string[],
): string[] {
  return Object.entries(axes).flatMap(([path, values]) => {
    const why = whyFixed(path);
    if (why) return [`${path}: cannot be swept, as ${why} (what can: ${SWEEPABLE})`];
    return values.flatMap((value) =>
      problemsOf(withValue(tree, path.split('.'), value)).map((problem) => `${problem} (at ${path}=${value})`),
    );
  });
}
