/** Zip archives and pickles made by hand, right or wrong on purpose. */

import { crc32 } from 'node:zlib';

export interface ZipEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly method?: number;
  /** Where the directory says the entry is, if not where it is. */
  readonly headerAt?: number;
  readonly sizeBytes?: number;
}

function localHeader({ name, data, method = 0 }: ZipEntry): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(crc32(data), 14);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt32LE(data.length, 22);
  header.writeUInt16LE(Buffer.byteLength(name), 26);
  return Buffer.concat([header, Buffer.from(name), data]);
}

function directoryEntry({ name, data, method = 0, sizeBytes = data.length }: ZipEntry, at: number): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(crc32(data), 16);
  entry.writeUInt32LE(sizeBytes, 20);
  entry.writeUInt32LE(sizeBytes, 24);
  entry.writeUInt16LE(Buffer.byteLength(name), 28);
  entry.writeUInt32LE(at, 42);
  return Buffer.concat([entry, Buffer.from(name)]);
}

export function writeZip(entries: readonly ZipEntry[]): Buffer {
  let at = 0;
  const directory: Buffer[] = [];
  const bodies = entries.map((entry) => {
    const body = localHeader(entry);
    directory.push(directoryEntry(entry, entry.headerAt ?? at));
    at += body.length;
    return body;
  });
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...bodies, listing, end]);
}

/** Opcodes as bytes, text in UTF-8. */
export function pickleOf(...parts: (string | readonly number[])[]): Buffer {
  return Buffer.concat([Buffer.from([0x80, 2]), ...parts.map((part) => Buffer.from(part as string)), Buffer.from('.')]);
}

function u32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24];
}

export const op = {
  text: (value: string) => [0x58, ...u32(Buffer.byteLength(value)), ...Buffer.from(value)],
  int: (value: number) => [0x4a, ...u32(value)],
  /** An integer of 8 bytes. */
  long: (value: bigint) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64LE(value);
    return [0x8a, 8, ...bytes];
  },
  global: (module: string, name: string) => [...Buffer.from(`c${module}\n${name}\n`)],
  tuple: (...items: readonly (readonly number[])[]) => [0x28, ...items.flat(), 0x74],
  dict: (...items: readonly (readonly number[])[]) => [0x7d, 0x28, ...items.flat(), 0x75],
  none: [0x4e],
  no: [0x89],
};

/** A persistent id of a storage. */
export function storageOf(type: string, key: string, count: number): number[] {
  const id = op.tuple(op.text('storage'), op.global('torch', type), op.text(key), op.text('cpu'), op.int(count));
  return [...id, 0x51];
}

/** A call of `_rebuild_tensor_v2`. */
export function tensorOf(
  storage: readonly number[],
  offset: readonly number[],
  shape: readonly (readonly number[])[],
  strides: readonly (readonly number[])[],
): number[] {
  const args = op.tuple(storage, offset, op.tuple(...shape), op.tuple(...strides), op.no, op.none);
  return [...op.global('torch._utils', '_rebuild_tensor_v2'), ...args, 0x52];
}

/** A `pytorch_model.bin` of a pickle and storages. */
export function archiveOf(pickle: Uint8Array, storages: Readonly<Record<string, Uint8Array>> = {}): Buffer {
  const data = Object.entries(storages).map(([key, bytes]) => ({ name: `model/data/${key}`, data: bytes }));
  return writeZip([{ name: 'model/data.pkl', data: pickle }, ...data]);
}
