/**
 * The store that every durable byte goes through: blobs named by their content, and manifests that are created once
 * under a chosen key. This file says what a store promises; it knows no folder, no server and no clock.
 */

/** Names bytes by their content. Plain data: it may cross processes and stand in a manifest. */
export interface BlobRef {
  /** Lower-case hex, 64 digits. */
  readonly sha256: string;
  readonly sizeBytes: number;
}

export interface StoredBlob extends BlobRef {
  /** Time since the blob was written or last put again. */
  readonly ageMs: number;
}

/**
 * Promises: a blob or manifest is there whole or not at all, whatever is killed when; of many creators of one manifest
 * exactly one sees `created`; what was created is seen by every later read; bytes are compared with their digest on
 * every read.
 */
export interface Store {
  /** Writes the bytes unless they are there already; bytes that are there but damaged are replaced. */
  putBlob(bytes: Uint8Array): Promise<BlobRef>;
  /** @throws BlobMissingError @throws BlobCorruptError */
  getBlob(ref: BlobRef): Promise<Uint8Array>;
  /** Whether a blob of this digest and size is there; its bytes are not read. */
  hasBlob(ref: BlobRef): Promise<boolean>;
  /** Creates the manifest unless the key is taken, in one step. @throws InvalidKeyError */
  createManifest(key: string, bytes: Uint8Array): Promise<'created' | 'exists'>;
  readManifest(key: string): Promise<Uint8Array | undefined>;
  /** Keys that start with `prefix`, which is empty or ends in `/`, sorted by code unit. */
  listManifests(prefix: string): Promise<string[]>;
  /** Removing what is not there is no error. */
  deleteManifest(key: string): Promise<void>;
  listBlobs(): Promise<StoredBlob[]>;
  /** Removing what is not there is no error. */
  deleteBlob(ref: BlobRef): Promise<void>;
  /** One line for a person: kind and place, no secrets. */
  describe(): string;
}

const segmentPattern = /^[a-z0-9][a-z0-9._-]{0,199}$/;
const maxKeyLength = 512;

/**
 * Lower case only, so that two keys never meet on a file system that ignores case.
 * @throws InvalidKeyError for anything outside the allowlist: `..`, absolute paths, empty segments, odd characters.
 */
export function checkKey(key: string): string {
  const isValid = key.length <= maxKeyLength && key.split('/').every((segment) => segmentPattern.test(segment));
  if (!isValid) throw new InvalidKeyError(key);
  if (key.startsWith('blobs/')) throw new InvalidKeyError(key, 'a key outside blobs/, which holds content-named bytes');
  return key;
}

/** A list prefix is empty or a key with a `/` after it. @throws InvalidKeyError */
export function checkPrefix(prefix: string): string {
  if (prefix === '') return prefix;
  if (!prefix.endsWith('/')) throw new InvalidKeyError(prefix, 'a prefix that ends in /');
  checkKey(prefix.slice(0, -1));
  return prefix;
}

/** The key of a blob. @throws InvalidKeyError when the digest is not 64 lower-case hex digits. */
export function blobKey(ref: BlobRef): string {
  if (!/^[0-9a-f]{64}$/.test(ref.sha256)) throw new InvalidKeyError(ref.sha256, '64 lower-case hex digits');
  return `blobs/sha256/${ref.sha256}`;
}

export class InvalidKeyError extends Error {
  constructor(
    readonly key: string,
    expected = "segments of a-z, 0-9, '.', '_', '-' joined by '/', each starting with a letter or digit",
  ) {
    super(`store: expected ${expected}, got ${JSON.stringify(key.slice(0, 200))}`);
    this.name = 'InvalidKeyError';
  }
}

export class BlobMissingError extends Error {
  constructor(
    readonly ref: BlobRef,
    readonly storeName: string,
  ) {
    super(
      `getBlob: ${ref.sha256} (${ref.sizeBytes} bytes) is not in ${storeName}; the stage that made it has to run again`,
    );
    this.name = 'BlobMissingError';
  }
}

export class BlobCorruptError extends Error {
  constructor(
    readonly ref: BlobRef,
    readonly found: { readonly sizeBytes: number; readonly sha256: string },
    readonly storeName: string,
  ) {
    super(
      `getBlob: expected ${ref.sizeBytes} bytes with SHA-256 ${ref.sha256}, got ${found.sizeBytes} bytes with ` +
        `${found.sha256} in ${storeName}; check the disk, then run again: putting the blob anew repairs it`,
    );
    this.name = 'BlobCorruptError';
  }
}

export class StorageFullError extends Error {
  constructor(
    readonly place: string,
    readonly neededBytes: number,
    options?: ErrorOptions,
  ) {
    super(
      `store: no space left at ${place} for ${neededBytes} more bytes; free some space or choose another place, ` +
        'then give the same command again: it goes on from the last checkpoint',
      options,
    );
    this.name = 'StorageFullError';
  }
}

/** The store did not answer in time, or went away; trying again later may help. */
export class StoreUnavailableError extends Error {
  constructor(
    readonly storeName: string,
    readonly operation: string,
    readonly problem: string,
    options?: ErrorOptions,
  ) {
    super(
      `${operation}: ${storeName} gave no usable answer: ${problem}; check that it runs and can be reached`,
      options,
    );
    this.name = 'StoreUnavailableError';
  }
}
