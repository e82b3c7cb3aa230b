/** Reads a YAML file under a schema, and says on which line of it a value stands. Knows no study. */

import { LineCounter, isAlias, isMap, isNode, isScalar, isSeq, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { DataFileError } from './errors.js';

/** A name as it is read: composed (NFC), without blanks around it. */
export function composed(name: string): string {
  return name.normalize('NFC').trim();
}

function written(key: unknown): string {
  return composed(String(isScalar(key) ? key.value : key));
}

function childOf(node: unknown, step: PropertyKey): unknown {
  if (isMap(node)) return node.items.find(({ key }) => written(key) === composed(String(step)))?.value;
  return isSeq(node) ? node.items[Number(step)] : undefined;
}

/** Line of the value at a path, from 1. */
export type LineOf = (path: readonly PropertyKey[]) => number | undefined;

function linesOf(document: Document, counter: LineCounter): LineOf {
  return (path) => {
    const resolved = (node: unknown) => (isAlias(node) ? node.resolve(document) : node);
    const node = path.reduce<unknown>((parent, step) => childOf(resolved(parent), step), document.contents);
    return isNode(node) && node.range ? counter.linePos(node.range[0]).line : undefined;
  };
}

interface ReadYaml<T> {
  readonly data: T;
  readonly lineOf: LineOf;
}

/** Keys that are one once they are composed stand twice. @throws DataFileError with line and field */
export function readYaml<T>(text: string, file: string, schema: z.ZodType<T>): ReadYaml<T> {
  const counter = new LineCounter();
  const uniqueKeys = (one: unknown, other: unknown) => written(one) === written(other);
  const document = parseDocument(text, { lineCounter: counter, schema: 'core', uniqueKeys });
  const mistake = document.errors[0];
  if (mistake)
    throw new DataFileError(
      file,
      mistake.message.split('\n')[0] ?? 'not valid YAML',
      counter.linePos(mistake.pos[0]).line,
    );
  const lineOf = linesOf(document, counter);
  const parsed = schema.safeParse(document.toJS());
  if (parsed.success) return { data: parsed.data, lineOf };
  const [issue] = parsed.error.issues;
  const line = issue && lineOf(issue.path);
  throw new DataFileError(file, `${issue?.path.join('.') || '(top level)'}: ${issue?.message ?? 'malformed'}`, line);
}
