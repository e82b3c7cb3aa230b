import { describe, expect, it } from 'vitest';
import { healthFlags, type PpoCurve } from '../../../core/report/index.js';
import { syntheticResults } from './synthetic-input.js';

const results = syntheticResults();
const quiet = { ...results, missing: [], ppo: results.ppo.slice(0, 1) };
const curve = (batches: PpoCurve['batches']): PpoCurve => ({ epochs: 1, seed: 0, batches });
const flags = (batches: PpoCurve['batches']): string[] =>
  healthFlags({ results: quiet, curves: { finetune: [], ppo: [curve(batches)] } });

describe('healthFlags', () => {
  it('is silent about a quiet run', () => {
    expect(
      flags([
        { batch: 1, reward: 0, kl: -0.01, entropy: 3 },
        { batch: 2, reward: 1, kl: 2, entropy: 2.5 },
      ]),
    ).toEqual([]);
  });

  it('flags negative KL, KL that runs away, and collapse of entropy', () => {
    const list = flags([
      { batch: 1, reward: 0, kl: -0.4, entropy: 3 },
      { batch: 2, reward: 1, kl: 55, entropy: 1 },
    ]);
    expect(list).toHaveLength(3);
    expect(list[0]).toContain('negative in 1 of 2 batches');
    expect(list[1]).toContain('KL reached 55.0 nats');
    expect(list[2]).toContain('entropy fell from 3.00 to 1.00');
  });

  it('takes a KL below zero for chance within four standard errors', () => {
    // 64 episodes of standard deviation 0.4: four errors are 0.2 nats.
    const batches = (kl: number) => [
      { batch: 0, reward: 0, kl: 0, klStd: 0, episodes: 64 },
      { batch: 1, reward: 0, kl, klStd: 0.4, episodes: 128 },
    ];
    expect(flags(batches(-0.19))).toEqual([]);
    expect(flags(batches(-0.21))).toEqual([expect.stringContaining('negative in 1 of 2 batches')]);
  });

  it.each([
    ['KL that runs away', { kl: 30 }, { kl: 30.1 }],
    ['a collapse of entropy', { entropy: 1.5 }, { entropy: 1.49 }],
    ['negative KL', { kl: -0.05 }, { kl: -0.06 }],
  ])('flags %s beyond its bound and not at it', (_name, within, beyond) => {
    const first = { batch: 0, reward: 0, kl: 0, entropy: 3 };
    expect(flags([first, { ...first, batch: 1, ...within }])).toEqual([]);
    expect(flags([first, { ...first, batch: 1, ...beyond }])).toHaveLength(1);
  });

  it('flags missing points, lost writing, repetition, and what training said', () => {
    const [first] = results.ppo;
    const lost = { ...first!, health: ['said by training'], quality: { generalPerplexity: 99, distinct2: 0.1 } };
    const list = healthFlags({ results: { ...results, ppo: [lost] }, curves: { finetune: [], ppo: [] } });
    expect(list).toEqual([
      '1 of 2 sweep points have no result.',
      expect.stringMatching(/collapsed: .*the model has lost its writing\. .*it repeats itself/),
      'epochs 1, seed 0: said by training',
    ]);
  });
});
