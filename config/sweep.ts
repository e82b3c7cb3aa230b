/** Settings that were given several values: which of them can be swept, and with what values. Knows no workflow. */

import type { z } from 'zod';
import { parseRange, valueAt, withValue, isTree, type ConfigTree } from './override.js';
import { takesList } from './schema-nodes.js';
import { isListOfLists, isScalarList, valueText, type SweepValue } from './sweep-value.js';

/** Values of each swept setting by its path, `{ 'ppo.klCoefficient': [0.05, 0.1] }`. */
export type SweepAxes = Readonly<Record<string, readonly SweepValue[]>>;

export interface SinglePointTree {
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
  ...['sentiment', 'reward'].map(
    (key) => [`${key}.learningCurve`, 'it is shown beside the classifier and changes nothing of it'] as const,
  ),
  ['finetune.checkpointEverySteps', 'it changes nothing that is learned'],
  ['ppo.checkpointEveryBatches', 'it changes nothing that is learned'],
];

export const SWEEPABLE =
  'seed, language, and every setting of ppo, crawl.source, clean, explore, vocabulary, model, finetune, sentiment, biasEval, ' +
  'reward, and of data but reference and map';

/** Why a setting cannot be swept; undefined where it can. */
export function whyFixed(path: string): string | undefined {
  return fixedSettings.find(([fixed]) => path === fixed || path.startsWith(`${fixed}.`))?.[1];
}

/** Whether a setting is read by PPO alone, so that points that differ in it share all stages before. */
export function isPpoSetting(path: string): boolean {
  return path === 'seed' || path.startsWith('ppo.');
}

/** Lists whose values are points already. */
const pointLists: readonly string[] = ['seed', 'ppo.epochs'];

/** Whether one value of a setting is a list. */
function isListSetting(path: string): boolean {
  return takesList(path.split('.')) && !pointLists.includes(path);
}

/**
 * Writes the lists of a `sweep:` mapping to the places that it names, where a range may stand for a list.
 * @throws RangeError for a setting that is a list itself and is given anything but lists
 */
export function expandSweep({ sweep, ...tree }: ConfigTree): ConfigTree {
  if (!isTree(sweep)) return sweep === undefined ? tree : { ...tree, sweep };
  return Object.entries(sweep).reduce<ConfigTree>((whole, [path, values]) => {
    const list = typeof values === 'string' ? (parseRange(values) ?? values) : values;
    if (isListSetting(path) && !isListOfLists(list)) throw noListOfLists(path, list);
    return withValue(whole, path.split('.'), list);
  }, tree);
}

function noListOfLists(path: string, got: unknown): RangeError {
  const values: unknown[] = Array.isArray(got) && got.length > 0 ? got : [got];
  const instead = values.map((value) => (Array.isArray(value) ? value : [value]));
  return new RangeError(
    `${path}: expected a list of lists, one for each point, as the setting is a list itself, got ${JSON.stringify(got)}; ` +
      `write ${JSON.stringify(instead)}`,
  );
}

interface Axis {
  readonly path: string[];
  readonly values: readonly SweepValue[];
}

/** What the schema finds one list too many: in the place of a single value, or of what stands in a list. */
function axisAt(tree: ConfigTree, issue: z.core.$ZodIssue): Axis | undefined {
  const path = issue.path.map(String);
  const values = valueAt(tree, path);
  if (isScalarList(values)) return { path, values };
  const around = path.slice(0, -1);
  const lists = valueAt(tree, around);
  return isListSetting(around.join('.')) && isListOfLists(lists) ? { path: around, values: lists } : undefined;
}

/**
 * Takes each list that stands where the schema wants one value for an axis, and puts its first value there. Where the
 * schema wants a list, a list of lists is such an axis.
 * `issuesOf` gives what the schema says of a tree: a list at the place of an issue is one that the schema does not take.
 */
export function takeAxes(
  tree: ConfigTree,
  issuesOf: (tree: ConfigTree) => readonly z.core.$ZodIssue[],
): SinglePointTree {
  const axes: Record<string, readonly SweepValue[]> = {};
  let rest = tree;
  for (;;) {
    const axis = issuesOf(rest)
      .map((issue) => axisAt(rest, issue))
      .find((found) => found !== undefined);
    if (!axis) return { tree: rest, axes };
    const { path, values } = axis;
    const different = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
    if (different.length > 1) axes[path.join('.')] = different;
    rest = withValue(rest, path, different[0]);
  }
}

/** What is wrong with the axes, one line each: a setting that no point can have of its own, or a value that it does not take. */
export function axisProblems(
  { tree, axes }: SinglePointTree,
  problemsOf: (tree: ConfigTree) => readonly string[],
): string[] {
  return Object.entries(axes).flatMap(([path, values]) => {
    const why = whyFixed(path);
    if (why) return [`${path}: cannot be swept, as ${why} (what can: ${SWEEPABLE})`];
    return values.flatMap((value) =>
      problemsOf(withValue(tree, path.split('.'), value)).map(
        (problem) => `${problem} (at ${path}=${valueText(value)})`,
      ),
    );
  });
}
