/** Says in words what the schema finds wrong with a setting. Knows no file. */

import type { z } from 'zod';
import { nearest } from './nearest.js';
import { isTree } from './override.js';
import { configSchema } from './schema.js';

/** The legal keys at a place of the schema, read from its JSON schema. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let node: unknown = jsonSchema;
  for (const step of path) {
    if (!isTree(node)) return [];
    const branches = [
      node,
      ...(Array.isArray(node.oneOf) ? node.oneOf : []),
      ...(Array.isArray(node.anyOf) ? node.anyOf : []),
    ];
    const found: unknown = branches
      .filter(isTree)
      .map((branch) => (isTree(branch.properties) ? branch.properties[String(step)] : undefined))
      .find((child) => child !== undefined);
    node = found;
  }
  if (!isTree(node)) return [];
  const branches = [
    node,
    ...(Array.isArray(node.oneOf) ? node.oneOf : []),
    ...(Array.isArray(node.anyOf) ? node.anyOf : []),
  ];
  return branches.filter(isTree).flatMap((branch) => (isTree(branch.properties) ? Object.keys(branch.properties) : []));
}

const jsonSchema: unknown = configSchema.toJSONSchema({ io: 'input' });

/** What is wrong, a line each; an unknown key comes with the nearest known one. */
export function describeIssue(issue: z.core.$ZodIssue): string[] {
  if (issue.code !== 'unrecognized_keys') return [`${issue.path.join('.') || '(top level)'}: ${issue.message}`];
  return issue.keys.map((key) => {
    const known = keysAt(issue.path);
    const hint = nearest(key, known);
    return `unknown key "${[...issue.path, key].join('.')}"${hint ? `; did you mean "${[...issue.path, hint].join('.')}"?` : ` (known: ${known.join(', ')})`}`;
  });
}
