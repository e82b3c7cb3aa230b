/** How many bits a byte of text costs a GPT-2: comparable between tokenizers, where perplexity a token is not. */

import type { Gpt2Config } from '../nn/gpt2-config.js';
import type { Parameters } from '../nn/parameters.js';
import { LikelihoodMeter } from './likelihood.js';
import type { LikelihoodSettings } from './likelihood.js';
import type { Tokens } from './padding.js';

export interface MeasuredText {
  /** The first is context alone, the same for all tokenizers compared: a start token. */
  readonly tokens: Tokens;
  /** Bytes of UTF-8 that the other tokens stand for. */
  readonly sizeBytes: number;
}

/**
 * −log₂ P(texts) / bytes (bits per byte, as in Gao et al. 2020, "The Pile", section 3.1).
 * @throws RangeError when the texts are empty
 */
export async function bitsPerByte(
  config: Gpt2Config,
  params: Parameters,
  texts: readonly MeasuredText[],
  settings: LikelihoodSettings,
): Promise<number> {
  const sizeBytes = texts.reduce((sum, text) => sum + text.sizeBytes, 0);
  if (sizeBytes === 0) throw new RangeError('bitsPerByte: expected texts with at least one byte, got none');
  const meter = new LikelihoodMeter(config, settings);
  try {
    const { sum } = await meter.measure(
      params,
      texts.map(({ tokens }) => tokens),
    );
    return sum / Math.LN2 / sizeBytes;
  } finally {
    await meter.release();
  }
}
