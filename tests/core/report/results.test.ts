import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseResults, resultsJsonSchema, ResultsFormatError } from '../../../core/report/index.js';
import { syntheticResults } from './synthetic-input.js';

const results = syntheticResults();

describe('parseResults', () => {
  it('reads back what was written', () => {
    expect(parseResults(JSON.stringify(results), 'results.json')).toEqual(results);
  });

  it('names the file and the field of what is wrong', () => {
    const broken = { ...results, reward: { accuracy: 'high' } };
    expect(() => parseResults(JSON.stringify(broken), 'a/results.json')).toThrow(ResultsFormatError);
    expect(() => parseResults(JSON.stringify(broken), 'a/results.json')).toThrow(
      /a\/results\.json[^]*reward\.accuracy/,
    );
    expect(() => parseResults('{', 'b.json')).toThrow(/b\.json/);
  });
});

describe('resultsJsonSchema', () => {
  it('describes the form and allows further fields', () => {
    const schema = resultsJsonSchema();
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema['required']).toEqual(['schema', 'run', 'preset', 'fingerprint', 'stages', 'bias', 'ppo', 'best']);
    expect(JSON.stringify(schema)).not.toContain('additionalProperties":false');
  });

  it('is what the documentation holds (`npx debias report --schema > docs/results.schema.json`)', () => {
    const file = new URL('../../../docs/results.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(resultsJsonSchema());
  });
});
