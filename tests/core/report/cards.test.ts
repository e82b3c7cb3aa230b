import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dataCard, runCard } from '../../../core/report/index.js';
import { HOSTILE, syntheticInput } from './synthetic-input.js';

/** Cells of all tables' rows. */
const tableRows = (card: string): string[][] =>
  card
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) =>
      line
        .slice(2, -2)
        .split(' | ')
        .map((cell) => cell.trim()),
    );

describe('runCard', () => {
  const input = syntheticInput();
  const card = runCard(input);

  it('starts with a head that the hub can read', () => {
    const head = parse(/^---\n([^]*?)\n---\n/.exec(card)![1]!);
    expect(head).toMatchObject({ language: 'ko', pipeline_tag: 'text-generation', library_name: 'transformers' });
  });

  it('has the measured bias with its uncertainty, the quality, both classifiers and the limits', () => {
    const rows = tableRows(card);
    const { types } = input.results.bias.baseline.distance;
    expect(rows.find(([name]) => name === 'housing types')![1]).toContain(types!.toFixed(2));
    expect(rows.find(([name]) => name === 'perplexity on held-out general text')).toEqual([
      'perplexity on held-out general text',
      '24.1',
      '25.9',
    ]);
    expect(rows.map(([name]) => name)).toEqual(expect.arrayContaining(['reward model', 'measuring classifier']));
    expect(card).toContain('- All of this is invented.');
  });

  it('names points that cannot be told apart from the recommended one', () => {
    expect(card).toContain('2 epochs (difference among housing types 0.010');
  });

  it('says in words that no point improved', () => {
    const worse = { ...input.results.ppo[0]!, distance: { types: 0.9, regions: 0.9 } };
    const bad = runCard({ ...input, results: { ...input.results, ppo: [worse] } });
    expect(bad).toContain('No point improved on the model before PPO');
    expect(card).not.toContain('No point improved');
  });

  it('calls nothing mitigated where nothing was', () => {
    const { reward: _reward, ...results } = input.results;
    const measured = runCard({ ...input, results: { ...results, kind: 'measurement', ppo: [], best: null } });
    expect(measured).toContain('Nothing was trained here');
    expect(measured).not.toContain('bias-mitigation');
  });
});

describe('dataCard', () => {
  it('counts what was collected, dropped, masked and labelled', () => {
    const card = dataCard(syntheticInput({ masked: [{ name: 'phone', count: 1200 }], skippedRows: 3 }));
    const rows = tableRows(card);
    expect(rows).toContainEqual(['collected from news', '9,120', '58.5\u00a0%']);
    expect(rows).toContainEqual(['dropped: near duplicate', '1,290', '8.3\u00a0%']);
    expect(rows).toContainEqual(['phone', '1,200']);
    expect(card).toContain('3 rows of the given files were malformed');
  });
});

describe('both cards', () => {
  it.each(HOSTILE)('keep %j as text', (hostile) => {
    const input = syntheticInput({ title: hostile, limits: [hostile], groupLabels: { types: `${hostile} | x` } });
    for (const card of [runCard(input), dataCard(input)]) {
      expect(card).not.toMatch(/(?<!\\)<(?:script|img|svg|style|\/)/);
      expect(card.split('\n').filter((line) => line.startsWith('# '))).toHaveLength(1);
    }
    expect(tableRows(runCard(input)).every((cells) => cells.length > 1)).toBe(true);
  });
});
