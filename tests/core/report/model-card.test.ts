import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { modelCard } from '../../../core/report/index.js';
import { syntheticResults } from './synthetic-input.js';

const about = { results: syntheticResults(), language: 'ko', sha256: 'abc', parameters: 12 };

function headerOf(card: string): unknown {
  const [, header = ''] = card.split(/^---$/m);
  return parse(header);
}

describe('modelCard', () => {
  it('modelCard has the header that the hub reads, whatever the run is called', () => {
    const results = { ...about.results, run: 'a: "b" # c' };
    expect(headerOf(modelCard({ ...about, results }))).toEqual({
      language: 'ko',
      library_name: 'transformers',
      pipeline_tag: 'text-generation',
      tags: ['gpt2', 'text-generation', 'bias-study', 'run-a: "b" # c'],
    });
  });

  it('modelCard sets the point beside the baseline', () => {
    const card = modelCard({ ...about, point: { epochs: 2, seed: 0 } });
    expect(card).toContain('| fine-tuned, before PPO |');
    expect(card).toContain('| PPO with 2 epochs, seed 0 |');
    expect(modelCard(about)).not.toContain('| PPO with');
  });

  it('modelCard has the health flags of its model under Limits, and of no other point', () => {
    const ppo = about.results.ppo.map((point) => ({ ...point, health: [`epochs ${point.epochs} <b>`] }));
    const measure = { accuracy: 0.5, interval: [0.2, 0.8], n: 3 } as const;
    const results = { ...about.results, ppo, measure };
    const limits = (card: string) => /## Limits\n([^]*?)\n## /.exec(card)![1]!;
    const card = limits(modelCard({ ...about, results, point: { epochs: 2, seed: 0 } }));
    expect(card.match(/^- Health: .*/gm)).toEqual([
      expect.stringContaining('measuring classifier may be guessing'),
      '- Health: epochs 2, seed 0: epochs 2 \\<b\\>',
    ]);
    expect(limits(modelCard({ ...about, results })).match(/^- Health/gm)).toHaveLength(1);
  });
});
