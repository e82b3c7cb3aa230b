/** What every store must do, whatever it is made of: the same tests for the folder and for MinIO. */

import { createHash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  BlobCorruptError,
  BlobMissingError,
  type BlobRef,
  blobKey,
  InvalidKeyError,
  openCheckpoints,
  type Store,
} from '../../core/checkpoint/index.js';
import { hostTensor } from '../../core/tensor.js';

export interface StoreHarness {
  /** A store on an empty place, and further ones on the same place as other processes would open them. */
  open(): Promise<Store>;
  /** Replaces what lies under a key behind the store's back. */
  overwrite(key: string, bytes: Uint8Array): Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const plain = (value: Uint8Array): Buffer => Buffer.from(value);

export function describeStore(name: string, makeHarness: () => Promise<StoreHarness>): void {
  describe(`${name}, by the contract of stores`, () => {
    let harness: StoreHarness;
    let store: Store;
    beforeAll(async () => {
      harness = await makeHarness();
      store = await harness.open();
    });

    it.each([0, 1, 1000, 3_000_001])('putBlob and getBlob carry %i bytes', async (sizeBytes) => {
      const content = randomBytes(sizeBytes);
      const ref = await store.putBlob(content);
      expect(ref).toEqual({ sha256: createHash('sha256').update(content).digest('hex'), sizeBytes });
      expect(plain(await store.getBlob(ref)).equals(content)).toBe(true);
      expect(await store.hasBlob(ref)).toBe(true);
      expect(await store.putBlob(content)).toEqual(ref);
    });

    it('putBlob takes a view into a larger buffer', async () => {
      const ref = await store.putBlob(Uint8Array.of(9, 1, 2, 3, 9).subarray(1, 4));
      expect([...(await store.getBlob(ref))]).toEqual([1, 2, 3]);
    });

    it('putBlob of the same bytes at once, by many, works', async () => {
      const others = await Promise.all(Array.from({ length: 4 }, () => harness.open()));
      const content = randomBytes(100_000);
      const refs = await Promise.all(
        [store, ...others].flatMap((each) => [each.putBlob(content), each.putBlob(content)]),
      );
      expect(new Set(refs.map((ref) => ref.sha256)).size).toBe(1);
      expect(plain(await store.getBlob(refs[0] ?? { sha256: '', sizeBytes: 0 })).equals(content)).toBe(true);
    });

    it('getBlob and hasBlob tell of a missing blob', async () => {
      const ref = { sha256: 'a'.repeat(64), sizeBytes: 1 };
      await expect(store.getBlob(ref)).rejects.toThrow(BlobMissingError);
      expect(await store.hasBlob(ref)).toBe(false);
    });

    it('getBlob notices a flipped bit, a cut, an empty and a swapped blob, and putBlob repairs each', async () => {
      const content = randomBytes(10_000);
      const ref = await store.putBlob(content);
      const flipped = Buffer.from(content);
      flipped[5000] = (flipped[5000] ?? 0) ^ 1;
      for (const damaged of [flipped, content.subarray(0, 4096), Buffer.alloc(0), randomBytes(10_000)]) {
        await harness.overwrite(blobKey(ref), damaged);
        await expect(store.getBlob(ref)).rejects.toThrow(BlobCorruptError);
        await store.putBlob(content);
        expect(plain(await store.getBlob(ref)).equals(content)).toBe(true);
      }
    });

    it('hasBlob is false for another size', async () => {
      const ref = await store.putBlob(bytes('1234'));
      expect(await store.hasBlob({ ...ref, sizeBytes: 5 })).toBe(false);
    });

    it('createManifest has exactly one winner of twenty, and its bytes stand', async () => {
      const others = await Promise.all(Array.from({ length: 4 }, () => harness.open()));
      for (const round of [1, 2, 3]) {
        const key = `race/${round}.json`;
        const results = await Promise.all(
          Array.from({ length: 20 }, (_, i) => (others[i % 4] ?? store).createManifest(key, bytes(`writer ${i}`))),
        );
        expect(results.filter((result) => result === 'created')).toHaveLength(1);
        const winner = results.indexOf('created');
        expect(plain((await store.readManifest(key)) ?? bytes('')).toString()).toBe(`writer ${winner}`);
      }
    });

    it('createManifest never overwrites, and what it made is seen by another opener', async () => {
      expect(await store.createManifest('once/a.json', bytes('first'))).toBe('created');
      expect(await store.createManifest('once/a.json', bytes('second'))).toBe('exists');
      const other = await harness.open();
      expect(plain((await other.readManifest('once/a.json')) ?? bytes('')).toString()).toBe('first');
      expect(await store.readManifest('once/b.json')).toBeUndefined();
    });

    it('listManifests lists under a prefix by code unit, without blobs', async () => {
      for (const key of ['l/b/2.json', 'l/b/10.json', 'l/a.json', 'l/b-1.json', 'lx/c.json'])
        await store.createManifest(key, bytes('x'));
      await store.putBlob(bytes('some blob'));
      expect(await store.listManifests('l/')).toEqual(['l/a.json', 'l/b-1.json', 'l/b/10.json', 'l/b/2.json']);
      expect(await store.listManifests('l/b/')).toEqual(['l/b/10.json', 'l/b/2.json']);
      expect(await store.listManifests('nothing/')).toEqual([]);
      expect((await store.listManifests('')).filter((key) => key.startsWith('blobs') || key.startsWith('.'))).toEqual(
        [],
      );
    });

    it('deleteManifest and deleteBlob remove, also what is gone already', async () => {
      const ref = await store.putBlob(bytes('to be removed'));
      await store.createManifest('gone/a.json', bytes('x'));
      for (const time of ['first', 'again']) {
        await store.deleteManifest('gone/a.json');
        await store.deleteBlob(ref);
        expect([time, await store.hasBlob(ref), await store.listManifests('gone/')]).toEqual([time, false, []]);
      }
      expect(await store.createManifest('gone/a.json', bytes('y'))).toBe('created');
    });

    it('listBlobs lists each blob with size and age', async () => {
      const ref = await store.putBlob(bytes('listed'));
      const listed = (await store.listBlobs()).find((blob) => blob.sha256 === ref.sha256);
      expect(listed?.sizeBytes).toBe(6);
      expect(Math.abs(listed?.ageMs ?? Infinity)).toBeLessThan(60_000);
    });

    it.each(['../escape.json', '/abs.json', 'a//b', 'A.json', 'a/./b', 'blobs/sha256/x'])(
      'refuses the key %j',
      async (key) => {
        await expect(async () => store.createManifest(key, bytes('x'))).rejects.toThrow(InvalidKeyError);
        await expect(async () => store.readManifest(key)).rejects.toThrow(InvalidKeyError);
        await expect(async () => store.deleteManifest(key)).rejects.toThrow(InvalidKeyError);
      },
    );

    it.each(['../../etc/passwd', 'A'.repeat(64), 'short'])('refuses the digest %j', async (sha256) => {
      const ref: BlobRef = { sha256, sizeBytes: 1 };
      await expect(async () => store.getBlob(ref)).rejects.toThrow(InvalidKeyError);
      await expect(async () => store.deleteBlob(ref)).rejects.toThrow(InvalidKeyError);
    });

    it('carries the checkpoint protocol: commit, resume, fall back over damage', async () => {
      const at = (step: number) => ({
        step,
        tensors: { w: hostTensor('float32', [1000], new Float32Array(1000).fill(step)) },
        state: { step },
      });
      const log = await openCheckpoints(store, 'contract', { fingerprint: 'f' });
      for (const step of [1, 2, 3]) await log.commit(at(step));
      const resumed = await openCheckpoints(await harness.open(), 'contract', { fingerprint: 'f' });
      expect(await resumed.newest()).toEqual(at(3));
      await harness.overwrite('stages/contract/checkpoints/0000000003.json', bytes('torn'));
      expect(await resumed.newest()).toEqual(at(2));
      await resumed.commit(at(3));
      expect(await resumed.newest()).toEqual(at(3));
    });
  });
}
