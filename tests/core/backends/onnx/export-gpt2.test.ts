import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { OnnxTooLargeError, DynamicGraph } from '../../../../core/backends/onnx/dynamic-graph.js';
import { exportGpt2Onnx } from '../../../../core/backends/onnx/export-gpt2.js';
import { readSafetensors } from '../../../../core/checkpoint/safetensors.js';
import { createSampler } from '../../../../core/generate/index.js';
import {
  gpt2Parameters,
  initialGpt2,
  parseGpt2Config,
  type Gpt2Config,
  type Parameters,
} from '../../../../core/nn/index.js';

const golden = (file: string) => readFileSync(new URL(`../../../goldens/gpt2/${file}`, import.meta.url));
const config = parseGpt2Config(JSON.parse(golden('config.json').toString()));
const params = gpt2Parameters(config, readSafetensors(golden('model.safetensors')).tensors);
const open = (bytes: Uint8Array) => InferenceSession.create(bytes, { intraOpNumThreads: 1, logSeverityLevel: 4 });

type Feeds = Record<string, Tensor>;

const int64 = (rows: readonly (readonly number[])[]) =>
  new Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]?.length ?? 0]);

function emptyCache({ numLayers, numHeads, width }: Gpt2Config, batch: number): Feeds {
  const cache = () => new Tensor('float32', new Float32Array(0), [batch, numHeads, 0, width / numHeads]);
  const names = Array.from({ length: numLayers }, (_, i) =>
    ['key', 'value'].map((kind) => `past_key_values.${i}.${kind}`),
  );
  return Object.fromEntries(names.flat().map((name) => [name, cache()]));
}

/** Token ids and their mask, shorter prompts padded on the left. */
function padded(prompts: readonly (readonly number[])[]) {
  const length = Math.max(...prompts.map((prompt) => prompt.length));
  const pad = (prompt: readonly number[], value: number, filler: number) => [
    ...Array.from({ length: length - prompt.length }, () => filler),
    ...prompt.map((token) => (value < 0 ? token : value)),
  ];
  return { ids: prompts.map((prompt) => pad(prompt, -1, 0)), mask: prompts.map((prompt) => pad(prompt, 1, 0)) };
}

const positionsOf = (mask: readonly number[]) =>
  mask.map((_, at) => Math.max(0, mask.slice(0, at + 1).reduce((sum, real) => sum + real, 0) - 1));

const lastRows = (logits: Tensor, vocabSize: number): number[] => {
  const [batch = 0, tokens = 0] = logits.dims;
  const data = logits.data as Float32Array;
  return Array.from({ length: batch }, (_, row) => {
    const from = (row * tokens + tokens - 1) * vocabSize;
    const scores = data.subarray(from, from + vocabSize);
    return scores.indexOf(Math.max(...scores));
  });
};

/** Greedy decoding as a user of the file does it: the whole prompt, then a token at a time. */
async function generate(
  session: InferenceSession,
  { numLayers, vocabSize, ...rest }: Gpt2Config,
  prompts: number[][],
  newTokens: number,
) {
  const { ids, mask } = padded(prompts);
  let feeds: Feeds = {
    input_ids: int64(ids),
    attention_mask: int64(mask),
    position_ids: int64(mask.map(positionsOf)),
    ...emptyCache({ numLayers, vocabSize, ...rest }, prompts.length),
  };
  const made: number[][] = prompts.map(() => []);
  for (let step = 0; step < newTokens; step++) {
    const result = await session.run(feeds);
    const tokens = lastRows(result.logits as Tensor, vocabSize);
    tokens.forEach((token, row) => made[row]?.push(token));
    mask.forEach((row) => row.push(1));
    feeds = {
      input_ids: int64(tokens.map((token) => [token])),
      attention_mask: int64(mask),
      position_ids: int64(mask.map((row) => positionsOf(row).slice(-1))),
    };
    for (let layer = 0; layer < numLayers; layer++)
      for (const kind of ['key', 'value'])
        feeds[`past_key_values.${layer}.${kind}`] = result[`present.${layer}.${kind}`] as Tensor;
  }
  return made;
}

