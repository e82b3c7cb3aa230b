/** What new words changed: tokens of all texts, and what a sample of them costs the model as it came and with the words. */

import { setImmediate } from 'node:timers/promises';
import type { JobContext } from '../../core/job-context.js';
import type { Parameters } from '../../core/nn/index.js';
import type { VocabularyEffect } from '../../core/report/index.js';
import { evenSample } from '../../core/text/even-sample.js';
import type { TextTokenizer } from '../../core/text/tokenizer.js';
import { fittingStart, tokenChanges } from '../../core/text/vocabulary-effect.js';
import { bitsPerByte } from '../../core/train/bits-per-byte.js';
import type { LanguageModel } from './models.js';

const sampleSize = 256;
const sampleTokens = 96;

type Words = Pick<LanguageModel, 'config' | 'tokenizer'> & { readonly params: Parameters };

/** Context for the first token, so that all of a text counts; the same id before and after. */
function startToken({ specials: { bos, eos, unk } }: TextTokenizer): number {
  return bos ?? eos ?? unk ?? 0;
}

function bitsOf({ config, params, tokenizer }: Words, starts: readonly string[], start: number, threads: number) {
  const texts = starts.map((text) => ({
    tokens: [start, ...tokenizer.encode(text)],
    sizeBytes: Buffer.byteLength(text),
  }));
  return bitsPerByte(config, params, texts, { maxTokens: sampleTokens, batchSize: 32, threads });
}

/** The model has not been fine-tuned yet, so that it has seen none of the texts. */
export async function vocabularyEffect(
  texts: readonly string[],
  before: Words,
  after: Words,
  added: readonly string[],
  threads: number,
  { progress }: JobContext,
): Promise<VocabularyEffect> {
  const changes = await tokenChanges(texts, before.tokenizer, after.tokenizer, added, async (done) => {
    progress({ done, total: texts.length, unit: 'texts', metrics: {} });
    await setImmediate();
  });
  const longest = Math.min(sampleTokens, before.config.numPositions) - 1;
  const starts = evenSample(texts, sampleSize).map((text) =>
    fittingStart(text, [before.tokenizer, after.tokenizer], longest),
  );
  const start = startToken(before.tokenizer);
  return {
    ...changes,
    sampledTexts: starts.length,
    sampledBytes: starts.reduce((sum, text) => sum + Buffer.byteLength(text), 0),
    bitsPerByteBefore: await bitsOf(before, starts, start, threads),
    bitsPerByteAfter: await bitsOf(after, starts, start, threads),
  };
}
