/**
 * PyTorch's `pytorch_model.bin`: named tensors out of a zip archive of a restricted pickle and raw storages. Runs no code of
 * the file, and takes memory in proportion to its length. Knows neither models nor files.
 *
 * Layout (github.com/pytorch/pytorch, torch/serialization.py): `<root>/data.pkl` builds a dictionary of tensors, each a view
 * (offset, shape, strides) of a storage, whose little-endian elements are the entry `<root>/data/<key>`.
 */

import { hostTensor } from '../tensor.js';
import type { HostTensor } from '../tensor.js';
import { unpickle } from './pickle-machine.js';
import { describePickle, isTuple, PickleFormatError } from './pickle-values.js';
import type { PickleGlobal, PickleRules, PickleValue } from './pickle-values.js';
import { decodeStorage, isStorageType, storageTypes, unsupportedTensor } from './pytorch-storage.js';
import type { Storage, StorageType } from './pytorch-storage.js';
import { checkView, viewValues } from './strided-view.js';
import type { StridedView } from './strided-view.js';
import { readZip } from './zip-archive.js';

/** Copies of strided views may hold this many times the elements of all storages: a transposed model and no more. */
const MAX_COPIES = 4;
const MAX_DIMENSIONS = 16;

class StorageObject {
  constructor(readonly object: Storage) {}
}

class TensorObject {
  constructor(readonly object: { readonly storage: Storage; readonly view: StridedView }) {}
}

/** Tensors by name, in the order of the file. Half and double precision become float32, bytes and shorts int32; tied tensors share their values. */
export type PytorchFile = Readonly<Record<string, HostTensor>>;

/**
 * Reads every tensor of a `pytorch_model.bin` of PyTorch 1.6 or later.
 * @throws ZipFormatError
 * @throws PickleFormatError on damage, and on tensors of kinds that no model here uses
 * @throws ForbiddenGlobalError when the file names anything but what tensors need
 */
export function readPytorch(bytes: Uint8Array): PytorchFile {
  const files = archiveOf(bytes);
  const root = rootOf(files);
  checkByteOrder(files.get(`${root}byteorder`));
  const data = files.get(`${root}data.pkl`) ?? new Uint8Array();
  const storages = new StorageTable(files, `${root}data/`);
  return tensorsOf(unpickle(data, storages.rules()), storages);
}

/** Bytes that begin a pickle of the form that PyTorch wrote before 1.6: PROTO 2, then a long of ten bytes. */
const LEGACY_START = [0x80, 0x02, 0x8a, 0x0a];

function archiveOf(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
  if (LEGACY_START.every((byte, at) => bytes[at] === byte)) {
    throw new PickleFormatError(
      'file',
      'the zip form of PyTorch 1.6 and later',
      'the form before it',
      'load it in PyTorch and save it again with torch.save',
    );
  }
  return readZip(bytes);
}

function rootOf(files: ReadonlyMap<string, Uint8Array>): string {
  const roots = [...files.keys()].filter((name) => /^[^/]+\/data\.pkl$/.test(name));
  const [first] = roots;
  if (first === undefined || roots.length > 1)
    throw new PickleFormatError('archive', 'one entry <name>/data.pkl', `${roots.length}`);
  return first.slice(0, -'data.pkl'.length);
}

function checkByteOrder(entry: Uint8Array | undefined): void {
  const order = entry === undefined ? 'little' : new TextDecoder().decode(entry.subarray(0, 16));
  if (order !== 'little') throw new PickleFormatError('byteorder', '"little"', JSON.stringify(order));
}

/** The storages of one archive, each decoded once, and the globals that give its tensors. */
class StorageTable {
  readonly #storages = new Map<string, Storage>();
  readonly #values = new Map<Storage, HostTensor>();
  readonly #views = new Map<Storage, Map<string, HostTensor>>();
  #elements = 0;
  #copiedElements = 0;

  constructor(
    readonly files: ReadonlyMap<string, Uint8Array>,
    readonly folder: string,
  ) {}

  rules(): PickleRules {
    return {
      globals: allowedGlobals,
      unsupported: unsupportedTensor,
      persistent: (id) => new StorageObject(this.storage(id)),
    };
  }

  /** `('storage', <storage class>, key, location, number of elements)` */
  storage(id: PickleValue): Storage {
    const [kind, type, key, , count] = isTuple(id) ? id.tuple : [];
    const name = storageTypeOf(type);
    if (kind !== 'storage' || name === undefined || typeof key !== 'string' || !isCount(count))
      throw new PickleFormatError('persistent id', "('storage', class, key, location, size)", describePickle(id));
    const known = this.#storages.get(key);
    const storage = known ?? this.#newStorage(name, key, count);
    if (storage.type !== name || storage.count !== count)
      throw new PickleFormatError(`storage ${key}`, `${storage.type} of ${storage.count}`, `${name} of ${count}`);
    return storage;
  }

