/** Applies `-S section.key=value` to a plain configuration tree. Knows the grammar, not the schema. */

import { parse } from 'yaml';
import { ConfigError } from './errors.js';

/** A configuration tree before validation. */
export type ConfigTree = Record<string, unknown>;

export function isTree(value: unknown): value is ConfigTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const RANGE = /^(-?\d+)\.\.(-?\d+)$/;

/** `3` → 3, `1,2` → [1, 2], `1..3` → [1, 2, 3], `on` → "on"; quotes keep a comma: `"a,b"`. */
function parseValue(text: string): unknown {
  const range = RANGE.exec(text);
  if (range) {
    const [from, to] = [Number(range[1]), Number(range[2])];
    if (to < from) throw new RangeError(`expected a range that rises, got ${text}`);
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  }
  if (/^["'[{]/.test(text)) return parse(text);
  if (text.includes(',')) return text.split(',').map((part) => parse(part.trim()));
  return parse(text);
}

/** A copy of `tree` in which `path` (`ppo.epochs`) is `value`. */
function withValue(tree: ConfigTree, path: readonly string[], value: unknown): ConfigTree {
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
