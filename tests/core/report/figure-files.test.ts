import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { figureFiles, renderReport } from '../../../core/report/index.js';
import { syntheticInput } from './synthetic-input.js';

describe('figureFiles', () => {
  const page = renderReport(syntheticInput());
  const files = Object.entries(figureFiles(page));

  it('gives every plot of the page a name of its own, in order', () => {
    const plots = parseHTML(page).document.querySelectorAll('figure svg[role=img]');
    expect(files).toHaveLength(plots.length);
    expect(files[0]![0]).toBe('01-sentiment-of-housing-types.svg');
    for (const [name] of files) expect(name).toMatch(/^\d\d-[\p{L}\p{N}-]+\.svg$/u);
  });

  it('needs neither the page’s style nor its fonts', () => {
    for (const [, svg] of files) {
      expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" role="img" font-family="/);
      expect(svg).not.toMatch(/var\(|currentcolor;|<script|href=/i);
      expect(svg.match(/<title>/g)!.length).toBeGreaterThan(0);
      expect(svg).toContain('<desc>');
    }
  });
});
