/** PyTorch's storages: flat little-endian elements as host values. Knows neither pickles nor views. */

import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { fromBfloat16, fromFloat16 } from '../half-precision.js';
import { PickleFormatError } from './pickle-values.js';

interface StorageRule {
  readonly bytesPerElement: number;
  /** `buffer` is the caller's to keep, and aligned. */
  decode(buffer: ArrayBuffer): HostTensor;
}

function flat<D extends HostTensor['dtype']>(dtype: D, data: HostTensor<D>['data']): HostTensor<D> {
  return hostTensor(dtype, [data.length], data);
}

/** As `readSafetensors` has it: half precisions are widened to float32, double precision is rounded to it, bytes and shorts are int32. */
export const storageTypes = {
  DoubleStorage: {
    bytesPerElement: 8,
    decode: (buffer) => flat('float32', Float32Array.from(new Float64Array(buffer))),
  },
  FloatStorage: { bytesPerElement: 4, decode: (buffer) => flat('float32', new Float32Array(buffer)) },
  HalfStorage: { bytesPerElement: 2, decode: (buffer) => flat('float32', fromFloat16(new Uint16Array(buffer))) },
  BFloat16Storage: { bytesPerElement: 2, decode: (buffer) => flat('float32', fromBfloat16(new Uint16Array(buffer))) },
  LongStorage: { bytesPerElement: 8, decode: (buffer) => flat('int64', new BigInt64Array(buffer)) },
  IntStorage: { bytesPerElement: 4, decode: (buffer) => flat('int32', new Int32Array(buffer)) },
  ShortStorage: { bytesPerElement: 2, decode: (buffer) => flat('int32', Int32Array.from(new Int16Array(buffer))) },
  CharStorage: { bytesPerElement: 1, decode: (buffer) => flat('int32', Int32Array.from(new Int8Array(buffer))) },
  ByteStorage: { bytesPerElement: 1, decode: (buffer) => flat('int32', Int32Array.from(new Uint8Array(buffer))) },
  BoolStorage: { bytesPerElement: 1, decode: (buffer) => flat('bool', new Uint8Array(buffer)) },
} satisfies Record<string, StorageRule>;

/** Names that stand for tensors of other kinds, by `module name` (torch/storage.py and torch/_utils.py of PyTorch 2). */
const unsupportedTensors: ReadonlyMap<string, string> = new Map([
  ['torch ComplexFloatStorage', 'complex numbers'],
  ['torch ComplexDoubleStorage', 'complex numbers'],
  ['torch._utils _rebuild_qtensor', 'quantised numbers'],
  ['torch._utils _rebuild_tensor_v3', 'numbers of 8-bit floating point or unsigned integers of 16 bits or more'],
]);

/** What to say of a global that stands for tensors of such a kind; undefined for any other. */
export function unsupportedTensor(module: string, name: string): PickleFormatError | undefined {
  const kind = unsupportedTensors.get(`${module} ${name}`);
  if (kind === undefined) return undefined;
  const remedy = 'save the model again without such tensors';
  return new PickleFormatError(`${module}.${name}`, 'floats, integers or bools', kind, remedy);
}

export type StorageType = keyof typeof storageTypes;

export function isStorageType(name: string): name is StorageType {
  return Object.hasOwn(storageTypes, name);
}

export interface Storage {
  readonly key: string;
  readonly type: StorageType;
  /** Number of elements. */
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** All elements, in a copy of their own. @throws PickleFormatError on a bool that is neither 0 nor 1 */
export function decodeStorage({ key, type, bytes }: Storage): HostTensor {
  // Not slice(): on a Buffer that shares memory, at any alignment.
  const copy = new Uint8Array(bytes);
  if (type === 'BoolStorage' && copy.some((byte) => byte > 1))
    throw new PickleFormatError(`storage ${key}`, 'bools of 0 or 1', 'another value');
  return storageTypes[type].decode(copy.buffer);
}
