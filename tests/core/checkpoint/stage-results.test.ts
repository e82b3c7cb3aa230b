import { describe, expect, it } from 'vitest';
import {
  collectGarbage,
  commitStageResult,
  getFolder,
  type Json,
  openCheckpoints,
  pruneCheckpoints,
  putFolder,
  readStageResult,
  seal,
  stageKey,
  StageResultTooLargeError,
} from '../../../core/checkpoint/index.js';
import { hostTensor } from '../../../core/tensor.js';
import { createMemoryStore, flipBit, keyOf, type MemoryStore } from '../../support/memory-store.js';

const identity = { name: 'finetune', version: 1, config: { steps: 10, rate: 1e-4 }, inputs: ['abc'] };
const key = stageKey(identity);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

async function committed(store: MemoryStore) {
  const blob = await store.putBlob(bytes('weights'));
  const folder = await putFolder(store, { 'config.json': bytes('{}'), 'model.safetensors': bytes('model') });
  const result = { blob: { ...blob }, model: { ...folder }, loss: 0.5 };
  await commitStageResult(store, key, result);
  return { blob, folder, result };
}

describe('stageKey', () => {
  it('stageKey depends on every part and on no order of keys', () => {
    expect(stageKey({ ...identity, config: { rate: 1e-4, steps: 10 } })).toBe(key);
    const others = [{ name: 'x' }, { version: 2 }, { config: { steps: 11, rate: 1e-4 } }, { inputs: ['abd'] }];
    expect(new Set([key, ...others.map((other) => stageKey({ ...identity, ...other }))]).size).toBe(5);
  });
});

describe('readStageResult', () => {
  it('readStageResult misses what was not run, and hits what was', async () => {
    const store = createMemoryStore();
    expect(await readStageResult(store, key)).toEqual({ status: 'miss', reason: 'not run yet' });
    const { result } = await committed(store);
    expect(await readStageResult(store, key)).toEqual({ status: 'hit', result });
  });

  it('readStageResult misses when a blob, a folder or a file of a folder is gone', async () => {
    const store = createMemoryStore();
    const { blob, folder } = await committed(store);
    const file = await store.putBlob(bytes('model'));
    for (const ref of [blob, folder, file]) {
      const kept = store.files.get(keyOf(ref)) ?? new Uint8Array();
      store.files.delete(keyOf(ref));
      const lookup = await readStageResult(store, key, { verify: 'exists' });
      expect(lookup).toMatchObject({ status: 'miss', reason: expect.stringContaining(ref.sha256) });
      store.files.set(keyOf(ref), kept);
    }
    expect((await readStageResult(store, key)).status).toBe('hit');
  });

  it('readStageResult misses when a blob is damaged, and the stage run again repairs it', async () => {
    const store = createMemoryStore();
    const { blob } = await committed(store);
    flipBit(store, keyOf(blob), 0);
    expect((await readStageResult(store, key)).status).toBe('miss');
    await committed(store);
    expect((await readStageResult(store, key)).status).toBe('hit');
  });

  it('readStageResult misses when the manifest is damaged, and the stage run again replaces it', async () => {
    const store = createMemoryStore();
    await committed(store);
    flipBit(store, `stages/${key}/result.json`, 100);
    expect((await readStageResult(store, key)).status).toBe('miss');
    await committed(store);
    expect((await readStageResult(store, key)).status).toBe('hit');
  });
});

describe('commitStageResult', () => {
  it('commitStageResult of a second attempt gives back the first result', async () => {
    const store = createMemoryStore();
    const results = await Promise.all([1, 2, 3].map((n): Promise<Json> => commitStageResult(store, key, { n })));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
  });

  it('commitStageResult refuses blobs that were never put, and results over 64 KiB', async () => {
    const store = createMemoryStore();
    const ref = { sha256: 'a'.repeat(64), sizeBytes: 3 };
    await expect(commitStageResult(store, key, { ref })).rejects.toThrow(ref.sha256);
    await expect(commitStageResult(store, key, 'x'.repeat(70_000))).rejects.toThrow(StageResultTooLargeError);
    expect(store.files.size).toBe(0);
  });
});

describe('putFolder', () => {
  it('putFolder gives equal files one reference, whatever their order', async () => {
    const store = createMemoryStore();
    const files = { a: bytes('1'), b: bytes('2') };
    const ref = await putFolder(store, files);
    expect(await putFolder(store, { b: bytes('2'), a: bytes('1') })).toEqual(ref);
    expect(await getFolder(store, ref)).toEqual(files);
  });
});

describe('collectGarbage', () => {
  const tensors = { w: hostTensor('float32', [1], Float32Array.of(1)) };

  it('collectGarbage keeps what results, checkpoints, runs and the caller name, and removes the rest when old', async () => {
    const store = createMemoryStore();
    const { result } = await committed(store);
    await (await openCheckpoints(store, 'running', { fingerprint: 'f' })).commit({ step: 1, tensors, state: null });
    const run = await store.putBlob(bytes('report'));
    await store.createManifest('runs/r1/outputs.json', bytes(JSON.stringify({ report: run })));
    await store.createManifest('runs/r1/sealed.json', seal({ other: await store.putBlob(bytes('other')) }));
    const kept = await store.putBlob(bytes('kept'));
    const orphan = await store.putBlob(bytes('orphan'));
    const before = store.files.size;
    expect(await collectGarbage(store, { graceMs: 1000, keep: [{ ...kept }] })).toEqual({
      checkpoints: 0,
      blobs: 0,
      sizeBytes: 0,
    });
    store.ageMs = 2000;
    expect(await collectGarbage(store, { graceMs: 1000, keep: [{ ...kept }] })).toEqual({
      checkpoints: 0,
      blobs: 1,
      sizeBytes: 6,
    });
    expect([store.files.size, store.files.has(keyOf(orphan))]).toEqual([before - 1, false]);
    expect(await readStageResult(store, key)).toEqual({ status: 'hit', result });
  });

  it('collectGarbage prunes checkpoints that a late attempt left beside a result', async () => {
    const store = createMemoryStore();
    await (await openCheckpoints(store, key, { fingerprint: 'f' })).commit({ step: 1, tensors, state: null });
    await committed(store);
    expect((await collectGarbage(store, { graceMs: 0 })).checkpoints).toBe(1);
    expect(await pruneCheckpoints(store, key)).toBe(0);
    expect((await readStageResult(store, key)).status).toBe('hit');
  });

  it('collectGarbage keeps the other blobs of a result whose folder list is gone', async () => {
    const store = createMemoryStore();
    const { blob, folder } = await committed(store);
    store.files.delete(keyOf(folder));
    store.ageMs = 2000;
    await collectGarbage(store, { graceMs: 1000 });
    expect(await store.hasBlob(blob)).toBe(true);
  });
});
