import { it } from 'vitest';
import { zeroMoments } from '../../../core/rl/policy-updater.js';import { openPolicyUpdater } from './zz-updater.js';
import { initialGpt2 } from '../../../core/nn/gpt2-parameters.js';
import { adamDefaults } from '../../../core/optim/index.js';
import { initialValueHead } from '../../../core/rl/value-head.js';
import { parseGpt2Config } from '../../../core/nn/index.js';
import { openRolloutScorer } from '../../../core/rl/rollout-scorer.js';
import { paddedRows } from '../../../core/rl/episodes.js';
it('perf', async () => {
  const config = parseGpt2Config({ model_type: 'gpt2', vocab_size: 4096, n_embd: 128, n_head: 4, n_layer: 4, n_positions: 64, n_inner: null, activation_function: 'gelu_new', layer_norm_epsilon: 1e-5, tie_word_embeddings: true });
  const params = { ...initialGpt2(config, 1), ...initialValueHead(128, 'uniform', 1) };
  console.log('params', Object.values(params).reduce((n, p) => n + p.data.length, 0));
  const Q = 6, T = 15, M = Number(process.env['M'] ?? 1), K = Number(process.env['K'] ?? 128);
  const base = { queryTokens: Q, responseTokens: T, logProbTemperature: 1, valueActivation: 'none' as const, padded: false };
  const rows = Array.from({ length: 128 }, (_, i) => Array.from({ length: Q + T }, (_, j) => (i * 31 + j * 17) % 4096));
  const tr = paddedRows(rows, Q + T, 0);
  const scorer = await openRolloutScorer(config, { ...base, rows: 32, valueOffset: 0 }, 1);
  let t0 = performance.now();
  const s = await scorer.score(params, tr);
  console.log('score 128 rows ms', performance.now() - t0);
  t0 = performance.now();
  const up = await openPolicyUpdater(config, { ...base, minibatchSize: M, steps: K, adam: adamDefaults, maxGradNorm: 0, clip: 0.2, valueClip: 0.2, valueCoefficient: 0.1 }, 1);
  console.log('open ms', performance.now() - t0);
  const mbs = Array.from({ length: K }, (_, k) => ({
    tokens: tr.tokens.data.slice(k * M * 21, (k + 1) * M * 21), mask: tr.mask.data.slice(k * M * 21, (k + 1) * M * 21),
    oldLogProbs: s.logProbs.slice(k * M * T, (k + 1) * M * T), oldValues: s.values.slice(k * M * T, (k + 1) * M * T),
    advantages: new Float32Array(M * T).fill(1), returns: new Float32Array(M * T).fill(0.5),
  }));
  let state = { step: 0, params, m: zeroMoments(params), v: zeroMoments(params) };
  for (let r = 0; r < 3; r++) {
    t0 = performance.now();
    const out = await up.update(state, mbs, 1.4e-5);
    state = out.state;
    console.log('ms per step', (performance.now() - t0) / K, 'ratioErr0', out.stats.ratioError[0], 'gn', out.stats.gradNorm[0]);
  }
  await up.release();
}, 300000);
