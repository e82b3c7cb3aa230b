import { describe, expect, test } from 'vitest';
import { putAnalyserModel } from '../../cli/analyser-model.js';
import { KiwiUnavailableError } from '../../activities/model-jobs/kiwi-analyser.js';
import { createMemoryStore } from '../support/memory-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const counts = { topKeywords: 1, coOccurringNouns: 1, minNounCount: 1 };

describe('putAnalyserModel', () => {
  test('putAnalyserModel puts nothing for the statistics, which need no files', async () => {
    expect(await putAnalyserModel(createMemoryStore(), { ...counts, analyser: 'statistical' })).toEqual({});
  });

  test('putAnalyserModel says what is missing before a study starts', async () => {
    const settings = { ...counts, analyser: 'kiwi' as const, kiwiModel: await temporaryFolder() };
    const put = putAnalyserModel(createMemoryStore(), settings);
    await expect(put).rejects.toThrow(KiwiUnavailableError);
    await expect(put).rejects.toThrow(/npm install --no-save kiwi-nlp.*-S explore\.kiwiModel=DIR/);
  });
});
