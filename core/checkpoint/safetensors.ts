/**
 * The safetensors format, strictly: named tensors in bytes and back. Knows neither models nor files.
 *
 * Layout (github.com/huggingface/safetensors, README): 8 bytes little-endian header length, a JSON header
 * `{name: {dtype, shape, data_offsets: [begin, end]}}`, then one buffer that the tensors cover without gap or overlap.
 */

import { hostTensor, sizeOf } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { fromBfloat16, fromFloat16, toFloat16 } from '../half-precision.js';
import { duplicateKeyOf } from './json-keys.js';
import { isNestedTooDeep, MAX_JSON_LEVELS } from '../json-nesting.js';

const LENGTH_BYTES = 8;
const MAX_HEADER_BYTES = 100_000_000;
const ALIGNMENT_BYTES = 8;

/** The bytes are no valid safetensors file. `where` is a tensor's name or a part of the file. */
export class SafetensorsFormatError extends Error {
  override readonly name = 'SafetensorsFormatError';
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`readSafetensors: ${where}: expected ${expected}, got ${got}; fetch or write the file again`);
  }
}

/** Tensors by name, in the order of the file's buffer. The record has no prototype. */
export interface SafetensorsFile {
  readonly tensors: Readonly<Record<string, HostTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly name: string;
  readonly dtype: FileDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

interface Decoder {
  readonly bytesPerElement: number;
  decode(buffer: ArrayBuffer, shape: readonly number[]): HostTensor;
}

/** Half precisions are widened to float32, double precision is rounded to it, and bytes and shorts are int32; every copy is aligned and owned by the tensor. */
const decoders = {
  F32: { bytesPerElement: 4, decode: (buffer, shape) => hostTensor('float32', shape, new Float32Array(buffer)) },
  F16: {
    bytesPerElement: 2,
    decode: (buffer, shape) => hostTensor('float32', shape, fromFloat16(new Uint16Array(buffer))),
  },
  BF16: {
    bytesPerElement: 2,
    decode: (buffer, shape) => hostTensor('float32', shape, fromBfloat16(new Uint16Array(buffer))),
  },
  F64: {
    bytesPerElement: 8,
    decode: (buffer, shape) => hostTensor('float32', shape, Float32Array.from(new Float64Array(buffer))),
  },
  I64: { bytesPerElement: 8, decode: (buffer, shape) => hostTensor('int64', shape, new BigInt64Array(buffer)) },
  I32: { bytesPerElement: 4, decode: (buffer, shape) => hostTensor('int32', shape, new Int32Array(buffer)) },
  I16: {
    bytesPerElement: 2,
    decode: (buffer, shape) => hostTensor('int32', shape, Int32Array.from(new Int16Array(buffer))),
  },
  I8: {
    bytesPerElement: 1,
    decode: (buffer, shape) => hostTensor('int32', shape, Int32Array.from(new Int8Array(buffer))),
  },
  U8: {
    bytesPerElement: 1,
    decode: (buffer, shape) => hostTensor('int32', shape, Int32Array.from(new Uint8Array(buffer))),
  },
  BOOL: { bytesPerElement: 1, decode: (buffer, shape) => hostTensor('bool', shape, new Uint8Array(buffer)) },
} satisfies Record<string, Decoder>;

type FileDType = keyof typeof decoders;

function isFileDType(value: unknown): value is FileDType {
  return typeof value === 'string' && Object.hasOwn(decoders, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

/**
 * Reads every tensor of a safetensors file. F16, BF16 and F64 become float32, I8, U8 and I16 int32; the values are copies.
 * @throws SafetensorsFormatError on anything that the format forbids, before memory is taken for tensors.
 */
export function readSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, body } = splitFile(bytes);
  const metadata = readMetadata(header['__metadata__']);
  const entries = Object.entries(header)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => readEntry(name, value))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkCoverage(entries, body.byteLength);
  const tensors: Record<string, HostTensor> = Object.create(null);
  for (const { name, dtype, shape, begin, end } of entries) {
    // Not slice(): on a Buffer that shares memory, at any alignment.
    const copy = new Uint8Array(body.subarray(begin, end));
    if (dtype === 'BOOL' && copy.some((byte) => byte > 1))
      throw new SafetensorsFormatError(name, 'BOOL bytes of 0 or 1', 'another value');
    tensors[name] = decoders[dtype].decode(copy.buffer, shape);
  }
  return { tensors, metadata };
}

