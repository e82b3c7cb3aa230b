import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readJson, readTensors } from '../../../bench/golden-case.js';
import { openSession } from '../../../core/backends/index.js';
import { createSampler } from '../../../core/generate/index.js';
import { countTokens, penalizeRepeated } from '../../../core/generate/repetition.js';
import { sampleToken } from '../../../core/generate/sampling.js';
import { Graph, program } from '../../../core/ir/index.js';
import { gpt2Parameters, parseGpt2Config } from '../../../core/nn/index.js';
import { hostTensor } from '../../../core/tensor.js';

interface Golden {
  readonly greedy: readonly { readonly prompt: number[]; readonly penalty: number; readonly tokens: number[] }[];
  readonly kept: readonly {
    readonly prompt: number[];
    readonly scores: number[];
    readonly settings: {
      readonly repetitionPenalty: number;
      readonly temperature: number;
      readonly topK: number;
      readonly topP: number;
    };
    readonly tokens: number[];
    readonly probabilities: number[];
  }[];
}

/** Made by goldens/make.py with Transformers. */
const golden: Golden = JSON.parse(readFileSync(new URL('goldens/sampling.json', import.meta.url), 'utf8'));
const folder = fileURLToPath(new URL('../../goldens/gpt2', import.meta.url));

test.each([1.3, 2, 0.8])(
  'createSampler with a repetition penalty of %d writes what Transformers writes',
  async (penalty) => {
    const config = parseGpt2Config(await readJson(folder, 'config.json'));
    const params = gpt2Parameters(config, await readTensors(folder, 'model.safetensors'));
    const cases = golden.greedy.filter((one) => one.penalty === penalty);
    const sampler = await createSampler(config, {
      batch: cases.length,
      promptTokens: 6, // the shorter prompts are padded, and padding must not be counted
      newTokens: 12,
      greedy: true,
      repetitionPenalty: penalty,
      threads: 1,
    });
    const { tokens } = await sampler.sample(
      params,
      cases.map(({ prompt }) => prompt),
    );
    await sampler.release();
    expect(tokens).toEqual(cases.map((one) => one.tokens));
  },
);

const rows = 256;

test.each(golden.kept)(
  'sampleToken draws, under $settings, from what Transformers leaves, each token as often as its probability says',
  async ({ prompt, scores, settings, tokens, probabilities }) => {
    const graph = new Graph('kept');
    const logits = graph.input('logits', 'float32', [rows, scores.length]);
    const ids = graph.input('ids', 'int32', [rows, prompt.length]);
    const mask = graph.input('mask', 'int32', [rows, prompt.length]);
    const penalized = penalizeRepeated(logits, countTokens(ids, mask, scores.length), settings.repetitionPenalty);
    const token = sampleToken(penalized, graph.input('uniforms', 'float32', [rows]), settings);
    const session = await openSession(program(graph, { outputs: { token } }), { threads: 1 });
    const repeated = (row: readonly number[]) => Array.from({ length: rows }, () => row).flat();
    const drawn = await session.run({
      logits: hostTensor('float32', [rows, scores.length], Float32Array.from(repeated(scores))),
      ids: hostTensor('int32', [rows, prompt.length], Int32Array.from(repeated(prompt))),
      mask: hostTensor('int32', [rows, prompt.length], new Int32Array(rows * prompt.length).fill(1)),
      uniforms: hostTensor(
        'float32',
        [rows],
        Float32Array.from({ length: rows }, (_, row) => (row + 0.5) / rows),
      ),
    });
    await session.release();
    // Evenly spaced draws meet each token's share of (0, 1) to one draw.
    const counts = tokens.map((id) => drawn.token.data.filter((found) => found === id).length);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(rows);
    counts.forEach((count, i) => expect(Math.abs(count - rows * probabilities[i]!)).toBeLessThanOrEqual(1));
  },
);
