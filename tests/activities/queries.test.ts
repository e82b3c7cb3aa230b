import { describe, expect, test } from 'vitest';
import { readQueries } from '../../activities/model-jobs/queries.js';
import { formatRecords } from '../../core/text/records.js';
import { loadTokenizer } from '../../core/text/tokenizer.js';
import { readFileSync } from 'node:fs';
import { programFile } from '../../config/root.js';
import { createMemoryStore } from '../support/memory-store.js';

const tokenizer = loadTokenizer(readFileSync(programFile('fixtures', 'models', 'gpt2-tiny', 'tokenizer.json')));
const texts = Array.from({ length: 30 }, (_, i) => ({
  id: `t${i}`,
  source: 'news',
  text: `아파트 값이 ${i}억까지 올랐다고 한다`,
  keywords: ['아파트'],
}));

async function queriesOf(settings: { episodes: number; queryTokens: number; seed: number }) {
  const store = createMemoryStore();
  const put = (text: string) => store.putBlob(Buffer.from(text));
  const sources = {
    texts: await store.putBlob(formatRecords(texts)),
    targets: await put('schema: debias.targets/1\nname: t\nlanguage: ko\ngroups: { types: [아파트, 빌라] }\n'),
    prompts: await put(
      'schema: debias.prompts/1\nname: p\nlanguage: ko\nprobes: ["{keyword}{은/는} 요즘"]\ngeneral: [오늘은]\n',
    ),
    settings,
  };
  return readQueries(store, sources, tokenizer);
}

describe('readQueries', () => {
  test('asks probes and openings of texts in turn, one an episode', async () => {
    const queries = await queriesOf({ episodes: 40, queryTokens: 4, seed: 3 });
    const decoded = queries.map((query) => tokenizer.decode(query));
    expect(queries).toHaveLength(40);
    expect(decoded.filter((_, i) => i % 2 === 0).every((text) => /^(아파트는|빌라는) 요즘$/.test(text))).toBe(true);
    expect(queries.filter((_, i) => i % 2 === 1).every((query) => query.length <= 4)).toBe(true);
  });

  test('depends on the seed and on nothing else', async () => {
    const settings = { episodes: 40, queryTokens: 4, seed: 3 };
    expect(await queriesOf(settings)).toEqual(await queriesOf(settings));
    expect(await queriesOf({ ...settings, seed: 4 })).not.toEqual(await queriesOf(settings));
  });
});
