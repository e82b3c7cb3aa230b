import { describe, expect, it } from 'vitest';
import { summaryTable, textTable } from '../../../core/report/index.js';
import { displayWidth } from '../../../core/report/display-width.js';
import { syntheticResults } from './synthetic-input.js';

describe('textTable', () => {
  it('lets no text command the terminal', () => {
    expect(textTable(['keyword'], [['\u001b[2Jgone'], ['a\u202eb']])).not.toMatch(/[\u001b\u202e]/);
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

  it('says so when the sweep has no result', () => {
    expect(summaryTable({ ...results, ppo: [], best: null })).toContain('No point of the sweep has a result.');
  });

  it('names seeds when there are several', () => {
    const [first] = results.ppo;
    expect(summaryTable({ ...results, ppo: [first!, { ...first!, seed: 1 }] })).toContain('1 epoch seed 1');
  });
});
