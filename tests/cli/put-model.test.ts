/** What is wrong with a model that a person names is said before anything runs, with the setting and the folder. */

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { prepareMeasurement } from '../../cli/prepare-measurement.js';
import { prepareStudy } from '../../cli/prepare-study.js';
import { putBertStart, putLanguageModel, putTrainedClassifier } from '../../cli/put-model.js';
import { ModelFolderError, ModelNotFoundError } from '../../config/errors.js';
import { loadConfig } from '../../config/load.js';
import { loadMeasuring } from '../../config/measuring.js';
import { readModelFolder } from '../../cli/model-folder.js';
import { createMemoryStore } from '../support/memory-store.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const published = (name: string) => fileURLToPath(new URL(`./model-folders/${name}`, import.meta.url));
const example = (name: string) => fileURLToPath(new URL(`../../examples/measure-only/${name}`, import.meta.url));
const neverFetched = (source: string) => Promise.reject(new Error(`${source} was asked for`));

/** A folder of the store's layout, changed. */
async function changed(name: string, change: (folder: string) => void): Promise<string> {
  const folder = join(await temporaryFolder(), name);
  mkdirSync(folder);
  for (const [file, bytes] of Object.entries(readModelFolder(published(name))))
    writeFileSync(join(folder, file), bytes);
  change(folder);
  return folder;
}

function edit(folder: string, fields: object): void {
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...fields }));
}

function addToken(folder: string): void {
  const file = join(folder, 'tokenizer.json');
  const json = JSON.parse(readFileSync(file, 'utf8'));
  const token = { ...json.added_tokens[0], id: 100_000, content: '<extra>' };
  writeFileSync(file, JSON.stringify({ ...json, added_tokens: [...json.added_tokens, token] }));
}

async function problemOf(source: string): Promise<unknown> {
  return putLanguageModel(createMemoryStore(), { source, setting: 'model.source' }, neverFetched).catch(
    (error: unknown) => error,
  );
}

describe('putLanguageModel', () => {
  test.each<[string, (folder: string) => void, RegExp]>([
    ['another architecture', (folder) => edit(folder, { model_type: 'llama' }), /config\.json: model_type: .*llama/],
    [
      'another width',
      (folder) => edit(folder, { n_embd: 32, n_head: 2 }),
      /parameter transformer\.\S+: expected float32/,
    ],
    [
      'a tokenizer with more tokens than the model',
      addToken,
      /config\.json: vocab_size: expected at least the 100001 tokens/,
    ],
    [
      'an empty config',
      (folder) => writeFileSync(join(folder, 'config.json'), ''),
      /config\.json: .*JSON, got an empty/,
    ],
    [
      'a config cut off',
      (folder) => writeFileSync(join(folder, 'config.json'), '{"a": 1,'),
      /config\.json: .*JSON, got /,
    ],
    [
      'weights cut off',
      (folder) =>
        writeFileSync(
          join(folder, 'model.safetensors'),
          readFileSync(join(folder, 'model.safetensors')).subarray(0, -9),
        ),
      /readSafetensors: file: expected/,
    ],
    [
      'a folder in place of weights',
      (folder) => {
        rmSync(join(folder, 'model.safetensors'));
        mkdirSync(join(folder, 'model.safetensors'));
      },
      /model\.safetensors: expected a file that can be read, got EISDIR/,
    ],
    [
      'a config that nests',
      (folder) => writeFileSync(join(folder, 'config.json'), `${'['.repeat(9_999)}${']'.repeat(9_999)}`),
      /config\.json: .*at most 64 levels/,
    ],
    [
      'special tokens cut off',
      (folder) => writeFileSync(join(folder, 'special_tokens_map.json'), '{'),
      /special_tokens_map\.json: expected UTF-8 JSON/,
    ],
    ['a tokenizer that is none', (folder) => writeFileSync(join(folder, 'tokenizer.json'), '{}'), /tokenizer\.json/],
  ])('putLanguageModel says of %s where it is', async (_, change, problem) => {
    const folder = await changed('kogpt2', change);
    const error = await problemOf(folder);
    expect(error).toBeInstanceOf(ModelFolderError);
    expect(String(error)).toContain(`model.source: ${folder}: `);
    expect(String(error)).toMatch(problem);
  });

  test('putLanguageModel says that a shard is missing', async () => {
    const folder = await changed('kogpt2', (path) => {
      rmSync(join(path, 'model.safetensors'));
      const index = { weight_map: { 'transformer.wte.weight': 'model-00002-of-00002.safetensors' } };
      writeFileSync(join(path, 'model.safetensors.index.json'), JSON.stringify(index));
    });
    const error = await problemOf(folder);
    expect(error).toBeInstanceOf(ModelNotFoundError);
    expect(String(error)).toMatch(/model-00002-of-00002\.safetensors is not there\. Place/);
  });

  test('putLanguageModel says that a file is no folder', async () => {
    const error = await problemOf(join(published('kogpt2'), 'config.json'));
    expect(error).toBeInstanceOf(ModelFolderError);
    expect(String(error)).toMatch(/expected a folder, got a file/);
  });

  test('putLanguageModel opens what is well', async () => {
    const named = { source: published('kogpt2'), setting: 'model.source' };
    const { opened } = await putLanguageModel(createMemoryStore(), named, neverFetched);
    expect(opened.tokenizer.vocabularySize).toBeLessThanOrEqual(opened.config.vocabSize);
  });
});

