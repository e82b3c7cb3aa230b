import { describe, expect, it } from 'vitest';
import { commitStageResult, putStageNote, readStageNote, readStageResult } from '../../../core/checkpoint/index.js';
import { createMemoryStore, flipBit } from '../../support/memory-store.js';

const key = 'f'.repeat(64);

describe('putStageNote', () => {
  it('putStageNote leaves the result as it is, and replaces an earlier note', async () => {
    const store = createMemoryStore();
    await putStageNote(store, key, 'seconds', [1]);
    await commitStageResult(store, key, { made: 1 });
    await putStageNote(store, key, 'seconds', [1, 2.5]);
    expect(await readStageNote(store, key, 'seconds')).toEqual([1, 2.5]);
    expect(await readStageResult(store, key)).toEqual({ status: 'hit', result: { made: 1 } });
  });
});

describe('readStageNote', () => {
  it('readStageNote of a note that is not there, or damaged, gives none and harms no result', async () => {
    const store = createMemoryStore();
    expect(await readStageNote(store, key, 'seconds')).toBeUndefined();
    await commitStageResult(store, key, { made: 1 });
    await putStageNote(store, key, 'seconds', [1]);
    flipBit(store, `stages/${key}/notes/seconds.json`, 20);
    expect(await readStageNote(store, key, 'seconds')).toBeUndefined();
    expect(await readStageResult(store, key)).toMatchObject({ status: 'hit' });
  });
});
