/**
 * Lists and reads the stored entries of a zip archive in memory, strictly: no entry is compressed, none overlaps another, so
 * that reading never takes more memory than the archive has. Knows nothing of what the entries mean.
 *
 * Format: PKWARE APPNOTE 6.3, sections 4.3.7 (local header), 4.3.12 (central directory), 4.3.14 to 4.3.16 (its ends, zip64),
 * 4.5.3 (zip64 sizes).
 */

import { crc32 } from 'node:zlib';

/** The bytes are no zip archive of stored entries. `where` is an entry's name or a part of the archive. */
export class ZipFormatError extends Error {
  override readonly name = 'ZipFormatError';
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`readZip: ${where}: expected ${expected}, got ${got}; fetch or write the file again`);
  }
}

const LOCAL_HEADER = 0x04034b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END = 0x06054b50;
const ZIP64_END = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const ZIP64_SIZES = 0x0001;
const ENCRYPTED = 0x0001;
const LOCAL_HEADER_BYTES = 30;
const DIRECTORY_ENTRY_BYTES = 46;
const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;

interface Entry {
  readonly name: string;
  readonly sizeBytes: number;
  readonly headerAt: number;
  readonly crc: number;
}

interface Directory {
  readonly at: number;
  readonly entries: number;
  readonly sizeBytes: number;
}

/** Bytes with bounds: a read beyond the end is a format error. */
class Reader {
  readonly #view: DataView;
  constructor(readonly bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  slice(where: string, at: number, sizeBytes: number): Uint8Array {
    if (at < 0 || at + sizeBytes > this.bytes.byteLength)
      throw new ZipFormatError(where, `${sizeBytes} bytes at ${at}`, `an archive of ${this.bytes.byteLength} bytes`);
    return this.bytes.subarray(at, at + sizeBytes);
  }

  u16(where: string, at: number): number {
    this.slice(where, at, 2);
    return this.#view.getUint16(at, true);
  }

  u32(where: string, at: number): number {
    this.slice(where, at, 4);
    return this.#view.getUint32(at, true);
  }

  u64(where: string, at: number): number {
    this.slice(where, at, 8);
    const value = this.#view.getBigUint64(at, true);
    if (value > BigInt(this.bytes.byteLength))
      throw new ZipFormatError(where, `a number up to the archive's ${this.bytes.byteLength} bytes`, `${value}`);
    return Number(value);
  }
}

/**
 * Every entry's bytes by name, as views of the archive. Checksums are verified.
 * @throws ZipFormatError on anything but distinct, stored, undamaged entries
 */
export function readZip(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const reader = new Reader(bytes);
  const entries = readDirectory(reader, findDirectory(reader));
  const files = new Map<string, Uint8Array>();
  let free = 0;
  for (const entry of entries.toSorted((a, b) => a.headerAt - b.headerAt)) {
    if (files.has(entry.name)) throw new ZipFormatError(entry.name, 'each name once', 'it twice');
    if (entry.headerAt < free)
      throw new ZipFormatError(entry.name, `an entry that begins at ${free} or later`, `${entry.headerAt}`);
    const data = readEntry(reader, entry);
    free = data.byteOffset - bytes.byteOffset + data.byteLength;
    files.set(entry.name, data);
  }
  return files;
}

function findDirectory(reader: Reader): Directory {
  const size = reader.bytes.byteLength;
  for (let at = size - END_BYTES; at >= Math.max(0, size - END_BYTES - MAX_COMMENT_BYTES); at--) {
    if (reader.u32('end of directory', at) === END) return readEnd(reader, at);
  }
  throw new ZipFormatError('archive', 'a zip archive', `${size} bytes without an end of directory`);
}

function readEnd(reader: Reader, at: number): Directory {
  const where = 'end of directory';
  if (at >= 20 && reader.u32(where, at - 20) === ZIP64_LOCATOR) {
    const end = reader.u64(where, at - 12);
    if (reader.u32(where, end) !== ZIP64_END) throw new ZipFormatError(where, `a zip64 record at ${end}`, 'none');
    return {
      entries: reader.u64(where, end + 32),
      sizeBytes: reader.u64(where, end + 40),
      at: reader.u64(where, end + 48),
    };
  }
  return {
    entries: reader.u16(where, at + 10),
    sizeBytes: reader.u32(where, at + 12),
    at: reader.u32(where, at + 16),
  };
}

function readDirectory(reader: Reader, directory: Directory): Entry[] {
  const entries: Entry[] = [];
  let at = directory.at;
  for (let left = directory.entries; left > 0; left--) {
    const where = `directory entry ${entries.length}`;
    if (reader.u32(where, at) !== DIRECTORY_ENTRY) throw new ZipFormatError(where, `its mark at ${at}`, 'other bytes');
    const nameBytes = reader.u16(where, at + 28);
    const extraBytes = reader.u16(where, at + 30);
    const name = nameOf(where, reader.slice(where, at + DIRECTORY_ENTRY_BYTES, nameBytes));
    entries.push(readDirectoryEntry(reader, at, name, at + DIRECTORY_ENTRY_BYTES + nameBytes, extraBytes));
    at += DIRECTORY_ENTRY_BYTES + nameBytes + extraBytes + reader.u16(where, at + 32);
  }
  if (at !== directory.at + directory.sizeBytes)
    throw new ZipFormatError('directory', `${directory.sizeBytes} bytes`, `${at - directory.at}`);
  return entries;
}

function nameOf(where: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ZipFormatError(where, 'a name in UTF-8', 'other bytes');
  }
}

