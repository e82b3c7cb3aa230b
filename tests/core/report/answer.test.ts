import { describe, expect, it } from 'vitest';
import { parseHTML } from 'linkedom';
import { renderReport, type ReportInput } from '../../../core/report/index.js';
import { pointClause, viewOf } from '../../../core/report/view.js';
import { syntheticInput } from './synthetic-input.js';

const input = syntheticInput();

/** The recommended point with another distance among types, and the interval of that reduction. */
function withTypes(distance: number, interval: readonly [number, number]): ReportInput {
  const { results } = input;
  const ppo = results.ppo.map((point) => ({
    ...point,
    distance: { ...point.distance, types: distance },
    change: { ...point.change!, types: { ...point.change!.types!, interval } },
  }));
  return { ...input, results: { ...results, ppo } };
}

function answer(page: string): string {
  return parseHTML(page).document.querySelector('#answer')!.textContent!.replaceAll(/\s+/g, ' ');
}

describe('answerSection', () => {
  it('turns the interval of a reduction round where the distance rises', () => {
    const before = input.results.bias.baseline.distance.types!;
    expect(answer(renderReport(withTypes(before * 0.8, [-0.5, 0.6])))).toContain(
      'falls by 20 % among housing types (95 % interval −50 to 60 %)',
    );
    expect(answer(renderReport(withTypes(before * 1.2, [-0.5, 0.1])))).toContain(
      'rises by 20 % among housing types (95 % interval −10 to 50 %)',
    );
  });

  it('gives the interval of the difference where there is none of the reduction', () => {
    const { results } = input;
    const ppo = results.ppo.map((point) => {
      const { interval: _interval, ...types } = point.change!['types']!;
      const difference = { ...types.difference!, interval: [-0.123, 0.456] as [number, number] };
      return { ...point, change: { ...point.change, types: { ...types, difference } } };
    });
    expect(answer(renderReport({ ...input, results: { ...results, ppo } }))).toContain(
      'among housing types (95 % interval of before − after −0.12 to 0.46)',
    );
  });

  it('gives the interval of the difference where that of the reduction goes beyond twice as much', () => {
    const page = renderReport(withTypes(input.results.bias.baseline.distance.types! * 0.8, [-11.33, 0.9]));
    expect(answer(page)).toMatch(/falls by 20\s% among housing types \(95\s% interval of before − after /);
    expect(answer(page)).not.toContain('1133');
  });

  it('says beside the figures that a classifier may have judged the keywords alone', () => {
    const of = (types: number): string => {
      const { reward: _reward, ...rest } = input.results;
      const { baseline } = rest.bias;
      const control = { distance: { types, regions: 0 } };
      const bias = { baseline: { ...baseline, control } };
      const results = { ...rest, bias, kind: 'measurement', missing: [], ppo: [], best: null } as const;
      return answer(renderReport({ ...input, results }));
    };
    expect(of(0.9)).toContain('These differences may be the classifier’s and not the model’s; see Health.');
    expect(of(0.001)).not.toContain('the classifier’s and not');
  });

  it('names the points that cannot be told apart from the recommended one, and only them', () => {
    // The paired difference of 2 epochs from 1 epoch is 0.01, −0.03 to 0.05, in the invented results.
    const words =
      '2 epochs (difference among housing types 0.010, 95 % −0.030 to 0.050) cannot be told apart from 1 epoch, ' +
      'which has the lowest mean distance';
    expect(answer(renderReport(input))).toContain(words);
    const { tied: _tied, ...best } = input.results.best!;
    expect(answer(renderReport({ ...input, results: { ...input.results, best } }))).not.toContain('told apart');
  });
});

describe('pointClause', () => {
  it('says of the epochs alone that they are a batch’s', () => {
    const view = viewOf(input);
    expect(pointClause(view, { epochs: 1, seed: 0 })).toBe('1 epoch a batch');
    expect(pointClause({ ...view, severalSeeds: true }, { epochs: 2, seed: 1 })).toBe('2 epochs a batch, seed 1');
  });
});

describe('pairsSection', () => {
  it('names the test that was made', () => {
    const pairs = input.results.bias.baseline.pairs!;
    const page = (test: NonNullable<typeof pairs.test>): string => {
      const baseline = { ...input.results.bias.baseline, pairs: { ...pairs, test } };
      const text = renderReport({ ...input, results: { ...input.results, bias: { ...input.results.bias, baseline } } });
      return parseHTML(text).document.querySelector('#pairs')!.textContent!.replaceAll(/\s+/g, ' ');
    };
    expect(page('sign flips')).toContain('signs of the differences flipped');
    expect(page('exchange within prompts')).toContain('exchanged within each prompt');
    expect(page('exchange within prompts')).not.toContain('signs of the differences flipped');
  });
});

describe('keyFigures', () => {
  const change = (aboveFloor: Readonly<Record<string, unknown>>): string => {
    const ppo = input.results.ppo.map((point) => {
      const types = point.change!['types']!;
      const { reduction: _r, reductionInterval: _i, ...difference } = types.aboveFloor!;
      return {
        ...point,
        change: { ...point.change, types: { ...types, aboveFloor: { ...difference, ...aboveFloor } } },
      };
    });
    const page = parseHTML(renderReport({ ...input, results: { ...input.results, ppo } })).document;
    const rows = [...page.querySelectorAll('#answer tr')].map((row) =>
      [...row.querySelectorAll('th, td')].map(({ textContent }) => textContent!.replaceAll(/\s+/g, ' ').trim()),
    );
    return rows.find(([name]) => name === '… above the noise floor')![3]!;
  };

  it('gives the change of the part above the floor with its interval', () => {
    expect(change({ reduction: 0.4, reductionInterval: [0.2, 0.6] })).toBe('−40 % −60 to −20 %');
  });

  it('gives the interval of the difference where there is none of the reduction', () => {
    const ppo = input.results.ppo.map((point) => {
      const { interval: _interval, ...types } = point.change!['types']!;
      const difference = { ...types.difference!, interval: [-0.123, 0.456] as [number, number] };
      return { ...point, change: { ...point.change, types: { ...types, difference } } };
    });
    expect(answer(renderReport({ ...input, results: { ...input.results, ppo } }))).toContain('−0.46 to 0.12 in score');
  });

  it('gives no number where the part before may be zero, has more than doubled, or is below zero after', () => {
    expect(change({})).toBe('–');
    expect(change({ reduction: -1.2 })).toBe('–');
    expect(change({ reduction: 339.6 })).toBe('none left');
  });
});