function splitFile(bytes: Uint8Array): { header: Record<string, unknown>; body: Uint8Array } {
  if (bytes.byteLength < LENGTH_BYTES)
    throw new SafetensorsFormatError('file', 'at least 8 bytes', `${bytes.byteLength}`);
  const declared = new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  const limit = Math.min(MAX_HEADER_BYTES, bytes.byteLength - LENGTH_BYTES);
  if (declared > BigInt(limit))
    throw new SafetensorsFormatError('header length', `at most ${limit} bytes`, `${declared}`);
  const length = Number(declared);
  return {
    header: parseHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + length)),
    body: bytes.subarray(LENGTH_BYTES + length),
  };
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let text: string;
  let header: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw new SafetensorsFormatError('header', 'JSON in UTF-8', cause instanceof Error ? cause.message : String(cause));
  }
  if (!text.startsWith('{') || !isRecord(header))
    throw new SafetensorsFormatError('header', 'an object from its first byte', show(text.slice(0, 20)));
  if (isNestedTooDeep(header))
    throw new SafetensorsFormatError('header', `at most ${MAX_JSON_LEVELS} levels of objects and lists`, 'more');
  const duplicate = duplicateKeyOf(text);
  if (duplicate !== undefined) throw new SafetensorsFormatError('header', 'each key once', `${show(duplicate)} twice`);
  if (Object.hasOwn(header, '__proto__')) throw new SafetensorsFormatError('header', 'a tensor name', '"__proto__"');
  return header;
}

function readMetadata(value: unknown): Record<string, string> {
  const metadata: Record<string, string> = Object.create(null);
  if (value === undefined) return metadata;
  if (!isRecord(value)) throw new SafetensorsFormatError('__metadata__', 'an object of strings', show(value));
  for (const [key, entry] of Object.entries(value)) {
    if (typeof entry !== 'string' || key === '__proto__')
      throw new SafetensorsFormatError(`__metadata__.${key}`, 'a string', show(entry));
    metadata[key] = entry;
  }
  return metadata;
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isShape(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isCount);
}

function readEntry(name: string, value: unknown): Entry {
  if (!isRecord(value)) throw new SafetensorsFormatError(name, '{dtype, shape, data_offsets}', show(value));
  const { dtype, shape, data_offsets: offsets, ...rest } = value;
  const unknownKey = Object.keys(rest)[0];
  if (unknownKey !== undefined)
    throw new SafetensorsFormatError(name, 'only dtype, shape and data_offsets', show(unknownKey));
  if (!isFileDType(dtype))
    throw new SafetensorsFormatError(name, `a dtype of ${Object.keys(decoders).join(', ')}`, show(dtype));
  if (!isShape(shape)) throw new SafetensorsFormatError(name, 'a shape of whole numbers from 0', show(shape));
  if (!isShape(offsets) || offsets.length !== 2)
    throw new SafetensorsFormatError(name, 'data_offsets [begin, end]', show(offsets));
  const [begin, end] = [offsets[0]!, offsets[1]!];
  const sizeBytes = sizeBytesOf(name, shape, decoders[dtype].bytesPerElement);
  if (end - begin !== sizeBytes) {
    throw new SafetensorsFormatError(
      name,
      `${sizeBytes} bytes for ${dtype} [${shape.join(', ')}]`,
      `data_offsets ${begin} to ${end}`,
    );
  }
  return { name, dtype, shape, begin, end };
}

