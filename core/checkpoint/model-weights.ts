/**
 * The layouts in which a model's folder may hold its weights, whole or in shards, each turned into one `model.safetensors`.
 * Reads no file and knows no architecture.
 */

import type { HostTensor } from '../tensor.js';
import { duplicateKeyOf } from './json-keys.js';
import { isNestedTooDeep, MAX_JSON_LEVELS } from '../json-nesting.js';
import { readPytorch } from './pytorch-pickle.js';
import { readSafetensors, writeSafetensors } from './safetensors.js';

type Tensors = Readonly<Record<string, HostTensor>>;
type Read = (file: string) => Uint8Array;

/** The list of shards does not fit its shards, or is none. */
export class ShardIndexError extends Error {
  override readonly name = 'ShardIndexError';
  constructor(
    readonly where: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`${where}: expected ${expected}, got ${got}; fetch the index and all its shards again`);
  }
}

interface Layout {
  readonly file: string;
  readonly sharded: boolean;
  readTensors(bytes: Uint8Array): Tensors;
}

const safetensors = (bytes: Uint8Array) => readSafetensors(bytes).tensors;

const layouts: readonly Layout[] = [
  { file: 'model.safetensors', sharded: false, readTensors: safetensors },
  { file: 'model.safetensors.index.json', sharded: true, readTensors: safetensors },
  { file: 'pytorch_model.bin', sharded: false, readTensors: readPytorch },
  { file: 'pytorch_model.bin.index.json', sharded: true, readTensors: readPytorch },
];

/** What is looked for, in the order in which it is taken. */
export const weightLayoutNames: readonly string[] = layouts.map(({ file }) => file);

/** The file of a folder that holds its weights, or lists its shards; undefined when there is none. */
export function weightFileAmong(names: readonly string[]): string | undefined {
  return layouts.find(({ file }) => names.includes(file))?.file;
}

/** A file's own name: shards lie beside their index. */
const shardName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/;

/**
 * The file of each tensor, by the tensor's name.
 * @throws ShardIndexError on an index of another form, or one that names files elsewhere
 */
export function readShardIndex(file: string, bytes: Uint8Array): ReadonlyMap<string, string> {
  const text = new TextDecoder().decode(bytes);
  const index = parseObject(file, text);
  const map = index['weight_map'];
  if (!isRecord(map)) throw new ShardIndexError(file, 'a weight_map', kindOf(map));
  const twice = duplicateKeyOf(text);
  if (twice !== undefined) throw new ShardIndexError(file, 'each name once', `${JSON.stringify(twice)} twice`);
  return new Map(
    Object.entries(map).map(([tensor, shard]) => {
      if (typeof shard === 'string' && shardName.test(shard) && tensor !== '__proto__') return [tensor, shard];
      throw new ShardIndexError(
        `${file}: ${tensor.slice(0, 80)}`,
        'the name of a file beside it',
        JSON.stringify(shard).slice(0, 80),
      );
    }),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function parseObject(file: string, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ShardIndexError(file, 'JSON', cause instanceof Error ? cause.message : String(cause));
  }
  if (!isRecord(value)) throw new ShardIndexError(file, 'an object', kindOf(value));
  if (isNestedTooDeep(value))
    throw new ShardIndexError(file, `at most ${MAX_JSON_LEVELS} levels of objects and lists`, 'more');
  return value;
}

function readShards(file: string, read: Read, readTensors: Layout['readTensors']): Tensors {
  const index = readShardIndex(file, read(file));
  const tensors: Record<string, HostTensor> = Object.create(null);
  for (const shard of new Set(index.values())) {
    for (const [name, tensor] of Object.entries(readTensors(read(shard)))) {
      if (index.get(name) !== shard)
        throw new ShardIndexError(
          `${shard}: ${name}`,
          `a tensor that the index places there`,
          index.get(name) ?? 'none',
        );
      tensors[name] = tensor;
    }
  }
  const missing = [...index].find(([name]) => !(name in tensors));
  if (missing) throw new ShardIndexError(missing[1], `a tensor ${missing[0]}`, 'none');
  return tensors;
}

/** Of tensors that share their values, as a tied head does, the first stays; the architecture knows both names. */
function withoutTies(tensors: Tensors): Tensors {
  const seen = new Set<unknown>();
  return Object.fromEntries(
    Object.entries(tensors).filter(([, { data }]) => {
      const repeated = data.length > 0 && seen.has(data);
      seen.add(data);
      return !repeated;
    }),
  );
}

/**
 * The bytes of one `model.safetensors`, whatever the folder holds; a file of that name is passed on as it is once it reads well.
 * Undefined when the folder holds no weights.
 * @throws SafetensorsFormatError @throws ShardIndexError
 * @throws ZipFormatError @throws PickleFormatError @throws ForbiddenGlobalError
 */
export function canonicalWeights(names: readonly string[], read: Read): Uint8Array | undefined {
  const layout = layouts.find(({ file }) => names.includes(file));
  if (!layout) return undefined;
  const { file, sharded, readTensors } = layout;
  if (sharded)
    return writeSafetensors(withoutTies(readShards(file, read, readTensors)), { metadata: { format: 'pt' } });
  const bytes = read(file);
  const tensors = readTensors(bytes);
  return file === 'model.safetensors' ? bytes : writeSafetensors(withoutTies(tensors), { metadata: { format: 'pt' } });
}
