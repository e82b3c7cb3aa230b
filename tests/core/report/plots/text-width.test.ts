import { describe, expect, it } from 'vitest';
import { shortened, textWidth, widest } from '../../../../core/report/plots/text-width.js';
import { hasBrowser, launchBrowser } from '../../../support/browser.js';

const NAMES = [
  'nurse practitioner',
  'O\'Brien, "Bob"',
  'C++ (dev.*)',
  'WWW MMM',
  'ILLINOIS',
  'Δάσκαλος',
  'ΜΗΧΑΝΙΚΟΣ',
  'Щёголь, Жуковский',
  'Émile Zölß',
  'Łódź & Þór',
  'œuvre Ǆ ﬁ',
  'מורה',
  'مهندس',
  'երեխա',
  'user_name-42%',
  '−3 → 7…',
];

/** Advances in DejaVu Sans, em: `fc-query`'s family of the same name, measured at 100 px. */
const ADVANCES = { m: 0.974, W: 0.989, i: 0.278, '0': 0.636, Δ: 0.684, ω: 0.837, Щ: 1.093, ы: 0.788, '@': 1 };

describe('textWidth', () => {
  it.each(Object.entries(ADVANCES))('is no less than the advance of %s', (letter, em) => {
    expect(textWidth(letter, 100)).toBeGreaterThanOrEqual(100 * em);
  });

  it('counts Han, Hangul and kana as squares, whether composed or not, and marks as nothing', () => {
    expect(textWidth('漢字', 10)).toBe(20);
    expect(textWidth('아파트'.normalize('NFD'), 10)).toBe(30);
    expect(textWidth('e\u0301')).toBe(textWidth('e'));
    expect(textWidth('é')).toBe(textWidth('e'));
  });

  it.skipIf(!hasBrowser)('is an upper bound of what a browser draws, and no wasteful one', async () => {
    const browser = await launchBrowser();
    const page = await browser.newPage();
    const drawn = await page.evaluate<number[]>(`(() => {
      const context = document.createElement('canvas').getContext('2d');
      context.font = '12px system-ui, sans-serif';
      return ${JSON.stringify(NAMES)}.map((name) => context.measureText(name).width);
    })()`);
    await browser.close();
    const tooNarrow = NAMES.filter((name, i) => textWidth(name) < drawn[i]!);
    expect(tooNarrow).toEqual([]);
    const sum = (widths: readonly number[]): number => widths.reduce((total, width) => total + width, 0);
    // Fonts narrower than the widest one leave more room than this.
    expect(sum(NAMES.map((name) => textWidth(name)))).toBeLessThan(2 * sum(drawn));
  });
});

describe('widest', () => {
  it('is the width of the widest text, and 0 of none', () => {
    expect(widest(['i', 'W'])).toBe(textWidth('W'));
    expect(widest([])).toBe(0);
  });
});

describe('shortened', () => {
  it('leaves alone what fits, and ends in an ellipsis within the room otherwise', () => {
    expect(shortened('nurse', 100)).toBe('nurse');
    const short = shortened('nurse practitioner of the night', 100);
    expect(short).toMatch(/^nurse prac.*…$/);
    expect(textWidth(short)).toBeLessThanOrEqual(100);
  });

  it('cuts between characters, not within one', () => {
    expect(shortened('👩‍🚀👩‍🚀👩‍🚀👩‍🚀', 50)).toBe('👩‍🚀👩‍🚀…');
  });
});
