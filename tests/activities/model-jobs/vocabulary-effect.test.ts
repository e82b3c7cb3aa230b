import { describe, expect, it } from 'vitest';
import { vocabularyEffect } from '../../../activities/model-jobs/vocabulary-effect.js';
import { initialGpt2, parseGpt2Config } from '../../../core/nn/index.js';
import { loadTokenizer } from '../../../core/text/tokenizer.js';
import { extendGolden, goldenWords, readTokenizer, type TokenizerKind } from '../../core/text/tokenizers/extend.js';
import { createMemoryStore } from '../../support/memory-store.js';

const kinds: TokenizerKind[] = ['metaspace', 'byte-level'];
const context = { store: createMemoryStore(), progress: () => {}, log: () => {} };

describe.each(kinds)('vocabularyEffect: %s', (kind) => {
  it('vocabularyEffect sets the cost of the same bytes before beside that after', async () => {
    const before = loadTokenizer(readTokenizer(kind));
    const after = loadTokenizer(extendGolden(kind).tokenizerJson);
    const config = parseGpt2Config({
      model_type: 'gpt2',
      vocab_size: before.vocabularySize,
      n_positions: 128,
      n_embd: 8,
      n_layer: 1,
      n_head: 2,
    });
    const params = initialGpt2(config, 1);
    params['transformer.wte.weight']!.data.fill(0);
    const texts = ['둔촌주공은 멀다', '아파트가 좋다', '나는 영끌족 이다'];
    const effect = await vocabularyEffect(
      texts,
      { config, params, tokenizer: before },
      { config, params, tokenizer: after },
      goldenWords,
      1,
      context,
    );
    const bytes = Buffer.byteLength(texts.join(''));
    // To a model that knows nothing every token costs log2 of the vocabulary's size.
    const cost = Math.log2(before.vocabularySize) / bytes;
    expect(effect).toMatchObject({ texts: 3, changed: 2, sampledTexts: 3, sampledBytes: bytes });
    expect(effect.bitsPerByteBefore).toBeCloseTo(effect.tokensBefore * cost, 4);
    expect(effect.bitsPerByteAfter).toBeCloseTo(effect.tokensAfter * cost, 4);
    expect(effect.tokensAfter).toBeLessThan(effect.tokensBefore);
  });
});
