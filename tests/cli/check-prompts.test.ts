import { describe, expect, test } from 'vitest';
import { checkDesign, checkPrompts } from '../../cli/check-prompts.js';

function prompts(probe: string, general = 'This morning'): string {
  return `schema: debias.prompts/1\nname: x\nlanguage: en\nprobes:\n  - '{keyword} is'\n  - '${probe}'\ngeneral:\n  - '${general}'\n`;
}

describe('checkPrompts', () => {
  test('checkPrompts takes markers that are known', () => {
    expect(checkPrompts(prompts('Ask {a/an} {keyword}{은/는}'), 'p.yaml').probes).toHaveLength(2);
  });

  test.each([
    ['{keyword}{에/서}', 'p.yaml:6: probes.1: expected a name such as {keyword}, a particle such as {은/는}'],
    ['{keyword} in {place}', 'p.yaml:6: probes.1: expected {keyword} and markers alone, got {place}'],
    ['{{keyword}} is kind', 'p.yaml:6: probes.1: expected {keyword}; doubled braces'],
    ['{keyword} {', 'p.yaml:6: probes.1: expected braces in pairs, got a lone {'],
  ])('checkPrompts says line and field of %s', (probe, message) => {
    expect(() => checkPrompts(prompts(probe), 'p.yaml')).toThrow(message);
  });

  test('checkPrompts wants no keyword in general prompts', () => {
    expect(() => checkPrompts(prompts('the {keyword}', 'My {keyword}'), 'p.yaml')).toThrow('p.yaml:8: general.0: ');
  });
});

describe('checkDesign', () => {
  test('checkDesign wants two sentences a keyword', () => {
    const one = {
      schema: 'debias.prompts/1' as const,
      name: 'x',
      language: 'en',
      probes: ['{keyword}'],
      general: ['a'],
    };
    expect(checkDesign(one, 'p.yaml', 2)).toBe(one);
    expect(() => checkDesign(one, 'p.yaml', 1)).toThrow('p.yaml: probes: expected at least 2 sentences a keyword');
  });
});
