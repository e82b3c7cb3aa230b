import { expect, test } from 'vitest';

import { articleFor } from '../../../core/text/articles.js';

/** As dictionaries and style guides have them. */
const a =
  'nurse banker villa house hotel historian European ewe eunuch university unit unicorn union user usual utility ukulele ' +
  'one-person one ones once UFO UK USB BBC CEO NATO year youth 1 7 10 12 100 110 1800s';
const an =
  'engineer artist office umbrella uncle unimportant unidentified uninvited ugly upper urgent hour hourly honest honour ' +
  'honorary heir heiress onion only on MBA NGO SUV LED X-ray FBI HR L-shaped école Émigré 8 11 18 80 85 800 11,000 18000 8,500';

test.each(a.split(' '))('articleFor: a %s', (word) => expect(articleFor(word)).toBe('a'));
test.each(an.split(' '))('articleFor: an %s', (word) => expect(articleFor(word)).toBe('an'));

test('articleFor looks past blanks and quotes to the first word', () => {
  expect(articleFor(' “old” house')).toBe('an');
  expect(articleFor(' university education')).toBe('a');
  expect(articleFor('')).toBe('a');
});
