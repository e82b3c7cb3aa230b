/** Markdown in which text stays text. Knows no page. */

/** One line of text without anything that Markdown or HTML would take for its own. */
export function plainText(text: string): string {
  return text
    .replace(/[^\S\u00a0]+/g, ' ')
    .replace(/[\\`*_{}[\]<>|#~!]/g, (character) => `\\${character}`)
    .trim();
}

/** A table; cells are text. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(plainText).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

/** Points of a list. */
export function markdownList(points: readonly string[]): string {
  return points.map((point) => `- ${plainText(point)}`).join('\n');
}
