/**
 * A store in a bucket of MinIO or any S3. Every upload is one buffer in one PUT, every call has a deadline and a
 * bounded number of tries. Knows no keys' meaning.
 */

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { Client } from 'minio';
import { sha256Hex } from '../core/checkpoint/digest.js';
import {
  BlobCorruptError,
  BlobMissingError,
  type BlobRef,
  blobKey,
  checkKey,
  checkPrefix,
  type Store,
  type StoredBlob,
  StoreUnavailableError,
} from '../core/checkpoint/store.js';
import { createDeadlineTransport, type DeadlineSettings } from './deadline-transport.js';
import { isCode, type RetrySettings, withRetries } from './minio-retry.js';

export interface MinioSettings {
  /** `host:port`, or a URL whose scheme then decides about TLS. */
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  /** Put before every key, without slashes at its ends. */
  readonly prefix?: string;
  readonly useSsl?: boolean;
  /** `us-east-1` unless given, as MinIO has it. */
  readonly region?: string;
  readonly deadline?: DeadlineSettings;
  readonly retry?: RetrySettings;
}

const defaultDeadline: DeadlineSettings = { baseMs: 30_000, floorBytesPerSecond: 1_000_000 };
const defaultRetry: RetrySettings = { attempts: 6, firstDelayMs: 200, maxDelayMs: 5_000 };

interface Bucket {
  readonly client: Client;
  readonly name: string;
  readonly prefix: string;
  readonly description: string;
  call<T>(operation: string, work: () => Promise<T>): Promise<T>;
}

/** Makes the bucket when it is not there yet. @throws StoreUnavailableError */
export async function createMinioStore(settings: MinioSettings): Promise<Store> {
  const bucket = connect(settings);
  await ensureBucket(bucket, settings.region ?? 'us-east-1');
  return {
    putBlob: (bytes) => putBlob(bucket, bytes),
    getBlob: (ref) => getBlob(bucket, ref),
    hasBlob: async (ref) => (await sizeOf(bucket, blobKey(ref))) === ref.sizeBytes,
    createManifest: (key, bytes) => createManifest(bucket, checkKey(key), bytes),
    readManifest: (key) => readObject(bucket, 'readManifest', checkKey(key)),
    listManifests: (prefix) => listManifests(bucket, checkPrefix(prefix)),
    deleteManifest: (key) => remove(bucket, checkKey(key)),
    listBlobs: () => listBlobs(bucket),
    deleteBlob: (ref) => remove(bucket, blobKey(ref)),
    describe: () => bucket.description,
  };
}

function connect(settings: MinioSettings): Bucket {
  const url = new URL(settings.endpoint.includes('://') ? settings.endpoint : `http://${settings.endpoint}`);
  const useSSL = settings.useSsl ?? url.protocol === 'https:';
  const description = `bucket ${settings.bucket} at ${url.host}`;
  const client = new Client({
    endPoint: url.hostname,
    port: Number(url.port === '' ? (useSSL ? 443 : 80) : url.port),
    useSSL,
    accessKey: settings.accessKey,
    secretKey: settings.secretKey,
    region: settings.region ?? 'us-east-1',
    // Larger buffers would be split into a multipart upload, whose parts minio-js 8.0.7 numbers wrongly.
    partSize: 5 * 1024 ** 3,
    retryOptions: { disableRetry: true },
    transport: createDeadlineTransport(useSSL, settings.deadline ?? defaultDeadline),
    transportAgent: useSSL ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true }),
  });
  const call = <T>(operation: string, work: () => Promise<T>): Promise<T> =>
    withRetries({ storeName: description, operation, settings: settings.retry ?? defaultRetry }, work);
  return { client, name: settings.bucket, prefix: settings.prefix ? `${settings.prefix}/` : '', description, call };
}

async function ensureBucket(bucket: Bucket, region: string): Promise<void> {
  const { client, name } = bucket;
  await bucket.call('openStore', async () => {
    if (await client.bucketExists(name)) return;
    try {
      await client.makeBucket(name, region);
    } catch (error) {
      if (!isCode(error, 'BucketAlreadyOwnedByYou', 'BucketAlreadyExists')) throw error;
    }
  });
}

