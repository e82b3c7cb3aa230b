import { describe, expect, test } from 'vitest';
import { readLabelled } from '../../../activities/model-jobs/labelled-shares.js';
import { createMemoryStore } from '../../support/memory-store.js';

const groups = Array.from({ length: 12 }, (_, i) => `kw${String.fromCharCode(97 + i)}`);
const targets = `schema: debias.targets/1
name: test
language: en
groups: { all: [${groups.join(', ')}] }
`;

async function labelledOf(rows: readonly (readonly [text: string, label: string])[]) {
  const store = createMemoryStore();
  // A file has sentences of both poles.
  const poles = ['negative', 'positive'].map((label) => ['nothing named', label] as const);
  const lines = [...rows, ...poles].map(([text, label]) => JSON.stringify({ text, label })).join('\n');
  return readLabelled(store, {
    targets: await store.putBlob(Buffer.from(targets)),
    rewardLabels: await store.putBlob(Buffer.from(lines)),
  });
}

describe('readLabelled', () => {
  test('readLabelled counts the negative of all labelled sentences that name a keyword, most named first', async () => {
    const { labelled } = await labelledOf([
      ['kwb is bad', 'negative'],
      ['kwb and kwa, kwb again', 'negative'],
      ['kwb is there', 'neutral'],
      ['kwa is good', 'positive'],
    ]);
    expect(labelled).toEqual([
      { keyword: 'kwb', labelled: 2, total: 3 },
      { keyword: 'kwa', labelled: 1, total: 2 },
    ]);
  });

  test('readLabelled keeps the ten most named', async () => {
    const rows = groups.flatMap((word, i) => Array.from({ length: i + 1 }, () => [word, 'positive'] as const));
    const { labelled } = await labelledOf(rows);
    expect(labelled!.map(({ total }) => total)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
  });

  test('readLabelled leaves the field out where no sentence names a keyword', async () => {
    expect(await labelledOf([])).toEqual({});
  });
});
