import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { classifierJob, type ClassifierJobInput } from '../../activities/model-jobs/classifier.js';
import { openClassifierStart } from '../../activities/model-jobs/classifier-start.js';
import { ModelFileMissingError, openClassifier } from '../../activities/model-jobs/models.js';
import { readModelFolder } from '../../cli/model-folder.js';
import { configSchema } from '../../config/schema.js';
import { putFolder } from '../../core/checkpoint/index.js';
import { readSafetensors } from '../../core/checkpoint/safetensors.js';
import { ModelConfigError } from '../../core/nn/index.js';
import { createMemoryStore } from '../support/memory-store.js';

const folderOf = (name: string) => fileURLToPath(new URL(`../cli/model-folders/${name}`, import.meta.url));
const settings = configSchema.shape.sentiment.parse({ epochs: 2, batchSize: 8, learningRate: 5e-3, maxTokens: 24 });
const purpose = { classes: ['negative', 'positive'], setting: 'sentiment.source' };

async function put(name: string, changes: Record<string, unknown> = {}) {
  const store = createMemoryStore();
  const files = readModelFolder(folderOf(name));
  const json: unknown = JSON.parse(Buffer.from(files['config.json']!).toString());
  const config = Buffer.from(JSON.stringify({ ...Object(json), ...changes }));
  const start = await putFolder(store, { ...files, 'config.json': config });
  return { store, start, tensors: readSafetensors(files['model.safetensors']!).tensors };
}

describe('openClassifierStart', () => {
  test('openClassifierStart keeps the encoder of a masked language model, and draws its pooler and classifier', async () => {
    const { store, start, tensors } = await put('masked');
    const { config, params, tokenizer } = await openClassifierStart(store, { start }, settings, purpose);
    expect(config).toMatchObject({ numLabels: 2, numLayers: 2, width: 16, hiddenDropout: 0.1 });
    for (const name of Object.keys(params).filter((key) => /encoder|embeddings/.test(key)))
      expect(params[name]?.data).toEqual(tensors[name]?.data);
    expect(params['bert.pooler.dense.weight']?.shape).toEqual([16, 16]);
    expect(params['classifier.weight']?.shape).toEqual([2, 16]);
    expect(tokenizer.specials).toEqual({ bos: 2, eos: 3, pad: 0, unk: 1 });
  });

  test('openClassifierStart opens an encoder laid out as KoBERT', async () => {
    const { store, start, tensors } = await put('kobert');
    const { params, tokenizer } = await openClassifierStart(store, { start }, settings, purpose);
    expect(params['bert.pooler.dense.weight']?.data).toEqual(tensors['pooler.dense.weight']?.data);
    expect(tokenizer.encode('강남구는 너무')).toEqual([74, 14, 6, 32, 38]);
  });

  test.each([
    [{ '0': 'NEGATIVE', '1': 'POSITIVE' }, true],
    [{ '0': '부정', '1': '긍정' }, true],
    [{ '0': 'positive', '1': 'negative' }, false],
    [{ '0': 'LABEL_0', '1': 'LABEL_1' }, false],
    [{ '0': 'negative', '1': 'neutral', '2': 'positive' }, false],
  ])('openClassifierStart keeps the classifier where its classes are ours: %o %s', async (id2label, keeps) => {
    const { store, start, tensors } = await put('sentiment', { id2label });
    const { config, params } = await openClassifierStart(store, { start }, settings, purpose);
    expect(config.numLabels).toBe(2);
    const [got, published] = [params['classifier.weight'], tensors['classifier.weight']];
    expect(Buffer.from(got!.data.buffer).equals(Buffer.from(published!.data.buffer))).toBe(keeps);
    expect(params['bert.pooler.dense.weight']?.data).toEqual(tensors['bert.pooler.dense.weight']?.data);
  });

  test.each(['sentiment.source', 'reward.source'])(
    'openClassifierStart names the setting %s of a folder that lacks a file',
    async (setting) => {
      const store = createMemoryStore();
      const { 'model.safetensors': _weights, ...files } = readModelFolder(folderOf('masked'));
      const start = await putFolder(store, files);
      const opened = openClassifierStart(store, { start }, settings, { ...purpose, setting });
      await expect(opened).rejects.toThrow(ModelFileMissingError);
      await expect(opened).rejects.toThrow(`${setting}: expected model.safetensors in the folder that it names, got`);
    },
  );

  test('openClassifierStart names model.source where the tokenizer of the language model is asked for', async () => {
    const store = createMemoryStore();
    const tokenizer = await putFolder(store, { 'config.json': Buffer.from('{}') });
    await expect(openClassifierStart(store, { tokenizer }, settings, purpose)).rejects.toThrow(
      'model.source: expected tokenizer.json',
    );
  });

  test('openClassifierStart refuses a tokenizer with more tokens than the embedding has rows', async () => {
    const { store, start } = await put('sentiment', { vocab_size: 399 });
    await expect(openClassifierStart(store, { start }, settings, purpose)).rejects.toThrow(ModelConfigError);
  });
});

describe('classifierJob', () => {
  test('classifierJob goes on from a published encoder, with its tokenizer', async () => {
    const { store, start } = await put('masked');
    const places = ['강남구', '마포구', '송파구', '분당', '판교', '서울', '부산', '대구', '전세', '월세'];
    const rows = places.flatMap((place, i) => [
      { text: `${place} ${i} 정말 좋아요 살기 편하다`, label: 'positive' },
      { text: `${place} ${i} 너무 비싸다 출퇴근이 힘들어요`, label: 'negative' },
    ]);
    const labels = await store.putBlob(Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')));
    const input: ClassifierJobInput = {
      stageKey: 'sentiment/test',
      labels,
      start,
      settings: { ...settings, epochs: 6, dropout: true, accumulationSteps: 2, recompute: true, threads: 1 },
      purpose: 'positive-against-negative',
    };
    const { model, quality } = await classifierJob(input, { store, progress: () => {}, log: () => {} });
    const trained = await openClassifier(store, model, 'sentiment.source');
    expect(trained.config).toMatchObject({ numLayers: 2, width: 16, numPositions: 40 });
    expect(trained.tokenizer.encode('강남구')).toEqual(
      (await openClassifierStart(store, { start }, settings, purpose)).tokenizer.encode('강남구'),
    );
    expect(quality.classes).toEqual(['negative', 'positive']);
  });
});
