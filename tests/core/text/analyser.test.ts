import { describe, expect, it } from 'vitest';

import { analyseTexts, frequentNouns } from '../../../core/text/analyser.js';

const analyser = { name: 'words', nounsOf: (text: string) => text.split(' ') };

describe('analyseTexts', () => {
  it('analyseTexts reads every text in order and says how far it is', async () => {
    const texts = Array.from({ length: 450 }, (_, i) => `a b${i}`);
    const heard: number[] = [];
    const { analyser: name, nouns } = await analyseTexts(texts, analyser, async (done) => void heard.push(done));
    expect(name).toBe('words');
    expect(nouns).toEqual(texts.map((text) => text.split(' ')));
    expect(heard).toEqual([200, 400]);
  });
});

describe('frequentNouns', () => {
  it('frequentNouns counts occurrences, and drops the rare ones', () => {
    const found = { analyser: 'x', nouns: [['나', '가', '가'], ['나'], ['다']] };
    expect(frequentNouns(found, { minCount: 2 })).toEqual([
      { noun: '가', count: 2 },
      { noun: '나', count: 2 },
    ]);
  });
});
