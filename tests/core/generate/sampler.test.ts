import { expect, test } from 'vitest';
import { openSession } from '../../../core/backends/onnx/index.js';
import {
  createFixedSampler,
  createSampler,
  cutAtStop,
  drawnLogProbs,
  logProbReader,
} from '../../../core/generate/index.js';
import type { DrawnToken, SamplerSettings, SamplingSettings } from '../../../core/generate/index.js';
import { Graph, program } from '../../../core/ir/index.js';
import {
  gpt2Hidden,
  gpt2ParameterSpecs,
  initialGpt2,
  lmLogits,
  parameterFeeds,
  parameterInputs,
  parseGpt2Config,
  shapesOf,
  tokenLogProbs,
} from '../../../core/nn/index.js';
import { uniforms } from '../../../core/random/counter.js';
import { hostTensor } from '../../../core/tensor.js';
import { padLeft } from '../../../core/train/padding.js';

const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 50,
  n_positions: 24,
  n_embd: 16,
  n_layer: 2,
  n_head: 2,
  initializer_range: 0.4,
});
const params = initialGpt2(config, 4);
const prompts = [[5], [7, 8, 9], [1, 2, 3, 4, 5], [49, 0], [3, 3, 3, 3]];
const [promptTokens, newTokens, batch] = [5, 8, 6];
const draws = uniforms({ seed: 2, stream: 'test', step: 0 }, newTokens * batch);

async function sample(settings: Partial<SamplerSettings>) {
  const sampler = await createSampler(config, { batch, promptTokens, newTokens, threads: 1, ...settings });
  const samples = await sampler.sample(params, prompts, draws);
  await sampler.release();
  return samples;
}

/** The trainer's own forward pass over whole sequences: logits [B, T, V] and log-probabilities of the given tokens [B, T − 1]. */
async function score(sequences: number[][]) {
  const tokens = promptTokens + newTokens;
  const { ids, mask } = padLeft(sequences, tokens, 0);
  const graph = new Graph('score');
  const parameters = parameterInputs(graph, shapesOf(gpt2ParameterSpecs(config)));
  const inputIds = graph.input('ids', 'int32', ids.shape);
  const targets = graph.input('targets', 'int32', ids.shape);
  const logits = lmLogits(
    parameters,
    gpt2Hidden(config, parameters, { inputIds, attentionMask: graph.input('mask', 'int32', ids.shape) }),
  );
  const session = await openSession(program(graph, { outputs: { logits, logProbs: tokenLogProbs(logits, targets) } }), {
    threads: 1,
  });
  const shifted = hostTensor(
    'int32',
    ids.shape,
    Int32Array.from(ids.data, (_, i) => ids.data[i + 1] ?? 0),
  );
  const out = await session.run({ ...parameterFeeds(params), ids, mask, targets: shifted });
  await session.release();
  return { logits: out.logits.data, logProbs: out.logProbs.data };
}

/** Top-k, then top-p, then the inverse of the cumulative distribution, in double precision. */
function referenceDraw(
  logits: Float32Array,
  uniform: number,
  { temperature = 1, topK = 50, topP = 1, forbiddenTokens = [] }: SamplingSettings,
): number {
  const order = Array.from(logits.keys()).filter((token) => !forbiddenTokens.includes(token));
  if (topK < 50 || topP < 1) order.sort((a, b) => logits[b]! - logits[a]! || a - b);
  const weights = order.slice(0, topK).map((token) => Math.exp(logits[token]! / temperature));
  const total = weights.reduce((a, b) => a + b, 0);
  let before = 0;
  const kept = weights.map((weight) => {
    const keep = before / total < topP;
    before += weight;
    return keep ? weight : 0;
  });
  const target = uniform * kept.reduce((a, b) => a + b, 0);
  let running = 0;
  return order[kept.findIndex((weight) => (running += weight) > target)]!;
}

const cases: Record<string, SamplingSettings> = {
  'the whole distribution': {},
  'top-k at a temperature': { topK: 5, temperature: 0.7 },
  'top-p': { topP: 0.8, temperature: 1.3 },
  'top-k and top-p without some tokens': { topK: 10, topP: 0.9, forbiddenTokens: [0, 11, 12, 13, 49] },
  'all but some tokens': { forbiddenTokens: [0, 1, 2, 3, 49] },
};
for (const [name, settings] of Object.entries(cases)) {
  test(`createSampler draws from ${name} as a plain implementation does, with the trainer's log-probabilities`, async () => {
    const { tokens, read } = await sample({ ...settings, reader: logProbReader(1) });
    const scored = await score(prompts.map((prompt, row) => [...prompt, ...tokens[row]!]));
    const length = promptTokens + newTokens;
    expect(tokens.map((row) => row.length)).toEqual(prompts.map(() => newTokens));
    tokens.forEach((row, b) =>
      row.forEach((token, n) => {
        const at = b * length + promptTokens - 1 + n;
        const logits = scored.logits.slice(at * 50, (at + 1) * 50);
        expect(token).toBe(referenceDraw(logits, draws[n * batch + b]!, settings));
        expect(Math.abs(read['logProbs']![b * newTokens + n]! - scored.logProbs[at]!)).toBeLessThan(1e-4);
      }),
    );
  });
}

