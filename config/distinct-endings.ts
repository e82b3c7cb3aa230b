/** Short names: of texts with parts, as many of the last parts as tell each from the others. */

/**
 * @param separator between the parts of a text
 * @param joint between the parts of a name
 * @param beside texts that names must be told from too
 */
export function distinctEndings(
  texts: readonly string[],
  separator: string | RegExp,
  joint: string,
  beside: readonly string[] = [],
): ReadonlyMap<string, string> {
  const ending = (text: string, length: number): string => text.split(separator).slice(-length).join(joint);
  return new Map(
    texts.map((text) => {
      const lengths = text.split(separator).map((_, index) => index + 1);
      const others = [...texts.filter((other) => other !== text), ...beside];
      const enough = lengths.find((length) => others.every((other) => ending(other, length) !== ending(text, length)));
      return [text, ending(text, enough ?? lengths.length)];
    }),
  );
}
