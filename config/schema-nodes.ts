/** What the schema has at the path of a setting, read from its JSON schema. Knows no value. */

import { isTree, type ConfigTree } from './override.js';
import { configSchema } from './schema.js';

const jsonSchema: unknown = configSchema.toJSONSchema({ io: 'input' });

/** The node and, where it may be one of several, each of these. */
function branchesOf(node: unknown): ConfigTree[] {
  if (!isTree(node)) return [];
  const { oneOf, anyOf } = node;
  return [node, ...(Array.isArray(oneOf) ? oneOf : []), ...(Array.isArray(anyOf) ? anyOf : [])].filter(isTree);
}

function nodesAt(path: readonly PropertyKey[]): ConfigTree[] {
  return branchesOf(
    path.reduce<unknown>(
      (node, step) =>
        branchesOf(node)
          .map(({ properties }) => (isTree(properties) ? properties[String(step)] : undefined))
          .find((child) => child !== undefined),
      jsonSchema,
    ),
  );
}

/** The legal keys at a place of the schema. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  return nodesAt(path).flatMap(({ properties }) => (isTree(properties) ? Object.keys(properties) : []));
}

/** Whether a setting is a list: `biasEval.stopTokens`. */
export function takesList(path: readonly PropertyKey[]): boolean {
  return nodesAt(path).some(({ type }) => type === 'array');
}
