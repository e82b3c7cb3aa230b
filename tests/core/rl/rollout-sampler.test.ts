import { expect, test } from 'vitest';
import { initialGpt2, parseGpt2Config } from '../../../core/nn/index.js';
import { uniforms } from '../../../core/random/counter.js';
import { paddedRows } from '../../../core/rl/episodes.js';
import { defaultPpoSettings } from '../../../core/rl/index.js';
import { planPpo } from '../../../core/rl/ppo-plan.js';
import { openRolloutSampler } from '../../../core/rl/rollout-sampler.js';
import { openRolloutScorer } from '../../../core/rl/rollout-scorer.js';
import type { TokenScores } from '../../../core/rl/rollout-scorer.js';
import { initialValueHead } from '../../../core/rl/value-head.js';

const config = parseGpt2Config({
  model_type: 'gpt2',
  vocab_size: 512,
  n_positions: 16,
  n_embd: 16,
  n_layer: 2,
  n_head: 2,
  initializer_range: 0.4,
});
const queries = [[1, 2, 3], [4], [5, 6], [7, 8, 9, 10], [11], [12, 13], [14, 15, 16], [17]];
const parameters = { ...initialGpt2(config, 3), ...initialValueHead(config.width, 'uniform', 3) };

test.each([
  ['at temperature 1', { profile: 'trl-0.11' }],
  ['at a temperature of the log-probabilities, with a tanh', { profile: 'ziegler-2019', valueActivation: 'tanh' }],
  ['from the likeliest tokens alone', { profile: 'trl-0.11', topK: 5, temperature: 1.3 }],
] as const)('openRolloutSampler reads what it draws %s as whole responses are read', async (_, changes) => {
  const settings = { ...defaultPpoSettings, batchSize: 8, episodes: 8, responseTokens: 6, threads: 1, ...changes };
  const plan = planPpo(config, { ...settings, rolloutRows: 4 }, queries);
  const scorer = await openRolloutScorer(
    config,
    { ...plan.layout, ...plan.profile, padded: plan.padded, rows: plan.rolloutRows },
    plan.settings,
  );
  const sampler = await openRolloutSampler(plan, () => Promise.reject(new Error('a scorer is not needed')));
  const drawn = await sampler.sample(parameters, queries, uniforms({ seed: 1, stream: 'test', step: 0 }, 8 * 6));
  const rows = paddedRows(
    queries.map((query, i) => [...query, ...drawn.responses[i]!]),
    4 + 6,
    0,
  );
  const [read, scored] = [await drawn.score(rows), await scorer.score(parameters, rows)];
  await sampler.release();
  await scorer.release();
  const furthest = (name: keyof TokenScores): number =>
    Math.max(...read[name].map((value, i) => Math.abs(value - scored[name][i]!)));
  expect(read.logProbs).toHaveLength(8 * 6);
  expect(furthest('logProbs')).toBeLessThan(1e-5);
  expect(furthest('entropy')).toBeLessThan(1e-5);
  expect(furthest('values')).toBeLessThan(1e-5);
  expect(new Set(scored.values).size).toBeGreaterThan(40);
});
