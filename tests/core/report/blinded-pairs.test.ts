import { describe, expect, it } from 'vitest';
import { blindedPairs, raterInstructions, type WrittenPair } from '../../../core/report/index.js';
import { parseCsv } from '../../../core/text/csv.js';
import { HOSTILE } from './synthetic-input.js';

const pairs: WrittenPair[] = Array.from({ length: 40 }, (_, i) => ({
  prompt: `p${i}`,
  before: `p${i} earlier`,
  after: `p${i} later`,
  kind: i % 2 === 0 ? 'general' : 'probe',
}));
const cells = (csv: string): (readonly string[])[] => parseCsv(csv).map((row) => row.cells);

describe('blindedPairs', () => {
  const { sheet, key, items } = blindedPairs(pairs, 7);
  const [head, ...rows] = cells(sheet);
  const [, ...sides] = cells(key);

  it('holds every pair once, with room for the answers', () => {
    expect(items).toBe(40);
    expect(head).toEqual(['item', 'prompt', 'text_a', 'text_b', 'better_written', 'kinder', 'remarks']);
    expect(new Set(rows.map(([, prompt]) => prompt))).toEqual(new Set(pairs.map(({ prompt }) => prompt)));
    expect(rows.every(([, , , , ...answers]) => answers.join('') === '')).toBe(true);
  });

  it('shuffles rows and sides, each model first on half of them, and the key tells which', () => {
    expect(rows.map(([, prompt]) => prompt)).not.toEqual(pairs.map(({ prompt }) => prompt));
    rows.forEach(([item, prompt, a, b], i) => {
      const [keyItem, kind, first, second] = sides[i]!;
      expect([item, kind]).toEqual([keyItem, pairs.find((pair) => pair.prompt === prompt)!.kind]);
      const text = { before: `${prompt} earlier`, after: `${prompt} later` };
      expect([a, b]).toEqual([text[first as 'before'], text[second as 'before']]);
    });
    expect(sides.filter(([, , first]) => first === 'before')).toHaveLength(20);
  });

  it('says nothing of the models on the sheet', () => {
    expect(sheet).not.toMatch(/before|after|probe|general|seed/);
  });

  it('is the same for the same seed and another for another', () => {
    expect(blindedPairs(pairs, 7)).toEqual({ sheet, key, items });
    expect(blindedPairs(pairs, 8).key).not.toBe(key);
  });

  it('leaves out pairs without a difference, and keeps hostile text in its cell', () => {
    const hostile = HOSTILE.map((text) => ({
      prompt: text,
      before: `=${text}`,
      after: text,
      kind: 'general' as const,
    }));
    const made = blindedPairs([...hostile, { prompt: 'x', before: 'same', after: 'same', kind: 'probe' }], 1);
    expect(made.items).toBe(HOSTILE.length);
    expect(cells(made.sheet).every((row) => row.length === 7)).toBe(true);
    expect(
      cells(made.sheet)
        .flat()
        .some((cell) => cell.startsWith('=')),
    ).toBe(false);
  });
});

describe('raterInstructions', () => {
  it('names the number of prompts and the columns', () => {
    expect(raterInstructions(40)).toMatch(/40 prompts[^]*better_written[^]*kinder/);
  });
});
