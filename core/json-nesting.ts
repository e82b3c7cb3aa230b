/** Bounds how deep JSON nests. Knows nothing of what the values mean. */

/** What models, tokenizers, indexes and manifests are described in has fewer than ten. */
export const MAX_JSON_LEVELS = 64;

/**
 * Whether lists and objects stand more than `levels` deep in each other. `JSON.parse` takes any depth; `JSON.stringify`,
 * `String` and whatever else calls itself on the value run out of stack some thousand levels down.
 */
export function isNestedTooDeep(value: unknown, levels = MAX_JSON_LEVELS): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isNestedTooDeep(inner, levels - 1));
}
