import { describe, expect, it } from 'vitest';
import { summaryTable, textTable } from '../../../core/report/index.js';
import { displayWidth } from '../../../core/report/display-width.js';
import { measuredInTwoWays, syntheticResults } from './synthetic-input.js';

describe('textTable', () => {
  it('lets no text command the terminal', () => {
    const table = textTable(['keyword'], [['\u001b[2Jgone'], ['a\u202eb']]);
    expect(['\u001b', '\u202e'].filter((sign) => table.includes(sign))).toEqual([]);
  });

  it('aligns columns where some names are twice as wide', () => {
    const lines = textTable(
      ['keyword', 'n'],
      [
        ['반지하', '5'],
        ['a', '1,200'],
      ],
    ).split('\n');
    expect(lines).toEqual(['keyword      n', '──────────────', '반지하       5', 'a        1,200']);
    expect(new Set(lines.map(displayWidth)).size).toBe(1);
  });
});

describe('summaryTable', () => {
  const results = syntheticResults();
  const text = summaryTable(results);

  it('has the baseline, every point, a mark at the recommended one, and the missing one named', () => {
    const lines = text.split('\n');
    expect(lines[0]).toContain('dist. types');
    expect(lines[2]).toMatch(/^baseline /);
    expect(lines.slice(3, 7).map((line) => line.slice(0, 9))).toEqual([
      '1 epoch *',
      '2 epochs ',
      '3 epochs ',
      '5 epochs ',
    ]);
    expect(text).toContain('missing: epochs 4, seed 0: GuardError: loss was not finite at batch 7');
    expect(text).toMatch(/\* recommended: mean distance 0\.\d{3} → 0\.\d{3}/);
  });

  it('names the points that cannot be told apart from the recommended one', () => {
    expect(text).toContain(
      '\n2 epochs (difference among types 0.010, 95\u00a0% −0.030 to 0.050) cannot be told apart from 1 epoch,',
    );
  });

  it('says so when the sweep has no result', () => {
    expect(summaryTable({ ...results, ppo: [], best: null })).toContain('No point of the sweep has a result.');
  });

  it('says so when no point improved on the model before, and recommends none', () => {
    const best = { epochs: 5, seed: 0, rule: 'r', qualityKept: true };
    const worse = { ...results.ppo.at(-1)!, distance: { types: 0.9, regions: 0.9 } };
    const bad = summaryTable({ ...results, ppo: [worse], best });
    expect(bad).toContain('No point improved on the model before PPO');
    expect(bad).not.toContain('recommended');
  });

  it('has a table of each way of measuring', () => {
    const named = summaryTable(measuredInTwoWays());
    expect(named.match(/^measured with n \d/gm)).toEqual(['measured with n 1', 'measured with n 2']);
    expect(named.match(/^(baseline|\d epochs?) n=\d( \*)?/gm)).toEqual([
      'baseline n=1',
      '1 epoch n=1 *',
      'baseline n=2',
      '2 epochs n=2 *',
    ]);
    expect(named.match(/missing: /g)).toHaveLength(1);
  });

  it('ends with the health flags of a run and of a measurement, a sentence each', () => {
    // Beside the missing point, 5 epochs has lost its writing in the invented results.
    expect(text).toMatch(/\n\nhealth: 2 flags, in full in report\.html\n! 1 of 5 sweep points have no result\.\n! /);
    const guess = { accuracy: 0.5, interval: [0.2, 0.8], n: 3 } as const;
    const { reward: _reward, ...measured } = { ...results, missing: [], ppo: [], best: null, measure: guess };
    const alone = summaryTable({ ...measured, kind: 'measurement' });
    expect(alone).toMatch(/^keyword/);
    expect(alone).toMatch(/\n! the measuring classifier may be guessing [^\n]*can be relied on\.$/);
    const lost = { ...results.ppo[0]!, quality: { generalPerplexity: 99, distinct2: 0.1 } };
    const broken = summaryTable({ ...results, missing: [], ppo: [lost], best: null });
    expect(broken).toMatch(/\n! epochs 1, seed 0: collapsed: [^\n]* lost its writing\.$/);
  });

  it('says nothing of health where nothing looked wrong', () => {
    const { missing: _missing, ...whole } = results;
    expect(summaryTable({ ...whole, ppo: whole.ppo.slice(0, 1) })).not.toContain('health');
  });

  it('names seeds when there are several', () => {
    const [first] = results.ppo;
    expect(summaryTable({ ...results, ppo: [first!, { ...first!, seed: 1 }] })).toContain('1 epoch seed 1');
  });
});
