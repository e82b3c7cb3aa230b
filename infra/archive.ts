/** Reads one file out of a zip or tar.gz archive held in memory. Knows nothing of files on disk. */

import { gunzipSync, inflateRawSync } from 'node:zlib';

export class ArchiveError extends Error {
  constructor(
    readonly wanted: string,
    readonly problem: string,
  ) {
    super(`archive: could not read ${wanted}: ${problem}`);
    this.name = 'ArchiveError';
  }
}

/**
 * The first entry whose base name is `baseName`.
 * Format: POSIX.1-2017 `pax`, "ustar Interchange Format": headers of 512 bytes, name at 0, octal size at 124.
 * @throws ArchiveError
 */
export function readFromTarGz(archive: Uint8Array, baseName: string): Uint8Array {
  const tar = reading(baseName, () => gunzipSync(archive));
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const name = textAt(tar, at, 100);
    const sizeBytes = Number.parseInt(textAt(tar, at + 124, 12), 8);
    if (!Number.isSafeInteger(sizeBytes))
      throw new ArchiveError(baseName, `expected an octal size at byte ${at + 124}`);
    if (hasBaseName(name, baseName)) return tar.subarray(at + 512, at + 512 + sizeBytes);
    at += 512 + Math.ceil(sizeBytes / 512) * 512;
  }
  throw new ArchiveError(baseName, 'the archive has no such entry');
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  const field = Buffer.from(bytes.subarray(at, at + length));
  const end = field.indexOf(0);
  return field.toString('latin1', 0, end === -1 ? length : end).trim();
}

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const stored = 0;
const deflated = 8;

/**
 * The first entry whose base name is `baseName`, of an archive below 4 GiB.
 * Format: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.16 (its end).
 * @throws ArchiveError
 */
export function readFromZip(archive: Uint8Array, baseName: string): Uint8Array {
  return reading(baseName, () => {
    const zip = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
    const end = findEnd(zip, baseName);
    let at = zip.readUInt32LE(end + 16);
    for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
      if (zip.readUInt32LE(at) !== directoryEntry) throw new ArchiveError(baseName, `no directory entry at byte ${at}`);
      const nameLength = zip.readUInt16LE(at + 28);
      if (hasBaseName(zip.toString('utf8', at + 46, at + 46 + nameLength), baseName))
        return readEntry(zip, at, baseName);
      at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
    }
    throw new ArchiveError(baseName, 'the archive has no such entry');
  });
}

function findEnd(zip: Buffer, wanted: string): number {
  for (let at = zip.length - 22; at >= Math.max(0, zip.length - 22 - 0xffff); at--) {
    if (zip.readUInt32LE(at) === endOfDirectory) return at;
  }
  throw new ArchiveError(wanted, 'it is no zip archive');
}

function readEntry(zip: Buffer, at: number, wanted: string): Uint8Array {
  const method = zip.readUInt16LE(at + 10);
  const packedBytes = zip.readUInt32LE(at + 20);
  const local = zip.readUInt32LE(at + 42);
  const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
  const packed = zip.subarray(start, start + packedBytes);
  if (method === stored) return packed;
  if (method === deflated) return inflateRawSync(packed);
  throw new ArchiveError(wanted, `unknown compression method ${method}`);
}

function hasBaseName(name: string, baseName: string): boolean {
  return name === baseName || name.endsWith(`/${baseName}`);
}

function reading<T>(wanted: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ArchiveError) throw error;
    throw new ArchiveError(wanted, error instanceof Error ? error.message : String(error));
  }
}
