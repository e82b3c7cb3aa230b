import { expect, test } from 'vitest';

import { spreadOf, yearOf } from '../../../core/text/spread.js';

test.each([
  ['2020-01-01T00:30:00+09:00', '2020'],
  ['2019', '2019'],
  ['2021.03.04', '2021'],
  [undefined, 'undated'],
  ['', 'undated'],
  ['20210304', 'undated'],
  ['yesterday', 'undated'],
])('yearOf takes the year of %s as it is written: %s', (date, year) => {
  expect(yearOf({ date })).toBe(year);
});

test('spreadOf counts texts by source and by year, texts without a date apart', () => {
  expect(
    spreadOf([
      { source: 'news', date: '2020-05-01' },
      { source: 'cafe', date: '2006-05-01' },
      { source: 'news', date: '2020-12-31' },
      { source: 'news' },
    ]),
  ).toEqual({
    texts: 4,
    textsBySource: { cafe: 1, news: 3 },
    textsByYear: { '2006': 1, '2020': 2, undated: 1 },
  });
});
