import { describe, expect, it } from 'vitest';
import { vocabularyJob } from '../../../activities/model-jobs/vocab-extend.js';
import { openLanguageModel } from '../../../activities/model-jobs/models.js';
import { getJson, putJson } from '../../../activities/blobs.js';
import { getFolder, putFolder } from '../../../core/checkpoint/index.js';
import { writeSafetensors } from '../../../core/checkpoint/safetensors.js';
import { gpt2ConfigJson, initialGpt2 } from '../../../core/nn/index.js';
import { loadTokenizer } from '../../../core/text/tokenizer.js';
import { missingNouns, type VocabularyCandidate } from '../../../core/text/vocabulary-candidates.js';
import { formatRecords } from '../../../core/text/records.js';
import { smallGpt2 } from './small-gpt2.js';
import { readTokenizer, type TokenizerKind } from '../../core/text/tokenizers/extend.js';
import { createMemoryStore } from '../../support/memory-store.js';

const kinds: TokenizerKind[] = ['metaspace', 'byte-level'];
const texts = ['둔촌주공은 멀다', '아파트가 좋다 🙂', '나는 영끌족 이다', 'GTX가 온다\n영끌족도', '똠방각하 둔촌주공'];
const wte = 'transformer.wte.weight';

/** A small random model with one of the small tokenizers, its candidates, and what the job makes of them. */
async function extend(kind: TokenizerKind) {
  const store = createMemoryStore();
  const tokenizer = loadTokenizer(readTokenizer(kind));
  const config = smallGpt2(tokenizer.vocabularySize);
  const params = initialGpt2(config, 1);
  const nouns = missingNouns(
    ['둔촌주공', '영끌족', '똠방각하', '드문말'].map((noun, i) => ({ noun, count: i === 3 ? 1 : 9 - i })),
    tokenizer,
  );
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value));
  const result = await vocabularyJob(
    {
      model: await putFolder(store, {
        'config.json': encode(gpt2ConfigJson(config)),
        'tokenizer.json': readTokenizer(kind),
        'model.safetensors': writeSafetensors(params),
      }),
      texts: await store.putBlob(
        formatRecords(texts.map((text, i) => ({ id: String(i), source: 'x', text, keywords: [] }))),
      ),
      candidates: await putJson(store, nouns),
      settings: { maxNewWords: 2, minWordCount: 5, threads: 1 },
    },
    { store, progress: () => {}, log: () => {} },
  );
  return { store, tokenizer, params, nouns, result, after: await openLanguageModel(store, result.model) };
}

describe.each(kinds)('vocabularyJob: %s', (kind) => {
  it('vocabularyJob keeps ids, size and the round trip of every text', async () => {
    const { tokenizer, after, result } = await extend(kind);
    expect(after.tokenizer.vocabularySize).toBe(tokenizer.vocabularySize);
    expect(result.words).toBe(2);
    for (const text of texts) expect(after.tokenizer.decode(after.tokenizer.encode(text))).toBe(text);
    const changed = Array.from({ length: tokenizer.vocabularySize }, (_, id) => id).filter(
      (id) => tokenizer.idToToken(id) !== after.tokenizer.idToToken(id),
    );
    expect(changed.map((id) => tokenizer.idToToken(id))).toEqual(['<unused0>', '<unused1>']);
  });

  it('vocabularyJob gives each word the mean of its pieces, and leaves all other parameters as they were', async () => {
    const { tokenizer, params, after } = await extend(kind);
    const [rows = 0, width = 0] = params[wte]!.shape;
    const before = params[wte]!.data;
    const now = after.params[wte]!.data;
    for (let id = 0; id < rows; id++) {
      const word = after.tokenizer.idToToken(id);
      const pieces = word === tokenizer.idToToken(id) ? [id] : tokenizer.encode(word!);
      for (let i = 0; i < width; i++) {
        const mean = pieces.reduce((sum, piece) => sum + before[piece * width + i]!, 0) / pieces.length;
        expect(now[id * width + i]).toBeCloseTo(mean, 6);
      }
    }
    for (const name of Object.keys(params).filter((other) => other !== wte))
      expect(after.params[name]!.data).toEqual(params[name]!.data);
  });

  it('vocabularyJob records the decision on every candidate, and what the words changed', async () => {
    const { store, nouns, result } = await extend(kind);
    const decided = await getJson<VocabularyCandidate[]>(store, result.decided);
    expect(decided.map(({ word }) => word)).toEqual(nouns.map(({ noun }) => noun));
    const added = decided.filter(({ decision }) => decision === 'added');
    expect(added).toEqual(decided.filter(({ count, saved }) => count >= 5 && saved > 0).slice(0, 2));
    expect(decided.find(({ word }) => word === '드문말')?.decision).toBe('too-rare');
    expect(result.candidates).toBe(4);
    const { effect } = result;
    const named = texts.filter((text) => added.some(({ word }) => text.includes(word)));
    expect(effect).toMatchObject({ texts: texts.length, changed: named.length, sampledTexts: texts.length });
    expect(effect.tokensBefore).toBeGreaterThan(effect.tokensAfter);
    expect(effect.bitsPerByteBefore).toBeGreaterThan(effect.bitsPerByteAfter);
    expect(Object.keys(await getFolder(store, result.model)).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'tokenizer.json',
    ]);
  });
});