async function sampled(config: Gpt2Config, params: Parameters, prompts: number[][], newTokens: number) {
  const promptTokens = Math.max(...prompts.map((prompt) => prompt.length));
  const sampler = await createSampler(config, {
    batch: prompts.length,
    promptTokens,
    newTokens,
    greedy: true,
    threads: 1,
  });
  const { tokens } = await sampler.sample(params, prompts);
  await sampler.release();
  return tokens;
}

describe('exportGpt2Onnx', () => {
  test('exportGpt2Onnx names inputs and outputs as Hugging Face tools expect them', async () => {
    const session = await open(exportGpt2Onnx(config, params));
    const layers = Array.from({ length: config.numLayers }, (_, i) => i);
    const cache = (name: string) => layers.flatMap((i) => [`${name}.${i}.key`, `${name}.${i}.value`]);
    expect([...session.inputNames].toSorted()).toEqual(
      ['attention_mask', 'input_ids', 'position_ids', ...cache('past_key_values')].toSorted(),
    );
    expect([...session.outputNames].toSorted()).toEqual(['logits', ...cache('present')].toSorted());
    await session.release();
  });

  test('exportGpt2Onnx gives the reference logits', async () => {
    const expected = readSafetensors(golden('golden.safetensors')).tensors;
    const { input_ids: ids, attention_mask: mask, logits } = expected;
    const rows = (data: ArrayLike<number | bigint>, [batch = 0, tokens = 0]: readonly number[]) =>
      Array.from({ length: batch }, (_, row) =>
        Array.from({ length: tokens }, (_, t) => Number(data[row * tokens + t])),
      );
    if (!ids || !mask || !logits) throw new Error('golden.safetensors: expected ids, mask and logits');
    const masks = rows(mask.data, mask.shape);
    const session = await open(exportGpt2Onnx(config, params));
    const result = await session.run({
      input_ids: int64(rows(ids.data, ids.shape)),
      attention_mask: int64(masks),
      position_ids: int64(masks.map(positionsOf)),
      ...emptyCache(config, ids.shape[0] ?? 0),
    });
    const actual = result.logits?.data as Float32Array;
    // Positions of padding have no meaning: only those of real tokens are compared.
    const worst = masks.flat().reduce((most, real, at) => {
      const differences = Array.from({ length: config.vocabSize }, (_, v) =>
        Math.abs((actual[at * config.vocabSize + v] ?? NaN) - Number(logits.data[at * config.vocabSize + v])),
      );
      return real === 1 ? Math.max(most, ...differences) : most;
    }, 0);
    expect(worst).toBeLessThan(1e-4);
    await session.release();
  });

  test('exportGpt2Onnx generates what the sampler generates, greedily, with left padding and cache', async () => {
    const session = await open(exportGpt2Onnx(config, params));
    const prompts = [[3, 14, 15, 9], [26], [5, 35]];
    expect(await generate(session, config, prompts, 8)).toEqual(await sampled(config, params, prompts, 8));
    await session.release();
  });

  test('exportGpt2Onnx does the exact GELU and other widths too', async () => {
    const other: Gpt2Config = {
      ...config,
      activation: 'gelu',
      vocabSize: 40,
      width: 24,
      innerWidth: 50,
      numHeads: 3,
      numLayers: 3,
    };
    const fresh = initialGpt2({ ...other, initializerRange: 0.5 }, 4);
    const session = await open(exportGpt2Onnx(other, fresh));
    const prompts = [
      [1, 2, 3],
      [4, 5, 6],
    ];
    expect(await generate(session, other, prompts, 6)).toEqual(await sampled(other, fresh, prompts, 6));
    await session.release();
  });

  test('exportGpt2Onnx names a parameter that is missing, and refuses what no file can hold', () => {
    const { 'transformer.ln_f.bias': _bias, ...incomplete } = params;
    expect(() => exportGpt2Onnx(config, incomplete)).toThrow(/a parameter transformer\.ln_f\.bias/);
    const large = { dtype: 'float32', shape: [0], data: { byteLength: 2 ** 31 } } as never;
    expect(() => new DynamicGraph('g').weight('w', large)).toThrow(OnnxTooLargeError);
  });
});
