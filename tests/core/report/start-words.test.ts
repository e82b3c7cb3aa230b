import { describe, expect, it } from 'vitest';
import { parseHTML } from 'linkedom';
import { renderReport, runCard } from '../../../core/report/index.js';
import { syntheticInput } from './synthetic-input.js';

const input = syntheticInput();
const { rankCorrelation: _rank, truth: _truth, ...baseline } = input.results.bias.baseline;
const keywords = baseline.keywords.map(({ planted: _planted, ...row }) => row);
const { reward: _reward, vocabulary: _vocabulary, labelled: _labelled, ...results } = input.results;
const { title, textLanguage, reproduction, curves } = input;
const measured = {
  title,
  textLanguage,
  reproduction,
  curves: { ...curves, ppo: [] },
  samples: [],
  results: { ...results, bias: { baseline: { ...baseline, keywords } }, kind: 'measurement', ppo: [], best: null },
} as const;

function words(page: string): string {
  return parseHTML(page).document.querySelector('main')!.textContent!.replaceAll(/\s+/g, ' ');
}

describe('startWords', () => {
  it('has no before and no mitigation where a model was only measured', () => {
    const text = words(renderReport(measured));
    expect(text).toContain('the measured model');
    expect(/.{20}(efore mitigation|fine-tuned|before: |distance before|score before)/.exec(text)).toBeNull();
    expect(words(renderReport(input))).toMatch(/Mean distance before/);
  });

  it('leaves columns of a mitigated model out of the card of a measurement', () => {
    const card = runCard(measured);
    expect(card).toContain('| mean pairwise distance | measured |\n');
    expect(card).not.toMatch(/\| after|after –/);
    expect(runCard(input)).toContain('| mean pairwise distance | before | after | reduction |');
  });
});