/** Every partial product stays below 2^53, so that hostile dimensions neither wrap nor round. */
function sizeBytesOf(name: string, shape: readonly number[], bytesPerElement: number): number {
  let bound = bytesPerElement;
  for (const dim of shape) {
    bound *= Math.max(dim, 1);
    if (!Number.isSafeInteger(bound))
      throw new SafetensorsFormatError(name, 'fewer than 2^53 bytes', `shape [${shape.slice(0, 8).join(', ')}]`);
  }
  return shape.includes(0) ? 0 : bound;
}

function checkCoverage(entries: readonly Entry[], bodyBytes: number): void {
  let covered = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== covered)
      throw new SafetensorsFormatError(name, `data to begin at ${covered} (no hole, no overlap)`, `${begin}`);
    covered = end;
  }
  if (covered !== bodyBytes) throw new SafetensorsFormatError('file', `${covered} bytes of data`, `${bodyBytes}`);
}

interface Encoded {
  readonly dtype: FileDType;
  readonly bytes: Uint8Array;
}

function bytesOf(view: ArrayBufferView): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength);
}

function encode(tensor: HostTensor, floats: 'F32' | 'F16'): Encoded {
  if (tensor.data instanceof Float32Array) {
    return { dtype: floats, bytes: bytesOf(floats === 'F16' ? toFloat16(tensor.data) : tensor.data) };
  }
  const dtypes = { float32: floats, float16: 'F16', int64: 'I64', int32: 'I32', bool: 'BOOL' } as const;
  return { dtype: dtypes[tensor.dtype], bytes: bytesOf(tensor.data) };
}

export interface WriteOptions {
  readonly metadata?: Readonly<Record<string, string>>;
  /** How float32 tensors are stored. Default F32. */
  readonly floats?: 'F32' | 'F16';
}

/**
 * Writes tensors as a safetensors file: wider dtypes first and names sorted within a dtype, so that equal tensors
 * give equal bytes and every tensor is aligned to its elements.
 * @throws RangeError on the name `__proto__` or `__metadata__`.
 */
export function writeSafetensors(
  tensors: Readonly<Record<string, HostTensor>>,
  options: WriteOptions = {},
): Uint8Array {
  const encoded = Object.entries(tensors).map(([name, tensor]) => {
    if (name === '__proto__' || name === '__metadata__')
      throw new RangeError(`writeSafetensors: expected a tensor name, got ${name}; rename it`);
    return { name, shape: tensor.shape, ...encode(checkedSize(name, tensor), options.floats ?? 'F32') };
  });
  const width = (dtype: FileDType) => decoders[dtype].bytesPerElement;
  encoded.sort((a, b) => width(b.dtype) - width(a.dtype) || (a.name < b.name ? -1 : 1));
  const header: Record<string, unknown> = options.metadata ? { __metadata__: sortedByKey(options.metadata) } : {};
  let offset = 0;
  for (const { name, dtype, shape, bytes } of encoded) {
    header[name] = { dtype, shape, data_offsets: [offset, offset + bytes.byteLength] };
    offset += bytes.byteLength;
  }
  return assemble(header, encoded, offset);
}

function checkedSize(name: string, tensor: HostTensor): HostTensor {
  if (tensor.data.length === sizeOf(tensor.shape)) return tensor;
  throw new RangeError(
    `writeSafetensors: ${name}: expected ${sizeOf(tensor.shape)} values for [${tensor.shape.join(', ')}], got ${tensor.data.length}`,
  );
}

function sortedByKey(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function assemble(header: object, encoded: readonly Encoded[], bodyBytes: number): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = Math.ceil(json.byteLength / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  const file = new Uint8Array(LENGTH_BYTES + headerBytes + bodyBytes).fill(
    0x20,
    LENGTH_BYTES,
    LENGTH_BYTES + headerBytes,
  );
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.set(json, LENGTH_BYTES);
  let offset = LENGTH_BYTES + headerBytes;
  for (const { bytes } of encoded) {
    file.set(bytes, offset);
    offset += bytes.byteLength;
  }
  return file;
}
