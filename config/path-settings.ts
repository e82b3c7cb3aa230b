/** Settings that name files or folders: made absolute where they are read, told by the ends of their paths afterwards. */

import { isAbsolute, resolve } from 'node:path';
import { distinctEndings } from './distinct-endings.js';
import { isTree, valueAt, withValue, type ConfigTree } from './override.js';

const dataFiles = ['targets', 'prompts', 'generalText', 'rewardLabels', 'sentimentLabels', 'reference', 'map'];

/** Those that stand in a place of their own; each measure of `biasEval.measures` has a `source` beside. */
const pathSettings: readonly string[] = [
  ...dataFiles.map((name) => `data.${name}`),
  'model.source',
  'sentiment.source',
  'reward.source',
  'explore.kiwiModel',
  'crawl.source.files',
];

const isHub = (value: string): boolean => value.startsWith('hf://');

/** Every path in `tree`, read from `base`; names on a hub stay. */
export function absolutePaths(tree: ConfigTree, base: string): ConfigTree {
  const absolute = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(absolute);
    return typeof value === 'string' && !isAbsolute(value) && !isHub(value) ? resolve(base, value) : value;
  };
  const fixed = pathSettings.reduce((whole, setting) => {
    const path = setting.split('.');
    const value = valueAt(whole, path);
    return value === undefined ? whole : withValue(whole, path, absolute(value));
  }, tree);
  const measures = valueAt(fixed, ['biasEval', 'measures']);
  if (!Array.isArray(measures)) return fixed;
  const read = measures.map((one: unknown) =>
    isTree(one) && 'source' in one ? { ...one, source: absolute(one.source) } : one,
  );
  return withValue(fixed, ['biasEval', 'measures'], read);
}

/** How values of a setting are called: paths by as much of their ends as tells them apart, anything else as it is. */
export function valueNames<T extends string | number | boolean>(setting: string, values: readonly T[]): (T | string)[] {
  if (!pathSettings.includes(setting)) return [...values];
  const paths = values.filter((value) => typeof value === 'string' && !isHub(value)).map(String);
  const endings = distinctEndings(paths, /[\\/]/, '/');
  return values.map((value) => endings.get(String(value)) ?? value);
}
