import { describe, expect, it } from 'vitest';
import { RandomSequence } from '../../../core/random/counter.js';
import { findDuplicates, heldOutSplit } from '../../../core/text/index.js';

const random = new RandomSequence({ seed: 4, stream: 'texts', step: 0 });
const letters = 'abcdefghijklmnopqrstuvwxyz';
const word = (): string => Array.from({ length: 6 }, () => letters[random.integer(26)]).join('');
/** Texts with nothing in common; every third one is repeated with a small change. */
const texts = Array.from({ length: 300 }, () => Array.from({ length: 12 }, word).join(' ')).flatMap((text, i) =>
  i % 3 === 0 ? [text, `${text}!`, `${text} ${word()}`] : [text],
);
const labels = texts.map((_, i) => (i % 10 < 7 ? 0 : 1));

describe('heldOutSplit', () => {
  it('splits every label in the same share, each text once', async () => {
    const { train, validation } = await heldOutSplit(texts, labels, { share: 0.3, seed: 1 });
    expect([...train, ...validation].sort((a, b) => a - b)).toEqual(texts.map((_, i) => i));
    for (const label of [0, 1]) {
      const all = labels.filter((one) => one === label).length;
      const held = validation.filter((i) => labels[i] === label).length;
      expect(Math.abs(held - 0.3 * all)).toBeLessThan(3);
    }
  });

  it('leaves no near duplicate of a learned text among those held out', async () => {
    const { train, validation, nearDuplicates } = await heldOutSplit(texts, labels, { share: 0.3, seed: 1 });
    expect(nearDuplicates).toBe(300);
    const learned = train.map((i) => texts[i]!);
    const together = [...learned, ...validation.map((i) => texts[i]!)];
    const leaks = (await findDuplicates(together, { similarity: 0.8 })).filter(
      ({ index, of }) => index >= learned.length && of < learned.length,
    );
    expect(leaks).toEqual([]);
  });

  it('repeats from its seed and differs between seeds', async () => {
    const split = (seed: number) => heldOutSplit(texts, labels, { share: 0.3, seed });
    expect(await split(1)).toEqual(await split(1));
    expect((await split(1)).validation).not.toEqual((await split(2)).validation);
  });

  it('holds nothing out when all texts say the same', async () => {
    const { validation } = await heldOutSplit(['a b c d e', 'a b c d e'], [0, 0], { share: 0.3, seed: 1 });
    expect(validation).toEqual([]);
  });
});
