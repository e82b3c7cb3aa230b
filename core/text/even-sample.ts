/** Some of a list, from its whole length. Knows nothing of what it holds. */

/** `size` items at even distances, the first among them; all of them where there are no more. */
export function evenSample<T>(list: readonly T[], size: number): T[] {
  if (list.length <= size) return [...list];
  return Array.from({ length: size }, (_, i) => list[Math.floor((i * list.length) / size)]!);
}
