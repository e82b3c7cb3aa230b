/** Finds keys that a JSON text gives twice, which `JSON.parse` hides. Knows nothing of what the text means. */

const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g;

/** The first key given twice in one object, or undefined. `text` must be valid JSON. */
export function duplicateKeyOf(text: string): string | undefined {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '}') open.pop();
    else if (token === ':') {
      const key: unknown = JSON.parse(last);
      const seen = open.at(-1);
      if (typeof key !== 'string' || seen === undefined) continue;
      if (seen.has(key)) return key;
      seen.add(key);
    }
    last = token;
  }
  return undefined;
}
