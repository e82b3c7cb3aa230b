/** Settings that name files or folders: made absolute where they are read, told by the ends of their paths afterwards. */

import { isAbsolute, resolve } from 'node:path';
import { distinctEndings } from './distinct-endings.js';
import { isTree, valueAt, withValue, type ConfigTree } from './override.js';
import { sweepValue, type SweepValue } from './sweep-value.js';

const dataFiles = ['targets', 'prompts', 'generalText', 'rewardLabels', 'sentimentLabels', 'reference', 'map'];

/** Files in lists too; each measure of `biasEval.measures` has its path as `source`. */
const pathSettings: readonly string[] = [
  ...dataFiles.map((name) => `data.${name}`),
  'model.source',
  'sentiment.source',
  'reward.source',
  'explore.kiwiModel',
  'crawl.source.files',
  'biasEval.measures',
];

/** The value with every path in it changed; names on a hub stay. */
function mapPaths(value: unknown, change: (path: string) => string): unknown {
  if (Array.isArray(value)) return value.map((one) => mapPaths(one, change));
  if (isTree(value)) return 'source' in value ? { ...value, source: mapPaths(value.source, change) } : value;
  return typeof value === 'string' && !value.startsWith('hf://') ? change(value) : value;
}

/** Every path in `tree`, read from `base`; names on a hub stay. */
export function absolutePaths(tree: ConfigTree, base: string): ConfigTree {
  return pathSettings.reduce((whole, setting) => {
    const path = setting.split('.');
    const value = valueAt(whole, path);
    if (value === undefined) return whole;
    return withValue(
      whole,
      path,
      mapPaths(value, (one) => (isAbsolute(one) ? one : resolve(base, one))),
    );
  }, tree);
}

/** How values of a setting are called: paths by as much of their ends as tells them apart, anything else as it is. */
export function valueNames(setting: string, values: readonly SweepValue[]): SweepValue[] {
  if (!pathSettings.includes(setting)) return [...values];
  const paths = new Set<string>();
  mapPaths(values, (path) => {
    paths.add(path);
    return path;
  });
  const endings = distinctEndings([...paths], /[\\/]/, '/');
  return values.map((value) => sweepValue.parse(mapPaths(value, (path) => endings.get(path) ?? path)));
}