// Unconditional: the name is the content, so a second upload changes nothing, repairs damage and renews the age.
async function putBlob(bucket: Bucket, bytes: Uint8Array): Promise<BlobRef> {
  const ref = { sha256: sha256Hex(bytes), sizeBytes: bytes.length };
  await bucket.call('putBlob', () => put(bucket, blobKey(ref), bytes, {}));
  return ref;
}

async function createManifest(bucket: Bucket, key: string, bytes: Uint8Array): Promise<'created' | 'exists'> {
  return bucket.call('createManifest', async () => {
    try {
      await put(bucket, key, bytes, { 'If-None-Match': '*' });
      return 'created';
    } catch (error) {
      // Also the answer to a second try whose first one was carried out but not acknowledged: read it back.
      if (isCode(error, 'PreconditionFailed')) return 'exists';
      throw error;
    }
  });
}

async function put(bucket: Bucket, key: string, bytes: Uint8Array, headers: Record<string, string>): Promise<void> {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  await bucket.client.putObject(bucket.name, bucket.prefix + key, buffer, buffer.length, headers);
}

async function getBlob(bucket: Bucket, ref: BlobRef): Promise<Uint8Array> {
  const bytes = await readBlob(bucket, ref);
  if (bytes === undefined) throw new BlobMissingError(ref, bucket.description);
  const sha256 = sha256Hex(bytes);
  if (bytes.length !== ref.sizeBytes || sha256 !== ref.sha256) {
    throw new BlobCorruptError(ref, { sizeBytes: bytes.length, sha256 }, bucket.description);
  }
  return bytes;
}

/** MinIO tells of a damaged object by breaking off the answer, each time: with the server well, that is corruption. */
async function readBlob(bucket: Bucket, ref: BlobRef): Promise<Uint8Array | undefined> {
  try {
    return await readObject(bucket, 'getBlob', blobKey(ref));
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    const sizeBytes = await sizeOf(bucket, blobKey(ref)).catch(() => undefined);
    if (sizeBytes === undefined) throw error;
    throw new BlobCorruptError(ref, { sizeBytes, sha256: `no readable bytes (${error.problem})` }, bucket.description);
  }
}

async function readObject(bucket: Bucket, operation: string, key: string): Promise<Uint8Array | undefined> {
  return bucket.call(operation, async () => {
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of await bucket.client.getObject(bucket.name, bucket.prefix + key)) chunks.push(chunk);
      return Buffer.concat(chunks);
    } catch (error) {
      if (isCode(error, 'NoSuchKey', 'NotFound')) return undefined;
      throw error;
    }
  });
}

async function sizeOf(bucket: Bucket, key: string): Promise<number | undefined> {
  return bucket.call('hasBlob', async () => {
    try {
      return (await bucket.client.statObject(bucket.name, bucket.prefix + key)).size;
    } catch (error) {
      if (isCode(error, 'NoSuchKey', 'NotFound')) return undefined;
      throw error;
    }
  });
}

async function remove(bucket: Bucket, key: string): Promise<void> {
  await bucket.call('delete', () => bucket.client.removeObject(bucket.name, bucket.prefix + key));
}

interface Listed {
  readonly key: string;
  readonly sizeBytes: number;
  readonly modified: Date;
}

async function list(bucket: Bucket, prefix: string): Promise<Listed[]> {
  return bucket.call('list', async () => {
    const found: Listed[] = [];
    for await (const item of bucket.client.listObjectsV2(bucket.name, bucket.prefix + prefix, true)) {
      found.push({ key: item.name.slice(bucket.prefix.length), sizeBytes: item.size, modified: item.lastModified });
    }
    return found;
  });
}

async function listManifests(bucket: Bucket, prefix: string): Promise<string[]> {
  const keys = (await list(bucket, prefix)).map(({ key }) => key);
  return keys.filter((key) => !key.startsWith('blobs/')).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

async function listBlobs(bucket: Bucket): Promise<StoredBlob[]> {
  return (await list(bucket, 'blobs/sha256/')).map(({ key, sizeBytes, modified }) => ({
    sha256: key.slice('blobs/sha256/'.length),
    sizeBytes,
    ageMs: Date.now() - modified.getTime(),
  }));
}
