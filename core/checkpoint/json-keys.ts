/** Finds keys that a JSON text gives twice, which `JSON.parse` hides. Knows nothing of what the text means. */

/** An escape goes by as one, lest its quote count. No pattern spans a whole text: on long ones that spends the stack. */
const MARKS = /\\.|["{}:]/g;

/** The first key given twice in one object, or undefined. `text` must be valid JSON. */
export function duplicateKeyOf(text: string): string | undefined {
  const open: Set<string>[] = [];
  let isQuoted = false;
  let begin = 0;
  let end = 0;
  for (const { 0: mark, index } of text.matchAll(MARKS)) {
    if (mark === '"') {
      isQuoted = !isQuoted;
      if (isQuoted) begin = index;
      else end = index + 1;
    } else if (isQuoted) continue;
    else if (mark === '{') open.push(new Set());
    else if (mark === '}') open.pop();
    else {
      const key: unknown = JSON.parse(text.slice(begin, end));
      const seen = open.at(-1);
      if (typeof key !== 'string' || seen === undefined) continue;
      if (seen.has(key)) return key;
      seen.add(key);
    }
  }
  return undefined;
}
