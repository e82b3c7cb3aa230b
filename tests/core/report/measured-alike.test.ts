import { describe, expect, it } from 'vitest';
import {
  bestOfEach,
  chooseBest,
  measuredAlike,
  nameWays,
  type BiasResult,
  type PpoResult,
} from '../../../core/report/index.js';

const result = (distance: number): BiasResult => ({
  keywords: [],
  distance: { a: distance },
  quality: { generalPerplexity: 20, distinct2: 0.7 },
});
const group = (label: string, measured: string, distance = 0.3) => ({
  label,
  overrides: {},
  measured,
  baseline: result(distance),
});
const point = (epochs: number, distance: number, of: string): PpoResult => ({
  ...result(distance),
  epochs,
  seed: 0,
  label: `epochs=${epochs} ${of}`,
  group: of,
});
const groups = [group('n=1 rate=1', 'n=1'), group('n=1 rate=2', 'n=1'), group('n=2 rate=1', 'n=2')];
const ppo = [point(1, 0.2, 'n=1 rate=1'), point(1, 0.1, 'n=1 rate=2'), point(1, 0.01, 'n=2 rate=1')];

describe('measuredAlike', () => {
  it('puts points of groups with the same way of measuring together, the first way first', () => {
    const ways = measuredAlike({ bias: { baseline: result(0.3) }, ppo, groups });
    expect(ways.map(({ name, starts, points }) => [name, starts.length, points])).toEqual([
      ['n=1', 2, ppo.slice(0, 2)],
      ['n=2', 1, ppo.slice(2)],
    ]);
  });

  it('leaves out a way without a point, and names none where there is one', () => {
    const [only, ...others] = measuredAlike({ bias: { baseline: result(0.3) }, ppo: ppo.slice(2), groups });
    expect([only!.name, others]).toEqual(['n=2', []]);
    const same = groups.map((one) => ({ ...one, measured: 'x' }));
    expect(measuredAlike({ bias: { baseline: result(0.3) }, ppo, groups: same })[0]!.name).toBe('');
  });
});

describe('chooseBest', () => {
  it('does not compare figures of different ways of measuring', () => {
    expect(chooseBest(result(0.3), ppo, groups)).toMatchObject({ label: 'epochs=1 n=1 rate=2' });
    expect(chooseBest(result(0.3), ppo, groups)!.rule).toContain('among the points measured with n 1');
  });
});

describe('bestOfEach', () => {
  it('has the best point of each way of measuring', () => {
    expect(bestOfEach(result(0.3), ppo, groups).map(({ measured, label }) => [measured, label])).toEqual([
      ['n=1', 'epochs=1 n=1 rate=2'],
      ['n=2', 'epochs=1 n=2 rate=1'],
    ]);
  });
});

describe('nameWays', () => {
  it('takes what the labels of a way have in common, or all of them', () => {
    const labels = ['n=1 rate=1', 'n=1 rate=2', 'n=2 rate=1'];
    expect(nameWays(labels.map((label, i) => ({ label, digest: i < 2 ? 'a' : 'b' })))).toEqual([
      'n=1',
      'n=1',
      'n=2 rate=1',
    ]);
    expect(nameWays(['m=a', 'm=b', 'm=c'].map((label, i) => ({ label, digest: i < 2 ? 'a' : 'b' })))).toEqual([
      'm=a or m=b',
      'm=a or m=b',
      'm=c',
    ]);
    expect(nameWays(labels.map((label) => ({ label, digest: 'a' })))).toEqual(['', '', '']);
  });
});
