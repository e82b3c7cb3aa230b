import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { programFile } from '../../config/root.js';
import { parseGpt2Config } from '../../core/nn/index.js';
import { initialGpt2 } from '../../core/nn/gpt2-parameters.js';
import { defaultPpoSettings, trainPpo } from '../../core/rl/index.js';
import { ppoPhases } from '../../core/rl/phase-seconds.js';

const page = readFileSync(programFile('docs', 'ppo-log.md'), 'utf8');
const written = new Set([...page.matchAll(/`([^`]+)`/g)].map(([, name]) => name!));

/** What lm-human-preferences, its details in PyTorch and TRL log, all together. */
const elsewhere = [
  ...[
    'kl',
    'kl_dist',
    'kl_coef',
    'entropy',
    'non_score_reward',
    'scores',
    'score_total',
    'logprobs',
    'ref_logprobs',
  ].map((name) => `objective/${name}`),
  ...['policy', 'value', 'total'].map((name) => `ppo/loss/${name}`),
  ...['entropy', 'approxkl', 'policykl', 'clipfrac', 'ratio', 'advantages', 'advantages_mean'].map(
    (name) => `ppo/policy/${name}`,
  ),
  ...['mean', 'var'].map((name) => `ppo/returns/${name}`),
  ...['vpred', 'error', 'clipfrac', 'mean', 'var', 'var_explained'].map((name) => `ppo/val/${name}`),
  ...['ratio', 'ratio_var', 'num_eos_tokens'].map((name) => `val/${name}`),
  ...['queries', 'responses'].flatMap((what) =>
    ['len_mean', 'len_std', 'dist'].map((name) => `tokens/${what}_${name}`),
  ),
  ...['mean', 'std', 'dist'].map((name) => `env/reward_${name}`),
  ...['forward_pass', 'compute_rewards', 'compute_advantages', 'optimize_step', 'calc_stats', 'total'].map(
    (name) => `time/ppo/${name}`,
  ),
  'eps',
  'lr',
  'episode',
];

describe('docs/ppo-log.md', () => {
  it('says where each figure of other implementations is', () => {
    expect(elsewhere.filter((name) => !written.has(name))).toEqual([]);
  });

  it('names every figure and every part of a batch that trainPpo logs', async () => {
    const config = parseGpt2Config({
      model_type: 'gpt2',
      vocab_size: 12,
      n_positions: 8,
      n_embd: 4,
      n_layer: 1,
      n_head: 1,
    });
    const policy = initialGpt2(config, 1);
    const settings = { ...defaultPpoSettings, episodes: 4, batchSize: 4, responseTokens: 3 };
    const score = async (responses: readonly unknown[]) => new Float32Array(responses.length);
    const { curve } = await trainPpo({ config, policy, reference: policy, queries: [[1], [2]], settings, score });
    const { samples: _rows, ...figures } = curve[0]!;
    expect([...Object.keys(figures), ...ppoPhases].filter((name) => !written.has(name))).toEqual([]);
  });
});
