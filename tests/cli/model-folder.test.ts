/** Folders as KoGPT-2 and KoBERT are published, in small: read, computed with, compared with Transformers. */

import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { classifierTokens } from '../../activities/model-jobs/classifier.js';
import { readModelFolder } from '../../cli/model-folder.js';
import { ModelNotFoundError } from '../../config/errors.js';
import { openSession } from '../../core/backends/onnx/index.js';
import { readSafetensors } from '../../core/checkpoint/safetensors.js';
import { Graph, program } from '../../core/ir/index.js';
import {
  bertHidden,
  bertParameters,
  gpt2Hidden,
  gpt2Parameters,
  labelNames,
  lmLogits,
  parameterFeeds,
  parameterInputs,
  parseBertConfig,
  parseGpt2Config,
  shapesOf,
} from '../../core/nn/index.js';
import { gpt2ParameterSpecs } from '../../core/nn/gpt2-parameters.js';
import { bertParameterSpecs } from '../../core/nn/bert-parameters.js';
import { hostTensor } from '../../core/tensor.js';
import { loadTokenizer } from '../../core/text/tokenizer.js';
import { classify } from '../../core/train/index.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const folderOf = (name: string) => fileURLToPath(new URL(`model-folders/${name}`, import.meta.url));

function open(name: string) {
  const files = readModelFolder(folderOf(name));
  const file = (key: string) => Buffer.from(files[key] ?? []);
  return {
    files,
    config: JSON.parse(file('config.json').toString()) as unknown,
    tensors: readSafetensors(file('model.safetensors')).tensors,
    tokenizer: loadTokenizer(file('tokenizer.json'), files['tokenizer_config.json']),
    golden: JSON.parse(readFileSync(join(folderOf(name), 'golden.json'), 'utf8')) as Record<string, number[]>,
  };
}

const idsOf = (ids: readonly number[]) => hostTensor('int32', [1, ids.length], Int32Array.from(ids));

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 4));
}

describe('readModelFolder', () => {
  test('readModelFolder opens a folder laid out as KoGPT-2: pickle, tied head, older tokenizer, unused tokens', async () => {
    const { files, config: json, tensors, tokenizer, golden } = open('kogpt2');
    const config = parseGpt2Config(json);
    expect(Object.keys(files).toSorted()).toEqual(['config.json', 'model.safetensors', 'tokenizer.json']);
    expect(Object.keys(tensors)).not.toContain('lm_head.weight');
    expect(tokenizer.specials).toMatchObject({
      bos: config.bosTokenId,
      eos: config.eosTokenId,
      pad: config.padTokenId,
    });
    expect(tokenizer.unusedTokens.length).toBe(6);
    expect(tokenizer.vocabularySize).toBe(config.vocabSize);
    expect(tokenizer.decode(tokenizer.encode('강남구 아파트'))).toBe('강남구 아파트');

    const { ids = [], last = [] } = golden;
    const graph = new Graph('kogpt2');
    const params = parameterInputs(graph, shapesOf(gpt2ParameterSpecs(config)));
    const inputIds = graph.input('inputIds', 'int32', [1, ids.length]);
    const logits = lmLogits(params, gpt2Hidden(config, params, { inputIds }));
    const session = await openSession(program(graph, { outputs: { logits } }), { threads: 1 });
    const result = await session.run({ ...parameterFeeds(gpt2Parameters(config, tensors)), inputIds: idsOf(ids) });
    expectClose(result.logits.data.slice(-config.vocabSize), last);
    await session.release();
  });

  test('readModelFolder opens a folder laid out as KoBERT: bare encoder, SentencePiece, no classifier', async () => {
    const { config: json, tensors, tokenizer, golden } = open('kobert');
    const config = parseBertConfig(json);
    expect(tokenizer.specials).toEqual({ bos: 2, eos: 3, pad: config.padTokenId, unk: 0 });
    expect(tokenizer.vocabularySize).toBeLessThanOrEqual(config.vocabSize);
    expect(tokenizer.encode('강남구는 너무', { addSpecialTokens: true })).toEqual([2, 74, 14, 6, 32, 38, 3]);
    expect(() => bertParameters(config, tensors)).toThrow(/classifier/);
    const params = bertParameters(config, tensors, 1);
    expect(params['classifier.weight']?.shape).toEqual([2, config.width]);

    const { ids = [], first = [], last = [] } = golden;
    const graph = new Graph('kobert');
    const values = parameterInputs(graph, shapesOf(bertParameterSpecs(config)));
    const inputIds = graph.input('inputIds', 'int32', [1, ids.length]);
    const attentionMask = graph.input('attentionMask', 'int32', [1, ids.length]);
    const hidden = bertHidden(config, values, { inputIds, attentionMask });
    const session = await openSession(program(graph, { outputs: { hidden } }), { threads: 1 });
    const feeds = { inputIds: idsOf(ids), attentionMask: idsOf(ids.map(() => 1)) };
    const result = await session.run({ ...parameterFeeds(params), ...feeds });
    expectClose(result.hidden.data.slice(0, config.width), first);
    expectClose(result.hidden.data.slice(-config.width), last);
    await session.release();
  });

  test('readModelFolder opens a published classifier, whose scores are those of Transformers', async () => {
    const { config: json, tensors, tokenizer } = open('sentiment');
    const { texts, logits }: { texts: string[]; logits: number[][] } = JSON.parse(
      readFileSync(join(folderOf('sentiment'), 'golden.json'), 'utf8'),
    );
    const config = parseBertConfig(json);
    expect(labelNames(json)).toEqual(['negative', 'positive']);
    const scores = await classify(
      config,
      bertParameters(config, tensors),
      texts.map((text) => classifierTokens(tokenizer, text)),
      { threads: 1, batchSize: 3, maxTokens: config.numPositions },
    );
    expectClose(scores.data, logits.flat());
  });

  test('readModelFolder says what it looked for', async () => {
    const folder = await temporaryFolder();
    cpSync(folderOf('kogpt2'), folder, { recursive: true });
    rmSync(join(folder, 'tokenizer.json'));
    rmSync(join(folder, 'pytorch_model.bin'));
    expect(() => readModelFolder(folder)).toThrow(ModelNotFoundError);
    expect(() => readModelFolder(folder)).toThrow(/weights \(model\.safetensors, .*pytorch_model\.bin/);
    expect(() => readModelFolder(folder)).toThrow(/a tokenizer \(tokenizer\.json, .*vocab\.txt.*spiece\.model/);
    expect(() => readModelFolder(join(folder, 'nowhere'))).toThrow(/config\.json and weights/);
  });
});
