import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dataCard, runCard, type ReportInput } from '../../../core/report/index.js';
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

  it('has the health flags under Limits, of a run and of a measurement', () => {
    const limits = (of: ReportInput) => /## Limits\n([^]*?)\n## /.exec(runCard(of))![1]!;
    expect(limits(input)).toContain('- Health: 1 of 5 sweep points have no result.\n');
    const { reward: _reward, ...results } = input.results;
    const measure = { accuracy: 0.5, interval: [0.2, 0.8], n: 3 } as const;
    const measured = { ...results, measure, kind: 'measurement', missing: [], ppo: [], best: null } as const;
    expect(limits({ ...input, results: measured })).toMatch(/- Health: the measuring classifier may be guessing/);
  });

  it('gives the interval of the difference where there is none of the reduction', () => {
    const ppo = input.results.ppo.map((point) => {
      const { interval: _interval, ...types } = point.change!['types']!;
      const difference = { ...types.difference!, interval: [-0.123, 0.456] as [number, number] };
      return { ...point, change: { ...point.change, types: { ...types, difference } } };
    });
    const bare = runCard({ ...input, results: { ...input.results, ppo } });
    expect(bare).toMatch(/\| housing types .*\(before − after: −0\.12 to 0\.46\) \|/);
    const risen = ppo.map((point) => ({ ...point, distance: { ...point.distance, types: 9 } }));
    expect(runCard({ ...input, results: { ...input.results, ppo: risen } })).toMatch(/\| – \(before − after: −0\.12/);
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

  it('says that nothing had to be masked only where texts were searched', () => {
    expect(dataCard(syntheticInput())).toContain('Nothing was found that had to be masked.');
  });

  describe('of a measurement', () => {
    const measured = (change: Partial<ReportInput> = {}): string => {
      const { cleaning: _cleaning, explore: _explore, ...input } = syntheticInput();
      const { reward: _reward, ...results } = input.results;
      return dataCard({ ...input, results: { ...results, kind: 'measurement', ppo: [], best: null }, ...change });
    };

    it('speaks of no collected texts, their writers, their rights or a search of them', () => {
      const card = measured();
      expect(card).not.toMatch(/Collected for|hand the texts on|opinions|Personal data|masked/);
      expect(card).toContain('No texts were collected');
      expect(card).toContain('Used by run `r-synthetic`');
    });

    it('says of the sentences that the model wrote them, and lists labels, limits and digests', () => {
      const card = measured({ skippedRows: 2 });
      expect(card).toContain('The sentences of this run were written by the measured model');
      expect(tableRows(card)).toContainEqual(['measuring classifier', '–', '800', '–']);
      expect(card).toContain('2 rows of the given files were malformed');
      expect(card).toContain('- All of this is invented.');
      expect(card).toContain('finetune/model.safetensors');
    });

    it('has no table of labels and no word of held-out sentences where the classifier came ready', () => {
      const { measure: _measure, reward: _reward, ...results } = syntheticInput().results;
      const card = measured({ results: { ...results, kind: 'measurement', ppo: [], best: null } });
      expect(card).toContain('No labelled sentences were used to train a classifier here.');
      expect(card).not.toMatch(/held out|near duplicate|labels of its own/);
    });
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