  #newStorage(type: StorageType, key: string, count: number): Storage {
    const bytes = this.files.get(this.folder + key);
    const where = `storage ${key.slice(0, 60)}`;
    if (bytes === undefined) throw new PickleFormatError(where, 'an entry of the archive', 'none');
    const sizeBytes = count * storageTypes[type].bytesPerElement;
    if (bytes.byteLength !== sizeBytes)
      throw new PickleFormatError(where, `${sizeBytes} bytes for ${count} elements`, `${bytes.byteLength}`);
    const storage = { key, type, count, bytes };
    this.#storages.set(key, storage);
    this.#elements += count;
    return storage;
  }

  /** The same view of the same storage is one tensor, as a tied head is. */
  tensor(name: string, storage: Storage, view: StridedView): HostTensor {
    checkView(name, view, storage.count);
    const views = this.#views.get(storage) ?? new Map<string, HostTensor>();
    this.#views.set(storage, views);
    const key = `${view.offset}/${view.shape.join()}/${view.strides.join()}`;
    const known = views.get(key);
    if (known) return known;
    const made = this.#newTensor(name, storage, view);
    views.set(key, made);
    return made;
  }

  #newTensor(name: string, storage: Storage, view: StridedView): HostTensor {
    const values = this.#values.get(storage) ?? decodeStorage(storage);
    this.#values.set(storage, values);
    const { data, copied } = viewValues(values.data, view);
    this.#copiedElements += copied;
    if (this.#copiedElements > MAX_COPIES * this.#elements) {
      const limit = `views of up to ${MAX_COPIES} × the file's ${this.#elements} elements`;
      throw new PickleFormatError(name, limit, `${this.#copiedElements}`);
    }
    return sameType(values, view.shape, data);
  }
}

/** `data` is of the type of `values.data`: it was cut or gathered from it. */
function sameType(values: HostTensor, shape: readonly number[], data: HostTensor['data']): HostTensor {
  if (data instanceof Float32Array) return hostTensor('float32', shape, data);
  if (data instanceof BigInt64Array) return hostTensor('int64', shape, data);
  if (data instanceof Int32Array) return hostTensor('int32', shape, data);
  return hostTensor(values.dtype === 'bool' ? 'bool' : values.dtype, shape, data);
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function storageTypeOf(value: PickleValue | undefined): StorageType | undefined {
  const isNamed = typeof value === 'object' && value !== null && 'global' in value;
  const name = isNamed ? value.global.slice('torch '.length) : '';
  return isStorageType(name) ? name : undefined;
}

function uncallable(global: string): PickleGlobal {
  return {
    global,
    call: () => {
      throw new PickleFormatError(global, 'to be a class of storages', 'a call of it');
    },
  };
}

/** torch._utils._rebuild_tensor_v2(storage, offset, shape, strides, requires_grad, hooks, metadata?) */
function rebuildTensor(args: readonly PickleValue[]): PickleValue {
  const [storage = null, offset, shape, strides] = args;
  if (!(storage instanceof StorageObject) || !isCount(offset))
    throw new PickleFormatError('_rebuild_tensor_v2', 'a storage and an offset', describePickle(storage));
  const view = { offset, shape: countsOf('shape', shape), strides: countsOf('strides', strides) };
  return new TensorObject({ storage: storage.object, view });
}

function countsOf(what: string, value: PickleValue = null): number[] {
  const counts = isTuple(value) ? value.tuple.filter(isCount) : [];
  if (isTuple(value) && counts.length === value.tuple.length && counts.length <= MAX_DIMENSIONS) return counts;
  throw new PickleFormatError(`_rebuild_tensor_v2: ${what}`, 'a tuple of counts', describePickle(value));
}

/** torch._utils._rebuild_parameter(tensor, requires_grad, hooks) */
function rebuildParameter([tensor = null]: readonly PickleValue[]): PickleValue {
  if (tensor instanceof TensorObject) return tensor;
  throw new PickleFormatError('_rebuild_parameter', 'a tensor', describePickle(tensor));
}

function orderedDict(args: readonly PickleValue[]): PickleValue {
  if (args.length === 0) return new Map();
  throw new PickleFormatError('OrderedDict', 'no arguments', `${args.length}`);
}

const allowedGlobals: ReadonlyMap<string, PickleGlobal> = new Map(
  [
    { global: 'torch._utils _rebuild_tensor_v2', call: rebuildTensor },
    { global: 'torch._utils _rebuild_parameter', call: rebuildParameter },
    { global: 'collections OrderedDict', call: orderedDict },
    ...Object.keys(storageTypes).map((type) => uncallable(`torch ${type}`)),
  ].map((entry) => [entry.global, entry]),
);

function tensorsOf(root: PickleValue, storages: StorageTable): PytorchFile {
  if (!(root instanceof Map)) throw new PickleFormatError('data.pkl', 'a dict of tensors', describePickle(root));
  const tensors: Record<string, HostTensor> = Object.create(null);
  for (const [name, value] of root) {
    if (name === '__proto__') throw new PickleFormatError('data.pkl', 'a tensor name', '"__proto__"');
    if (!(value instanceof TensorObject)) throw new PickleFormatError(name, 'a tensor', describePickle(value));
    const { storage, view } = value.object;
    tensors[name] = storages.tensor(name, storage, view);
  }
  return tensors;
}
