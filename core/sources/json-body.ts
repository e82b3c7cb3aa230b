/** JSON and JSONP bodies of the sources, checked against a schema. Knows no particular source. */

import type { z } from 'zod';

import { NotJsonError, ParseDriftError } from './errors.js';
import type { HttpResponse } from './http.js';

function beginning(text: string): string {
  const start = text.trimStart().slice(0, 60).replaceAll(/\s+/g, ' ');
  return start === '' ? 'an empty body' : JSON.stringify(start);
}

function parse(url: string, json: string, body: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new NotJsonError(url, beginning(body));
  }
}

/** The value of a JSON body. @throws NotJsonError for HTML, cut-off or other text. */
export function jsonOf(response: HttpResponse): unknown {
  const body = new TextDecoder('utf-8').decode(response.body);
  return parse(response.url, body, body);
}

/** The argument of `callback({...});`: from the first bracket to the last, since texts may hold `);` themselves. @throws NotJsonError */
export function jsonpOf(response: HttpResponse): unknown {
  const body = new TextDecoder('utf-8').decode(response.body);
  const open = body.indexOf('(');
  const close = body.lastIndexOf(')');
  if (open < 0 || close < open || !/^\s*[\w$.]+\s*$/.test(body.slice(0, open))) {
    throw new NotJsonError(response.url, beginning(body));
  }
  return parse(response.url, body.slice(open + 1, close), body);
}

/** The value at a path, for the error message; `nothing` where the path ends early. */
function valueAt(value: unknown, path: readonly PropertyKey[]): string {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return 'nothing';
    current = Reflect.get(current, key);
  }
  if (current === undefined) return 'nothing';
  const text = JSON.stringify(current) ?? typeof current;
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A value of the schema's type. @throws ParseDriftError naming the first field that moved. */
export function checked<T>(url: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = issue?.path ?? [];
  throw new ParseDriftError(
    url,
    path.map(String).join('.') || 'the answer',
    issue?.message ?? 'another shape',
    valueAt(value, path),
  );
}
