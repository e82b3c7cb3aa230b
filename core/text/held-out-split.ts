/**
 * Splits labelled texts into those to learn from and those to be judged on, so that no text is judged on whose near
 * duplicate was learned. Every label is split in the same share. Knows no model.
 */
import { permutation } from '../random/counter.js';
import { findDuplicates } from './near-duplicates.js';

export interface HeldOutSettings {
  /** Part of each label's texts that is held out, 0 … 1. */
  readonly share: number;
  readonly seed: number;
  /** Texts of at least this similarity stay together; 0.8 unless told. See `NearDuplicateSettings`. */
  readonly similarity?: number;
}

export interface HeldOutSplit {
  /** Positions, rising. */
  readonly train: readonly number[];
  readonly validation: readonly number[];
  /** Texts that have a near duplicate among the others. */
  readonly nearDuplicates: number;
}

/** Texts that say the same, by position; most stand alone. */
async function groupsOf(texts: readonly string[], similarity: number): Promise<number[][]> {
  const groups = new Map(texts.map((_, i) => [i, [i]]));
  for (const { index, of } of await findDuplicates(texts, { similarity })) {
    groups.get(of)?.push(index);
    groups.delete(index);
  }
  return [...groups.values()];
}

/** Splits once by seed. The same texts in the same order give the same answer. */
export async function heldOutSplit(
  texts: readonly string[],
  labels: readonly number[],
  { share, seed, similarity = 0.8 }: HeldOutSettings,
): Promise<HeldOutSplit> {
  const groups = await groupsOf(texts, similarity);
  const order = Array.from(permutation({ seed, stream: 'text/held-out', step: 0 }, groups.length), (i) => groups[i]!);
  const wanted = new Map<number, number>();
  for (const label of labels) wanted.set(label, (wanted.get(label) ?? 0) + share);
  const validation: number[] = [];
  for (const group of order) {
    if (!fits(group, labels, wanted)) continue;
    for (const i of group) {
      validation.push(i);
      wanted.set(labels[i]!, (wanted.get(labels[i]!) ?? 0) - 1);
    }
  }
  const held = new Set(validation);
  return {
    train: texts.flatMap((_, i) => (held.has(i) ? [] : [i])),
    validation: validation.toSorted((a, b) => a - b),
    nearDuplicates: groups.reduce((sum, group) => sum + (group.length > 1 ? group.length : 0), 0),
  };
}

/** Whether no label would exceed its share by more than half a text. */
function fits(group: readonly number[], labels: readonly number[], wanted: ReadonlyMap<number, number>): boolean {
  const counts = new Map<number, number>();
  for (const i of group) counts.set(labels[i]!, (counts.get(labels[i]!) ?? 0) + 1);
  return [...counts].every(([label, n]) => n <= (wanted.get(label) ?? 0) + 0.5);
}
