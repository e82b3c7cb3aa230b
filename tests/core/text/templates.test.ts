import { describe, expect, it } from 'vitest';

import { renderTemplate, templateNames } from '../../../core/text/templates.js';

describe('renderTemplate', () => {
  it('renderTemplate fills names and lets particles agree', () => {
    expect(renderTemplate('{keyword}{은/는} 요즘', { keyword: '오피스텔' })).toBe('오피스텔은 요즘');
    expect(renderTemplate('솔직히 {keyword}{이/가} {place}{으로/로}', { keyword: '빌라', place: '서울' })).toBe(
      '솔직히 빌라가 서울로',
    );
  });

  it('renderTemplate serves templates of other languages', () => {
    expect(renderTemplate('People who live in a {keyword} are', { keyword: 'villa' })).toBe(
      'People who live in a villa are',
    );
  });

  it('renderTemplate lets English articles agree with what stands behind them', () => {
    const filled = ['nurse', 'engineer'].map((keyword) =>
      renderTemplate('{A/An} {keyword} is {a/an} {keyword}', { keyword }),
    );
    expect(filled).toEqual(['A nurse is a nurse', 'An engineer is an engineer']);
    expect(renderTemplate('Ask {a(n)} old {keyword}', { keyword: 'nurse' })).toBe('Ask an old nurse');
  });

  it('renderTemplate lets particles agree behind an article, and articles before a particle', () => {
    expect(renderTemplate('{a/an} {keyword}{은/는}', { keyword: 'apartment' })).toBe('an apartment는');
  });

  it('renderTemplate keeps doubled braces and inserts values as they are', () => {
    expect(renderTemplate('{{{keyword}}}', { keyword: '{은/는}' })).toBe('{{은/는}}');
  });

  it.each([
    ['{keyword', 'lone {'],
    ['{지역}', '지역'],
    ['{other}', 'other'],
    ['{toString}', 'toString'],
  ])('renderTemplate refuses %s', (template, got) => {
    expect(() => renderTemplate(template, { keyword: '집' })).toThrow(got);
  });
});

describe('templateNames', () => {
  it('templateNames lists each name once', () => {
    expect(templateNames('{a}{은/는} {b} {a}')).toEqual(['a', 'b']);
  });
});
