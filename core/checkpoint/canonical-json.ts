/** JSON with one spelling per value, so that equal values have equal bytes. Knows nothing of stores or digests. */

import { MAX_JSON_LEVELS } from '../json-nesting.js';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A value that has no single JSON spelling. `path` says where in the value it was found, `$` being the value itself. */
export class NotCanonicalError extends Error {
  constructor(
    readonly path: string,
    readonly problem: string,
  ) {
    super(`canonicalJson: expected plain JSON at ${path}, got ${problem}`);
    this.name = 'NotCanonicalError';
  }
}

/**
 * Keys sorted by UTF-16 code unit, no white space, numbers as ECMAScript writes them (the spelling of RFC 8785).
 * Members whose value is `undefined` are left out, as in `JSON.stringify`.
 * @throws NotCanonicalError for NaN, infinities, dates, class instances and everything else that JSON would bend,
 * and for what nests deeper than `MAX_JSON_LEVELS`.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', MAX_JSON_LEVELS);
}

function write(value: unknown, path: string, levels: number): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'number') return writeNumber(value, path);
  if (levels === 0) throw new NotCanonicalError(path, `more than ${MAX_JSON_LEVELS} levels`);
  if (Array.isArray(value)) return `[${value.map((item, i) => write(item, `${path}[${i}]`, levels - 1)).join(',')}]`;
  if (isPlainObject(value)) return writeObject(value, path, levels - 1);
  throw new NotCanonicalError(path, typeof value === 'object' ? value.constructor.name : typeof value);
}

function writeNumber(value: number, path: string): string {
  if (!Number.isFinite(value)) throw new NotCanonicalError(path, String(value));
  return JSON.stringify(value);
}

function writeObject(value: Record<string, unknown>, path: string, levels: number): string {
  const keys = Object.keys(value).filter((key) => value[key] !== undefined);
  const members = keys
    .toSorted(byCodeUnit)
    .map((key) => `${JSON.stringify(key)}:${write(value[key], `${path}.${key}`, levels)}`);
  return `{${members.join(',')}}`;
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
