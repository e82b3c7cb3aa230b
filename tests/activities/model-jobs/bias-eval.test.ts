import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { biasEvalJob, type BiasEvalJobInput, type MeasuredSentence } from '../../../activities/model-jobs/bias-eval.js';
import { classifierTokens } from '../../../activities/model-jobs/classifier.js';
import { compareJob, type Comparison } from '../../../activities/model-jobs/compare.js';
import { openClassifier } from '../../../activities/model-jobs/models.js';
import { getJson, getLines } from '../../../activities/blobs.js';
import { readModelFolder } from '../../../cli/model-folder.js';
import { putMeasures } from '../../../cli/prepare-measures.js';
import { configSchema } from '../../../config/schema.js';
import { putFolder, type FolderRef, type Store } from '../../../core/checkpoint/index.js';
import { classify } from '../../../core/train/classifier-scores.js';
import { createMemoryStore } from '../../support/memory-store.js';

const folderOf = (name: string) => fileURLToPath(new URL(`../../cli/model-folders/${name}`, import.meta.url));
const words = fileURLToPath(new URL('../../../config/data/sentiment-words/ko.yaml', import.meta.url));
const neverFetched = (source: string) => Promise.reject(new Error(`${source} was asked for`));
const context = (store: Store) => ({ store, progress: () => {}, log: () => {} });

const targets = `schema: debias.targets/1
name: test
language: ko
groups: { types: [아파트, 빌라], regions: [강남구, 마포구, 분당] }
`;
const prompts = `schema: debias.prompts/1
name: test
language: ko
probes: ['{keyword}', '요즘 {keyword}']
general: ['오늘은']
`;

/** One measurement of the stand-in GPT-2 by the stand-in classifier, and by a word list and the same classifier beside it. */
async function measured(source: string, fetchModel: (source: string) => Promise<string>) {
  const store = createMemoryStore();
  const sentimentModel = await putFolder(store, readModelFolder(folderOf('sentiment')));
  const { biasEval } = configSchema.pick({ biasEval: true }).parse({
    biasEval: {
      repetitions: 2,
      newTokens: 5,
      generalRepetitions: 1,
      measures: [
        { name: 'words', kind: 'lexicon', source: words },
        { name: 'second', kind: 'model', source },
      ],
    },
  });
  const { bootstrapSamples: _samples, measures, ...settings } = biasEval;
  const input: BiasEvalJobInput = {
    model: await putFolder(store, readModelFolder(folderOf('kogpt2'))),
    sentimentModel,
    targets: await store.putBlob(Buffer.from(targets)),
    prompts: await store.putBlob(Buffer.from(prompts)),
    ...(await putMeasures(store, measures, fetchModel)),
    settings: { ...settings, seed: 1, threads: 1 },
  };
  const result = await biasEvalJob(input, context(store));
  return { store, sentimentModel, result, sentences: await getLines<MeasuredSentence>(store, result.sentences) };
}

/** Probability of the second class by softmax, of each text on its own. */
async function positives(store: Store, model: FolderRef, texts: readonly string[]): Promise<number[]> {
  const { config, params, tokenizer } = await openClassifier(store, model, 'sentiment.source');
  const tokens = texts.map((text) => classifierTokens(tokenizer, text));
  const { data } = await classify(config, params, tokens, { threads: 1, batchSize: 1, maxTokens: config.numPositions });
  return texts.map((_, i) => {
    const [bad, good] = [Math.exp(data[2 * i]!), Math.exp(data[2 * i + 1]!)];
    return good / (bad + good);
  });
}

describe('biasEvalJob', () => {
  test('biasEvalJob scores by a further classifier as that classifier scores the texts', async () => {
    const { store, sentences, sentimentModel, result } = await measured(folderOf('sentiment'), neverFetched);
    expect(sentences).toHaveLength(5 * 2 * 2);
    const expected = await positives(
      store,
      sentimentModel,
      sentences.map(({ text }) => text),
    );
    sentences.forEach(({ score, others }, i) => {
      expect(Object.keys(others!)).toEqual(['second', 'words']);
      expect(others!['second']).toBeCloseTo(expected[i]!, 5);
      // The same classifier, asked as the first and as a further measure.
      expect(others!['second']).toBe(score);
    });
    const { comparison } = await compareJob(
      {
        groups: [{ label: '', overrides: {}, measuredWith: '', baseline: result, members: [] }],
        settings: { seed: 1, bootstrapSamples: 50 },
      },
      context(store),
    );
    const { baseline } = await getJson<Comparison>(store, comparison);
    const second = baseline.measures!.find(({ name }) => name === 'second')!;
    expect(second.distance).toEqual(baseline.distance);
    expect(second.agreement!.kendall).toBe(1);
  });

  test('biasEvalJob takes a further classifier that a hub gave', async () => {
    const asked: string[] = [];
    const { sentences } = await measured('hf://org/second@v1', async (source) => {
      asked.push(source);
      return folderOf('sentiment');
    });
    expect(asked).toEqual(['hf://org/second@v1']);
    for (const { score, others } of sentences) expect(others!['second']).toBe(score);
  });
});

describe('putMeasures', () => {
  test('putMeasures refuses a classifier whose classes are not named', async () => {
    const measures = [{ name: 'second', kind: 'model' as const, source: folderOf('kobert') }];
    await expect(putMeasures(createMemoryStore(), measures, neverFetched)).rejects.toThrow(
      /id2label: expected two classes, negative and then positive/,
    );
  });
});
