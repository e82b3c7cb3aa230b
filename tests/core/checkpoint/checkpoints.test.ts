import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  DeterminismViolationError,
  FencedError,
  FingerprintMismatchError,
  openCheckpoints,
} from '../../../core/checkpoint/index.js';
import { packTensors, unpackTensors } from '../../../core/checkpoint/tensor-chunks.js';
import { hostTensor } from '../../../core/tensor.js';
import { CrashError, createMemoryStore, flipBit, type MemoryStore } from '../../support/memory-store.js';

const stage = 'stage-a';
const options = { fingerprint: 'cpu-1' };

function checkpoint(step: number, value = step): Checkpoint {
  return {
    step,
    tensors: {
      'h.0.weight': hostTensor('float32', [2, 2], Float32Array.of(value, -0, Number.NaN, 1e-40)),
      counter: hostTensor('int64', [1], BigInt64Array.of(2n ** 62n)),
      mask: hostTensor('bool', [3], Uint8Array.of(1, 0, 1)),
      empty: hostTensor('int32', [0], new Int32Array()),
    },
    state: { cursor: step * 10, losses: [0.5, 0.25] },
  };
}

function checkpointKeys(store: MemoryStore): string[] {
  return [...store.files.keys()].filter((key) => key.includes('/checkpoints/'));
}