describe('putBertStart', () => {
  test('putBertStart names the classifier that it is for', async () => {
    const folder = await changed('masked', (path) => edit(path, { num_hidden_layers: 3 }));
    const put = putBertStart(createMemoryStore(), folder, 'not-negative-against-negative', neverFetched);
    await expect(put).rejects.toThrow(`reward.source: ${folder}: parameter bert.encoder.layer.2.`);
  });
});

describe('putTrainedClassifier', () => {
  test('putTrainedClassifier checks weights as well as classes', async () => {
    const source = await changed('sentiment', (path) => edit(path, { num_hidden_layers: 3 }));
    const put = putTrainedClassifier(createMemoryStore(), { source, setting: '--sentiment-model' }, neverFetched);
    await expect(put).rejects.toThrow(`--sentiment-model: ${source}: parameter bert.encoder.layer.2.`);
  });
});

describe('prepareMeasurement', () => {
  const prepared = (settings: readonly string[]) =>
    prepareMeasurement(
      createMemoryStore(),
      loadMeasuring(settings),
      {
        model: published('kogpt2'),
        sentimentModel: published('sentiment'),
        targets: example('targets.yaml'),
        prompts: example('prompts.yaml'),
      },
      { fetchModel: neverFetched, onSkipped: () => {} },
    );

  test('prepareMeasurement refuses sentences that are longer than the model can write', async () => {
    await expect(prepared(['biasEval.newTokens=5000'])).rejects.toThrow(
      /^biasEval\.newTokens: expected at most \d+, .*got 5000/,
    );
  });

  test('prepareMeasurement refuses stop tokens that the model does not have', async () => {
    await expect(prepared(['biasEval.stopTokens=[zzzzq]'])).rejects.toThrow(/^biasEval\.stopTokens: /);
  });
});

describe('prepareStudy', () => {
  test.each([
    ['biasEval.newTokens=65', 64],
    ['ppo.responseTokens=64', 63],
  ])('prepareStudy refuses %s where the model has 64 positions', async (setting, most) => {
    const config = loadConfig({ preset: 'smoke', settings: [setting] });
    const [name = '', got] = setting.split('=');
    await expect(prepareStudy(createMemoryStore(), config, neverFetched)).rejects.toThrow(
      `${name}: expected at most ${most}, as the model has 64 positions (n_positions) and a prompt takes 1 of them, got ${got}`,
    );
  });
});
