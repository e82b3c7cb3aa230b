/** Says in words what the schema finds wrong with a setting. Knows no file. */

import type { z } from 'zod';
import { nearest } from './nearest.js';
import { keysAt } from './schema-nodes.js';

/** What is wrong, a line each; an unknown key comes with the nearest known one. */
export function describeIssue(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'unrecognized_keys') return [`${issue.path.join('.') || '(top level)'}: ${issue.message}`];
  return issue.keys.map((key) => {
    const known = keysAt(issue.path);
    const hint = nearest(key, known);
    return `unknown key "${[...issue.path, key].join('.')}"${hint ? `; did you mean "${[...issue.path, hint].join('.')}"?` : ` (known: ${known.join(', ')})`}`;
  });
}
