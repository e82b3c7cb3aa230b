/** Lets a language model continue prompts under numbered draws, in batches, and turns the tokens into texts. */

import { createFixedSampler, cutAtStop } from '../../core/generate/index.js';
import { uniforms } from '../../core/random/counter.js';
import { runtimeOf, type JobRuntime } from '../study.js';
import type { LanguageModel } from './models.js';
import { stopTokenIds } from './stop-tokens.js';
import { checkTextLength } from './text-length.js';

export interface Request {
  readonly prompt: string;
  /** Requests with the same number draw the same random numbers. */
  readonly draw: number;
}

export interface Written {
  readonly prompt: string;
  /** Prompt and continuation. */
  readonly text: string;
  /** The continuation. */
  readonly tokens: readonly number[];
}

type WritingModel = Pick<LanguageModel, 'config' | 'params' | 'tokenizer'>;

export interface WritingSettings extends JobRuntime {
  readonly newTokens: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly repetitionPenalty: number;
  /** Beside the end of text. */
  readonly stopTokens: readonly string[];
  /** Fixed: no stop token is ever drawn. */
  readonly length: 'free' | 'fixed';
  readonly batchSize: number;
  readonly seed: number;
  /** Purpose of the draws, so that two purposes never share them. */
  readonly stream: string;
  readonly onWritten?: (done: number) => void;
}

/** Tokens that are no text: padding, unknown, unused entries. */
function noText({ tokenizer }: WritingModel): number[] {
  const { pad, unk } = tokenizer.specials;
  return [...[pad, unk].filter((id) => id !== undefined), ...tokenizer.unusedTokens.map(({ id }) => id)];
}

/** One column a request: [N, B]. */
function drawsOf(requests: readonly Request[], { newTokens, batchSize, seed, stream }: WritingSettings): Float32Array {
  const draws = new Float32Array(newTokens * batchSize).fill(0.5);
  requests.forEach(({ draw }, row) => {
    const own = uniforms({ seed, stream: `write/${stream}`, step: draw }, newTokens);
    own.forEach((value, step) => {
      draws[step * batchSize + row] = value;
    });
  });
  return draws;
}

/** Continues every prompt; the order of the answers is that of the requests. */
export async function writeSentences(
  model: WritingModel,
  requests: readonly Request[],
  settings: WritingSettings,
): Promise<Written[]> {
  const { config, params, tokenizer } = model;
  const { newTokens, batchSize, temperature, topK, topP, repetitionPenalty } = settings;
  const prompts = requests.map(({ prompt }) => tokenizer.encode(prompt));
  const promptTokens = Math.max(...prompts.map((tokens) => tokens.length));
  checkTextLength('biasEval.newTokens', config, { promptTokens, newTokens });
  const stopTokens = stopTokenIds(tokenizer, settings.stopTokens);
  const sampler = await createFixedSampler(config, params, {
    batch: batchSize,
    promptTokens,
    newTokens,
    ...runtimeOf(settings),
    temperature,
    topP,
    repetitionPenalty,
    stopTokens,
    ...(topK > 0 ? { topK } : {}),
    forbiddenTokens: [...new Set([...noText(model), ...(settings.length === 'fixed' ? stopTokens : [])])],
  });
  const written: Written[] = [];
  try {
    for (let start = 0; start < requests.length; start += batchSize) {
      const batch = requests.slice(start, start + batchSize);
      const rows = prompts.slice(start, start + batchSize);
      const { tokens } = await sampler.sample(rows, drawsOf(batch, settings));
      batch.forEach(({ prompt }, row) => {
        const own = cutAtStop(tokens[row] ?? [], stopTokens);
        written.push({
          prompt,
          tokens: own,
          text: tokenizer.decode([...(prompts[start + row] ?? []), ...own], { skipSpecialTokens: true }),
        });
      });
      settings.onWritten?.(written.length);
    }
  } finally {
    await sampler.release();
  }
  return written;
}