function readDirectoryEntry(reader: Reader, at: number, name: string, extraAt: number, extraBytes: number): Entry {
  const method = reader.u16(name, at + 10);
  if (method !== 0) throw new ZipFormatError(name, 'a stored entry (method 0)', `method ${method}`);
  if (reader.u16(name, at + 8) & ENCRYPTED) throw new ZipFormatError(name, 'a plain entry', 'an encrypted one');
  const packed = reader.u32(name, at + 20);
  const plain = reader.u32(name, at + 24);
  const header = reader.u32(name, at + 42);
  if (packed !== plain) throw new ZipFormatError(name, `${plain} stored bytes`, `${packed}`);
  const wide = [plain, packed, header].filter((value) => value === 0xffffffff).length;
  const large = wide > 0 ? zip64Values(reader, name, extraAt, extraBytes, wide) : [];
  const next = (value: number) => (value === 0xffffffff ? (large.shift() ?? 0) : value);
  const sizeBytes = next(plain);
  if (next(packed) !== sizeBytes) throw new ZipFormatError(name, `${sizeBytes} stored bytes`, 'another number');
  return { name, sizeBytes, headerAt: next(header), crc: reader.u32(name, at + 16) };
}

/** The 64-bit values that stand in for those that did not fit in 32. */
function zip64Values(reader: Reader, name: string, extraAt: number, extraBytes: number, count: number): number[] {
  let at = extraAt;
  while (at + 4 <= extraAt + extraBytes) {
    const sizeBytes = reader.u16(name, at + 2);
    if (reader.u16(name, at) === ZIP64_SIZES && sizeBytes >= 8 * count)
      return Array.from({ length: count }, (_, i) => reader.u64(name, at + 4 + 8 * i));
    at += 4 + sizeBytes;
  }
  throw new ZipFormatError(name, 'its zip64 sizes', 'none');
}

function readEntry(reader: Reader, { name, sizeBytes, headerAt, crc }: Entry): Uint8Array {
  if (reader.u32(name, headerAt) !== LOCAL_HEADER) throw new ZipFormatError(name, `its header at ${headerAt}`, 'none');
  const begin = headerAt + LOCAL_HEADER_BYTES + reader.u16(name, headerAt + 26) + reader.u16(name, headerAt + 28);
  const data = reader.slice(name, begin, sizeBytes);
  const actual = crc32(data);
  if (actual !== crc) throw new ZipFormatError(name, `CRC-32 ${crc.toString(16)}`, actual.toString(16));
  return data;
}