test('createSampler gives log-probabilities at a temperature when asked to', async () => {
  const plain = await sample({ topK: 5, reader: logProbReader(1) });
  const scaled = await sample({ topK: 5, reader: logProbReader(0.7) });
  expect(scaled.tokens).toEqual(plain.tokens);
  expect(scaled.read['logProbs']).not.toEqual(plain.read['logProbs']);
});

test('createSampler reads nothing but the tokens unless asked to', async () => {
  expect((await sample({})).read).toEqual({});
});

test('createSampler gives the entropy, in nats, of what each token is drawn from', async () => {
  const temperature = 0.7;
  const reader = { read: (drawn: DrawnToken) => ({ entropy: drawnLogProbs(drawn, temperature).entropy }) };
  const { tokens, read } = await sample({ topK: 5, reader });
  const scored = await score(prompts.map((prompt, row) => [...prompt, ...tokens[row]!]));
  const entropyAt = (b: number, n: number): number => {
    const at = b * (promptTokens + newTokens) + promptTokens - 1 + n;
    const weights = Array.from(scored.logits.slice(at * 50, (at + 1) * 50), (z) => Math.exp(z / temperature));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return -weights.reduce((sum, weight) => sum + (weight / total) * Math.log(weight / total), 0);
  };
  prompts.forEach((_, b) =>
    draws.slice(0, newTokens).forEach((_draw, n) => {
      expect(read['entropy']![b * newTokens + n]!).toBeCloseTo(entropyAt(b, n), 5);
    }),
  );
});

test('createSampler pads behind the first stop token and counts the tokens before the padding', async () => {
  const whole = await sample({ reader: logProbReader(1) });
  const stop = whole.tokens[1]![3]!;
  const ended = await sample({ reader: logProbReader(1), stopTokens: [stop], padToken: 48 });
  whole.tokens.forEach((row, b) => {
    const end = row.includes(stop) ? row.indexOf(stop) + 1 : newTokens;
    expect(ended.lengths[b]).toBe(end);
    expect(ended.tokens[b]).toEqual([...row.slice(0, end), ...row.slice(end).fill(48)]);
    const at = (samples: typeof whole) => [...samples.read['logProbs']!.subarray(b * newTokens, (b + 1) * newTokens)];
    expect(at(ended)).toEqual(at(whole).map((logProb, n) => (n < end ? logProb : 0)));
  });
  expect(Math.min(...ended.lengths)).toBeLessThan(newTokens);
});

test('createSampler draws for a padded prompt what it draws for the prompt alone', async () => {
  const together = await sample({ reader: logProbReader(1) });
  for (const [b, prompt] of prompts.entries()) {
    const alone = await createSampler(config, {
      batch: 1,
      promptTokens: prompt.length,
      newTokens,
      threads: 1,
      reader: logProbReader(1),
    });
    const own = Float32Array.from({ length: newTokens }, (_, n) => draws[n * batch + b]!);
    const { tokens, read } = await alone.sample(params, [prompt], own);
    await alone.release();
    expect(tokens[0]).toEqual(together.tokens[b]);
    read['logProbs']!.forEach((logProb, n) =>
      expect(Math.abs(logProb - together.read['logProbs']![b * newTokens + n]!)).toBeLessThan(1e-5),
    );
  }
});

test('createFixedSampler draws as createSampler does', async () => {
  const settings = { batch, promptTokens, newTokens, threads: 1, topK: 7, reader: logProbReader(1) };
  const sampler = await createFixedSampler(config, params, settings);
  const { tokens, read } = await sampler.sample(prompts, draws);
  await sampler.release();
  const expected = await sample({ topK: 7, reader: logProbReader(1) });
  expect(tokens).toEqual(expected.tokens);
  read['logProbs']!.forEach((logProb, i) =>
    expect(Math.abs(logProb - expected.read['logProbs']![i]!)).toBeLessThan(1e-5),
  );
});

test('createSampler generates a single token, and cuts prompts on the left', async () => {
  const sampler = await createSampler(config, { batch: 2, promptTokens: 3, newTokens: 1, greedy: true, threads: 1 });
  const { tokens } = await sampler.sample(params, [
    [9, 9, 1, 2, 3],
    [1, 2, 3],
  ]);
  expect(tokens[0]).toEqual(tokens[1]);
  await sampler.release();
});

test('createSampler refuses what it cannot do', async () => {
  await expect(createSampler(config, { batch: 1, promptTokens: 20, newTokens: 6, threads: 1 })).rejects.toThrow(
    /24 positions/,
  );
  const sampler = await createSampler(config, { batch: 1, promptTokens: 3, newTokens: 2, threads: 1 });
  await expect(sampler.sample(params, [[1], [2]], new Float32Array(2))).rejects.toThrow(/at most 1 prompts/);
  await expect(sampler.sample(params, [[]], new Float32Array(2))).rejects.toThrow(/in prompt 0/);
  await expect(sampler.sample(params, [[1]])).rejects.toThrow(/2 × 1 uniforms/);
  await sampler.release();
});

test('cutAtStop keeps what stands before the first stop token', () => {
  expect(cutAtStop([4, 5, 1, 6], [1, 2])).toEqual([4, 5]);
  expect(cutAtStop([4, 5], [1])).toEqual([4, 5]);
});
