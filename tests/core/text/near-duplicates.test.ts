import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findDuplicates } from '../../../core/text/near-duplicates.js';

const base = '강남구 아파트는 교통이 편하고 학군이 좋아서 살기 참 좋은데 가격이 너무 비싸서 걱정입니다';

function shingles(text: string): Set<string> {
  const units = Array.from(text.replaceAll(/[^\p{L}\p{N}]/gu, ''));
  return new Set(Array.from({ length: Math.max(1, units.length - 4) }, (_, i) => units.slice(i, i + 5).join('')));
}

function jaccard(a: Set<string>, b: Set<string>): number {
  const shared = [...a].filter((value) => b.has(value)).length;
  return shared / (a.size + b.size - shared);
}

describe('findDuplicates', () => {
  it('findDuplicates tells equal from alike and keeps the first', async () => {
    const texts = [base, '빌라는 조용해요', ` ${base}!!`, `${base} 네`, '빌라는 시끄러워요'];
    expect(await findDuplicates(texts, { similarity: 0.8 })).toEqual([
      { index: 2, of: 0, kind: 'duplicate' },
      { index: 3, of: 0, kind: 'near-duplicate' },
    ]);
  });

  it('findDuplicates at similarity 1 finds equal texts alone', async () => {
    expect(await findDuplicates([base, `${base} 네`, base], { similarity: 1 })).toEqual([
      { index: 2, of: 0, kind: 'duplicate' },
    ]);
  });

  it('findDuplicates keeps short texts apart', async () => {
    expect(await findDuplicates(['네', '아니', '!!', '??', '네!'], { similarity: 0.8 })).toEqual([
      { index: 4, of: 0, kind: 'duplicate' },
    ]);
  });

  it('findDuplicates reports only pairs that are alike, and nearly all pairs that are clearly alike', async () => {
    const unit = fc.constantFrom(...Array.from('가나다라마바사아자차카타파하거너더러머버서어저처커터퍼허'));
    const pair = fc.tuple(
      fc.string({ unit, minLength: 60, maxLength: 90 }),
      fc.string({ unit, minLength: 2, maxLength: 2 }),
    );
    const originals = fc.sample(pair, { numRuns: 300, seed: 3 });
    const texts = originals.flatMap(([text, edit]) => [text, edit + text.slice(1)]);
    const found = await findDuplicates(texts, { similarity: 0.8 });
    const near = found.filter(({ kind }) => kind === 'near-duplicate');
    for (const { index, of } of near)
      expect(jaccard(shingles(texts[index]!), shingles(texts[of]!))).toBeGreaterThanOrEqual(0.8);
    // With 16 bands of 8 rows a pair of similarity 0.9 is proposed with probability 1 − (1 − 0.9⁸)¹⁶ > 0.999.
    expect(found.length).toBeGreaterThanOrEqual(297);
  });

  it('findDuplicates gives the same answer again', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: fc.constantFrom('가', '나', ' '), maxLength: 12 }), { maxLength: 20 }),
        async (texts) => {
          const found = await findDuplicates(texts, { similarity: 0.7 });
          expect(await findDuplicates(texts, { similarity: 0.7 })).toEqual(found);
          for (const { index, of } of found) {
            expect(of).toBeLessThan(index);
            expect(found.some((other) => other.index === of)).toBe(false);
          }
        },
      ),
    );
  });
});
