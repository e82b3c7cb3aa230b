import { describe, expect, test } from 'vitest';
import { stopTokenIds } from '../../../activities/model-jobs/stop-tokens.js';
import { writeSentences, type WritingSettings } from '../../../activities/model-jobs/write-sentences.js';
import { initialGpt2 } from '../../../core/nn/index.js';
import { loadTokenizer } from '../../../core/text/tokenizer.js';
import { smallGpt2 } from './small-gpt2.js';
import { readTokenizer } from '../../core/text/tokenizers/extend.js';

const tokenizer = loadTokenizer(readTokenizer('byte-level'));
const config = smallGpt2(tokenizer.vocabularySize);
const model = { config, params: initialGpt2(config, 1), tokenizer };
const settings: WritingSettings = {
  newTokens: 12,
  temperature: 1,
  topK: 0,
  topP: 1,
  repetitionPenalty: 1,
  stopTokens: [],
  length: 'free',
  batchSize: 4,
  seed: 1,
  threads: 1,
  stream: 'test',
};
const requests = Array.from({ length: 8 }, (_, draw) => ({ prompt: '아파트', draw }));
const write = (changed: Partial<WritingSettings>) => writeSentences(model, requests, { ...settings, ...changed });

describe('writeSentences', () => {
  test('writeSentences ends a sentence before a stop token, and draws none for sentences of fixed length', async () => {
    const written = await write({});
    const stop = written[0]!.tokens[4]!;
    const name = tokenizer.idToToken(stop)!;
    const ended = await write({ stopTokens: [name] });
    ended.forEach(({ tokens }, i) => {
      const whole = written[i]!.tokens;
      expect(tokens).toEqual(whole.includes(stop) ? whole.slice(0, whole.indexOf(stop)) : whole);
    });
    expect(ended[0]!.tokens.length).toBeLessThanOrEqual(4);
    const fixed = await write({ stopTokens: [name], length: 'fixed' });
    expect(fixed.map(({ tokens }) => tokens.length)).toEqual(requests.map(() => settings.newTokens));
    expect(fixed.some(({ tokens }) => tokens.includes(stop))).toBe(false);
  });

  test('writeSentences under a strong repetition penalty repeats no token', async () => {
    const repeats = (written: Awaited<ReturnType<typeof write>>) =>
      written.filter(({ tokens }) => new Set(tokens).size < tokens.length).length;
    const narrow = { topK: 20, temperature: 0.5 };
    expect(repeats(await write(narrow))).toBeGreaterThan(0);
    expect(repeats(await write({ ...narrow, repetitionPenalty: 1e6 }))).toBe(0);
  });
});

describe('stopTokenIds', () => {
  test('stopTokenIds takes a token by its own name or by a text of one token, beside the end of text', () => {
    const [end] = stopTokenIds(tokenizer, []);
    const [newline] = tokenizer.encode('\n');
    expect(end).toBe(tokenizer.specials.eos);
    expect(stopTokenIds(tokenizer, ['\n', '\n'])).toEqual([end, newline]);
    expect(stopTokenIds(tokenizer, [tokenizer.idToToken(newline!)!])).toEqual([end, newline]);
  });

  test('stopTokenIds refuses a text of several tokens and says which', () => {
    expect(() => stopTokenIds(tokenizer, ['아파트가 좋다고 한다'])).toThrow(/biasEval\.stopTokens: .* is \d+ tokens/);
  });
});
