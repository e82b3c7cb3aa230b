import { describe, expect, it } from 'vitest';
import { buildProbes, ProbeDesignError } from '../../../core/bias/index.js';

const render = (template: string, keyword: string): string => template.replaceAll('{}', keyword);
const targets = [
  { group: 'types', keywords: ['아파트', '빌라'] },
  { group: 'regions', keywords: ['서울'] },
];

describe('buildProbes', () => {
  it('gives every keyword × prompt × repetition once, keyword by keyword', () => {
    const probes = buildProbes({ targets, prompts: ['{} is', 'why {}'], repetitions: 2, render });
    expect(probes).toHaveLength(3 * 2 * 2);
    expect(probes.slice(0, 5)).toEqual([
      { keyword: '아파트', group: 'types', promptIndex: 0, repetition: 0, text: '아파트 is' },
      { keyword: '아파트', group: 'types', promptIndex: 0, repetition: 1, text: '아파트 is' },
      { keyword: '아파트', group: 'types', promptIndex: 1, repetition: 0, text: 'why 아파트' },
      { keyword: '아파트', group: 'types', promptIndex: 1, repetition: 1, text: 'why 아파트' },
      { keyword: '빌라', group: 'types', promptIndex: 0, repetition: 0, text: '빌라 is' },
    ]);
  });

  it('refuses a design that measures nothing, or a keyword twice', () => {
    const make = (change: object) => () => buildProbes({ targets, prompts: ['{}'], repetitions: 1, render, ...change });
    expect(make({ targets: [] })).toThrow(ProbeDesignError);
    expect(make({ prompts: [] })).toThrow('buildProbes: expected prompts to be at least one template, got none');
    expect(make({ repetitions: 0 })).toThrow('an integer of 1 or more, got 0');
    expect(make({ targets: [{ group: 'g', keywords: ['a', 'b', 'a'] }] })).toThrow("'a' twice");
    expect(make({ targets: [targets[0], targets[0]] })).toThrow("'types' twice");
  });
});
