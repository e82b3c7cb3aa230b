import { describe, expect, it } from 'vitest';

import { loadTokenizer } from '../../../core/text/tokenizer.js';
import { fittingStart, tokenChanges } from '../../../core/text/vocabulary-effect.js';
import type { TokenizerKind } from './tokenizers/extend.js';
import { extendGolden, goldenWords, readTokenizer } from './tokenizers/extend.js';

const kinds: TokenizerKind[] = ['metaspace', 'byte-level'];

describe.each(kinds)('tokenChanges: %s', (kind) => {
  const before = loadTokenizer(readTokenizer(kind));
  const after = loadTokenizer(extendGolden(kind).tokenizerJson);

  it('tokenChanges counts the texts that a new word stands in, and all tokens', async () => {
    const texts = ['둔촌주공은 멀다', '아파트가 좋다', '나는 영끌족 이다'];
    const length = (reader: typeof before) => texts.reduce((sum, text) => sum + reader.encode(text).length, 0);
    const changes = await tokenChanges(texts, before, after, goldenWords, async () => {});
    expect(changes).toEqual({ texts: 3, changed: 2, tokensBefore: length(before), tokensAfter: length(after) });
    expect(changes.tokensAfter).toBeLessThan(changes.tokensBefore);
  });

  it('tokenChanges finds none between a tokenizer and itself', async () => {
    expect(await tokenChanges(['둔촌주공은 멀다'], before, before, [], async () => {})).toMatchObject({ changed: 0 });
  });
});

describe('fittingStart', () => {
  const tokenizer = loadTokenizer(readTokenizer('byte-level'));

  it('fittingStart keeps what fits and cuts the rest between characters', () => {
    expect(fittingStart('짧다', [tokenizer], 100)).toBe('짧다');
    const text = '🙂뷁'.repeat(50);
    const start = fittingStart(text, [tokenizer], 20);
    expect(text.startsWith(start)).toBe(true);
    expect(Buffer.from(start).toString()).toBe(start);
    expect(tokenizer.encode(start).length).toBeLessThanOrEqual(20);
    expect(start.length).toBeGreaterThan(2);
  });
});
