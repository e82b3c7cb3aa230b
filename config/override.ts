/** Applies `-S section.key=value` to a plain configuration tree. Knows the grammar, not the schema. */

import { parse } from 'yaml';
import { ConfigError } from './errors.js';

/** A configuration tree before validation. */
export type ConfigTree = Record<string, unknown>;

export function isTree(value: unknown): value is ConfigTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const RANGE = /^(-?[\d.]+?(?:e-?\d+)?)\.\.(-?\d[\d.]*(?:e-?\d+)?)(?::(\d[\d.]*(?:e-?\d+)?))?$/;
const MOST_VALUES = 1_000;

/** `1..3` → [1, 2, 3], `0.1..0.5:0.2` → [0.1, 0.3, 0.5]; undefined for what is no range. @throws RangeError */
export function parseRange(text: string): number[] | undefined {
  const match = RANGE.exec(text.trim());
  if (!match) return undefined;
  const [from, to, step] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 1)];
  if (![from, to, step].every(Number.isFinite)) return undefined;
  if (to < from) throw new RangeError(`expected a range that rises, got ${text}`);
  if (!(step > 0)) throw new RangeError(`expected a step above 0, got ${text}`);
  if (match[3] === undefined && !(Number.isInteger(from) && Number.isInteger(to)))
    throw new RangeError(`expected a step after a range of fractions, such as ${from}..${to}:0.1, got ${text}`);
  // A little more, so that 0.1 … 0.5 in steps of 0.1 reaches 0.5.
  const length = Math.floor((to - from) / step + 1e-9) + 1;
  if (length > MOST_VALUES) throw new RangeError(`expected at most ${MOST_VALUES} values, got ${length} in ${text}`);
  return Array.from({ length }, (_, i) => Number((from + i * step).toPrecision(12)));
}

/** `3` → 3, `1,2` → [1, 2], `1..3` → [1, 2, 3], `on` → "on"; quotes keep a comma: `"a,b"`. */
function parseValue(text: string): unknown {
  if (/^["'[{]/.test(text)) return parse(text);
  if (text.includes(','))
    return text.split(',').flatMap((part) => parseRange(part) ?? ([parse(part.trim())] as unknown[]));
  return parseRange(text) ?? parse(text);
}

/** What stands at `path`; undefined where nothing does. */
export function valueAt(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((node, key) => (isTree(node) ? node[String(key)] : undefined), tree);
}

/** A copy of `tree` in which `path` (`ppo.epochs`) is `value`. */
export function withValue(tree: ConfigTree, path: readonly string[], value: unknown): ConfigTree {
  const [key, ...rest] = path;
  if (key === undefined) return tree;
  if (rest.length === 0) return { ...tree, [key]: value };
  const child = tree[key];
  return { ...tree, [key]: withValue(isTree(child) ? child : {}, rest, value) };
}

/** Applies one setting. @throws ConfigError when it is not `key=value`. */
export function applySetting(tree: ConfigTree, setting: string): ConfigTree {
  const match = /^([A-Za-z][A-Za-z0-9.]*)=(.*)$/s.exec(setting);
  if (!match)
    throw new ConfigError('-S', [`expected section.key=value, got "${setting}" (example: -S ppo.epochs=1,2,3)`]);
  const [, path = '', text = ''] = match;
  try {
    return withValue(tree, path.split('.'), parseValue(text));
  } catch (error) {
    throw new ConfigError(`-S ${path}`, [
      `cannot read the value "${text}": ${error instanceof Error ? error.message : String(error)}`,
    ]);
  }
}

/** `over` laid on `base`: trees merge, lists and values replace. A `kind` that changes replaces its whole tree. */
export function mergeTrees(base: ConfigTree, over: ConfigTree): ConfigTree {
  const merged: ConfigTree = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = merged[key];
    const sameKind = isTree(old) && isTree(value) && (value.kind === undefined || value.kind === old.kind);
    merged[key] = sameKind ? mergeTrees(old, value) : value;
  }
  return merged;
}