describe('openCheckpoints', () => {
  it('openCheckpoints gives back bit for bit what was committed', async () => {
    const store = createMemoryStore();
    const log = await openCheckpoints(store, stage, options);
    expect(await log.newest()).toBeUndefined();
    await log.commit(checkpoint(3));
    const resumed = await openCheckpoints(store, stage, options);
    expect(await resumed.newest()).toEqual(checkpoint(3));
    expect([log.epoch, resumed.epoch]).toEqual([1, 2]);
  });

  it('newest skips a damaged checkpoint, tells of it, and a second commit repairs it', async () => {
    const store = createMemoryStore();
    const log = await openCheckpoints(store, stage, options);
    await log.commit(checkpoint(1));
    const before = new Set(store.files.keys());
    await log.commit(checkpoint(2));
    const blob = [...store.files.keys()].find((key) => key.startsWith('blobs/') && !before.has(key)) ?? '';
    flipBit(store, blob, 70);
    const damaged: string[] = [];
    const resumed = await openCheckpoints(store, stage, {
      ...options,
      onDamaged: ({ problem }) => damaged.push(problem.name),
    });
    expect((await resumed.newest())?.step).toBe(1);
    expect(damaged).toEqual(['BlobCorruptError']);
    await resumed.commit(checkpoint(2));
    expect((await resumed.newest())?.step).toBe(2);
  });

  it('newest never believes a manifest of which any one bit was flipped', async () => {
    const store = createMemoryStore();
    const log = await openCheckpoints(store, stage, options);
    await log.commit(checkpoint(1));
    const key = checkpointKeys(store)[0] ?? '';
    const sound = store.files.get(key) ?? new Uint8Array();
    for (let byte = 0; byte < sound.length; byte++) {
      store.files.set(key, sound);
      flipBit(store, key, byte);
      expect(await log.newest(), `byte ${byte}`).toBeUndefined();
    }
    await log.commit(checkpoint(1));
    expect((await log.newest())?.step).toBe(1);
  });

  it('newest treats a truncated or missing blob as damage', async () => {
    const store = createMemoryStore();
    const log = await openCheckpoints(store, stage, options);
    await log.commit(checkpoint(1));
    const blob = [...store.files.keys()].find((key) => key.startsWith('blobs/')) ?? '';
    const whole = store.files.get(blob) ?? new Uint8Array();
    for (const length of [0, 64, whole.length - 1]) {
      store.files.set(blob, whole.subarray(0, length));
      expect(await log.newest()).toBeUndefined();
    }
    store.files.delete(blob);
    expect(await log.newest()).toBeUndefined();
  });

  it('commit of the same step again succeeds when the content is the same and fails when it is not', async () => {
    const store = createMemoryStore();
    await (await openCheckpoints(store, stage, options)).commit(checkpoint(5));
    const second = await openCheckpoints(store, stage, options);
    await expect(second.commit(checkpoint(5))).resolves.toBeUndefined();
    await expect(second.commit(checkpoint(5, 6))).rejects.toThrow(DeterminismViolationError);
    expect(await second.newest()).toEqual(checkpoint(5));
  });

  it('commit of an overtaken attempt is refused and writes no manifest', async () => {
    const store = createMemoryStore();
    const old = await openCheckpoints(store, stage, options);
    await old.commit(checkpoint(1));
    await openCheckpoints(store, stage, options);
    await expect(old.commit(checkpoint(2))).rejects.toThrow(FencedError);
    expect(checkpointKeys(store)).toHaveLength(1);
  });

  it('openCheckpoints gives attempts that start at once different epochs', async () => {
    const store = createMemoryStore();
    const logs = await Promise.all(Array.from({ length: 10 }, () => openCheckpoints(store, stage, options)));
    expect(logs.map(({ epoch }) => epoch).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('newest refuses another fingerprint unless drift is allowed', async () => {
    const store = createMemoryStore();
    await (await openCheckpoints(store, stage, options)).commit(checkpoint(1));
    const other = await openCheckpoints(store, stage, { fingerprint: 'cpu-2' });
    await expect(other.newest()).rejects.toThrow(FingerprintMismatchError);
    const drifting = await openCheckpoints(store, stage, { fingerprint: 'cpu-2', allowDrift: true });
    expect((await drifting.newest())?.step).toBe(1);
    await expect(drifting.commit(checkpoint(1, 9))).resolves.toBeUndefined();
  });

  it('commit keeps the last two checkpoints and the blobs of those alone', async () => {
    const store = createMemoryStore();
    const log = await openCheckpoints(store, stage, options);
    for (const step of [1, 2, 3, 4]) await log.commit(checkpoint(step));
    expect(checkpointKeys(store).map((key) => key.slice(-7, -5))).toEqual(['03', '04']);
    expect([...store.files.keys()].filter((key) => key.startsWith('blobs/'))).toHaveLength(2);
  });

  it('commit that stops at any operation leaves the checkpoint before it or the new one, whole', async () => {
    const crashAt = async (operation: number): Promise<{ readonly operations: number; readonly step: number }> => {
      const store = createMemoryStore();
      const log = await openCheckpoints(store, stage, options);
      for (const step of [1, 2]) await log.commit(checkpoint(step));
      store.crashAt(operation);
      const outcome = await log.commit(checkpoint(3)).catch((error: unknown) => error);
      expect(outcome instanceof CrashError).toBe(operation !== Infinity);
      const operations = store.operations();
      store.crashAt(Infinity);
      const newest = await (await openCheckpoints(store, stage, options)).newest();
      expect(newest).toEqual(checkpoint(newest?.step ?? 0));
      return { operations, step: newest?.step ?? 0 };
    };
    const { operations, step } = await crashAt(Infinity);
    expect([operations, step]).toEqual([4, 3]);
    const steps = [];
    for (let operation = 1; operation <= operations; operation++) steps.push((await crashAt(operation)).step);
    // Blob, manifest, removal of the oldest manifest, removal of its blob: the second one commits.
    expect(steps).toEqual([2, 2, 3, 3]);
  });
});

describe('packTensors', () => {
  it('packTensors cuts at the chunk size, and unpackTensors joins again', async () => {
    const store = createMemoryStore();
    const values = Float32Array.from({ length: 100 }, (_, i) => i / 3);
    const tensors = { a: hostTensor('float32', [100], values), b: hostTensor('float32', [], Float32Array.of(7)) };
    const packed = await packTensors(store, stage, tensors, 64 + 90);
    expect(packed.chunks.map((chunk) => chunk.sizeBytes)).toEqual([154, 154, 154, 154, 64 + 404 - 4 * 90]);
    expect(await unpackTensors(store, packed)).toEqual(tensors);
  });

  it('packTensors shares no chunk between stages, and gives one stage the same chunks again', async () => {
    const store = createMemoryStore();
    const tensors = checkpoint(1).tensors;
    const [first, again, other] = [
      await packTensors(store, 'a', tensors),
      await packTensors(store, 'a', tensors),
      await packTensors(store, 'b', tensors),
    ];
    expect(again).toEqual(first);
    expect(other.chunks).not.toEqual(first.chunks);
  });

  it('unpackTensors refuses sizes that do not add up', async () => {
    const store = createMemoryStore();
    const packed = await packTensors(store, stage, checkpoint(1).tensors);
    const forged = { ...packed, tensors: [{ name: 'x', dtype: 'float32' as const, shape: [2 ** 40] }] };
    await expect(unpackTensors(store, forged)).rejects.toThrow('expected');
  });
});
