import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  canonicalWeights,
  readShardIndex,
  ShardIndexError,
  weightFileAmong,
} from '../../../core/checkpoint/model-weights.js';
import { readSafetensors, writeSafetensors } from '../../../core/checkpoint/safetensors.js';
import { hostTensor } from '../../../core/tensor.js';
import { archiveOf, op, pickleOf, storageOf, tensorOf } from './pytorch/write-zip.js';

const golden = (file: string) => readFileSync(new URL(`../../goldens/gpt2/${file}`, import.meta.url));
const whole = readSafetensors(golden('model.safetensors')).tensors;

type Folder = Readonly<Record<string, Uint8Array>>;

function weightsOf(folder: Folder): Uint8Array | undefined {
  return canonicalWeights(Object.keys(folder), (name) => {
    const bytes = folder[name];
    if (!bytes) throw new Error(`${name} is not there`);
    return bytes;
  });
}

function indexOf(map: object): Uint8Array {
  return Buffer.from(JSON.stringify({ metadata: { total_size: 1 }, weight_map: map }));
}

/** The golden model in two shards. */
function shards(): Record<string, Uint8Array> {
  const names = Object.keys(whole);
  const fileOf = (at: number) => `model-0000${at < names.length / 2 ? 1 : 2}-of-00002.safetensors`;
  const part = (file: string) =>
    writeSafetensors(Object.fromEntries(Object.entries(whole).filter((_, at) => fileOf(at) === file)));
  return {
    'model.safetensors.index.json': indexOf(Object.fromEntries(names.map((name, at) => [name, fileOf(at)]))),
    [fileOf(0)]: part(fileOf(0)),
    [fileOf(names.length)]: part(fileOf(names.length)),
  };
}

describe('canonicalWeights', () => {
  test('canonicalWeights passes model.safetensors on as it is', () => {
    const bytes = golden('model.safetensors');
    expect(weightsOf({ 'model.safetensors': bytes, 'pytorch_model.bin': Buffer.from('not read') })).toBe(bytes);
    expect(() => weightsOf({ 'model.safetensors': bytes.subarray(0, -4) })).toThrow(/readSafetensors/);
  });

  test('canonicalWeights turns pytorch_model.bin into the same tensors, tied ones once', () => {
    const { tensors } = readSafetensors(weightsOf({ 'pytorch_model.bin': golden('pytorch_model.bin') }) ?? golden(''));
    for (const [name, tensor] of Object.entries(whole)) expect(tensors[name]).toEqual(tensor);
    const dtypes = readFileSync(new URL('pytorch/dtypes.bin', import.meta.url));
    const names = Object.keys(readSafetensors(weightsOf({ 'pytorch_model.bin': dtypes }) ?? dtypes).tensors);
    expect(names).toContain('float');
    expect(names).not.toContain('tied');
  });

  test('canonicalWeights keeps the first name of tied tensors, whichever it is', () => {
    const tied = tensorOf(storageOf('FloatStorage', '0', 1), op.int(0), [op.int(1)], [op.int(1)]);
    const names = ['lm_head.weight', 'transformer.wte.weight'];
    const bin = archiveOf(pickleOf(op.dict(...names.flatMap((name) => [op.text(name), tied]))), {
      0: new Uint8Array(4),
    });
    const { tensors } = readSafetensors(weightsOf({ 'pytorch_model.bin': bin }) ?? bin);
    expect(Object.keys(tensors)).toEqual(['lm_head.weight']);
  });

  test('canonicalWeights puts shards together', () => {
    const { tensors } = readSafetensors(weightsOf(shards()) ?? golden(''));
    expect({ ...tensors }).toEqual({ ...whole });
    const bin = {
      'pytorch_model.bin.index.json': indexOf(
        Object.fromEntries([...Object.keys(whole), 'lm_head.weight'].map((name) => [name, 'part-1.bin'])),
      ),
      'part-1.bin': golden('pytorch_model.bin'),
    };
    expect(() => weightsOf(bin)).toThrow(/attn\.bias: expected a tensor that the index places there, got none/);
  });

  test('canonicalWeights gives the same bytes for the same tensors, whatever the layout', () => {
    const one = weightsOf(shards());
    expect(weightsOf(Object.fromEntries(Object.entries(shards()).reverse()))).toEqual(one);
  });

  const a = writeSafetensors({ a: hostTensor('float32', [1], Float32Array.of(1)) });
  const broken: Record<string, [Folder, RegExp]> = {
    'an index that is no JSON': [{ 'model.safetensors.index.json': Buffer.from('{') }, /expected JSON/],
    'an index of null': [{ 'model.safetensors.index.json': Buffer.from('null') }, /an object, got null/],
    'an index that is a list': [{ 'model.safetensors.index.json': Buffer.from('[]') }, /an object, got a list/],
    'a map of null': [{ 'model.safetensors.index.json': Buffer.from('{"weight_map":null}') }, /a weight_map, got null/],
    'a map that is a list': [{ 'model.safetensors.index.json': indexOf(['s']) }, /a weight_map, got a list/],
    'a shard of 5,000 levels': [
      {
        'model.safetensors.index.json': Buffer.from(`{"weight_map":{"a":${'['.repeat(5000)}${']'.repeat(5000)}}}`),
      },
      /model\.safetensors\.index\.json: expected at most 64 levels/,
    ],
    'an index without a map': [{ 'model.safetensors.index.json': Buffer.from('{}') }, /a weight_map/],
    'a name twice': [
      { 'model.safetensors.index.json': Buffer.from('{"weight_map":{"a":"s","a":"s"}}') },
      /each name once/,
    ],
    'a shard elsewhere': [
      { 'model.safetensors.index.json': indexOf({ a: '../../etc/passwd' }) },
      /beside it, got "\.\.\/\.\.\/etc\/passwd"/,
    ],
    'a shard that is no name': [{ 'model.safetensors.index.json': indexOf({ a: 3 }) }, /beside it, got 3/],
    'a shard that is a list': [{ 'model.safetensors.index.json': indexOf({ a: ['s'] }) }, /beside it, got \["s"\]/],
    'a tensor that its shard lacks': [
      { 'model.safetensors.index.json': indexOf({ a: 's.safetensors', b: 's.safetensors' }), 's.safetensors': a },
      /s\.safetensors: expected a tensor b/,
    ],
    'a tensor that the index places elsewhere': [
      {
        'model.safetensors.index.json': indexOf({ a: 's.safetensors', b: 't.safetensors' }),
        's.safetensors': a,
        't.safetensors': a,
      },
      /t\.safetensors: a: expected a tensor that the index places there, got s\.safetensors/,
    ],
  };
  for (const [what, [folder, message]] of Object.entries(broken)) {
    test(`canonicalWeights refuses ${what}`, () => {
      expect(() => weightsOf(folder)).toThrow(ShardIndexError);
      expect(() => weightsOf(folder)).toThrow(message);
    });
  }

  test('canonicalWeights finds nothing where nothing is', () => {
    expect(weightsOf({ 'config.json': a })).toBeUndefined();
    expect(weightFileAmong(['pytorch_model.bin', 'model.safetensors'])).toBe('model.safetensors');
    expect([...readShardIndex('i', indexOf({ a: 's' }))]).toEqual([['a', 's']]);
  });
});
