/** The part of TensorFlow.js that we call, and how it is loaded: only when chosen, as it is no dependency. */

import { DeviceUnavailableError } from '../device.js';
import type { TfjsBackend } from '../device.js';

export interface TfTensor {
  readonly shape: number[];
  readonly dtype: string;
  data(): Promise<Float32Array | Int32Array | Uint8Array>;
}

type Unary = (x: TfTensor) => TfTensor;
type Binary = (a: TfTensor, b: TfTensor) => TfTensor;
type Reduce = (x: TfTensor, axes?: number | number[], keepDims?: boolean) => TfTensor;
type TfDType = 'float32' | 'int32' | 'bool';

/** Functions of @tensorflow/tfjs-core, under their own names. */
export interface Tfjs {
  setBackend(name: string): Promise<boolean>;
  ready(): Promise<void>;
  tidy<T>(run: () => T): T;
  dispose(tensors: unknown): void;
  clone(x: TfTensor): TfTensor;
  memory(): { readonly numTensors: number };
  tensor(data: Float32Array | Int32Array | Uint8Array, shape: number[], dtype: TfDType): TfTensor;
  scalar(value: number, dtype: TfDType): TfTensor;
  cast(x: TfTensor, dtype: TfDType): TfTensor;
  readonly add: Binary;
  readonly sub: Binary;
  readonly mul: Binary;
  readonly div: Binary;
  readonly maximum: Binary;
  readonly minimum: Binary;
  readonly equal: Binary;
  readonly less: Binary;
  readonly greater: Binary;
  readonly lessEqual: Binary;
  readonly greaterEqual: Binary;
  readonly logicalAnd: Binary;
  readonly logicalOr: Binary;
  readonly logicalNot: Unary;
  readonly neg: Unary;
  readonly abs: Unary;
  readonly sign: Unary;
  readonly exp: Unary;
  readonly log: Unary;
  readonly sqrt: Unary;
  readonly tanh: Unary;
  readonly erf: Unary;
  readonly sigmoid: Unary;
  readonly softmax: (x: TfTensor, axis: number) => TfTensor;
  readonly sum: Reduce;
  readonly mean: Reduce;
  readonly max: Reduce;
  where(condition: TfTensor, a: TfTensor, b: TfTensor): TfTensor;
  matMul(a: TfTensor, b: TfTensor, transA: boolean, transB: boolean): TfTensor;
  transpose(x: TfTensor, perm: number[]): TfTensor;
  reshape(x: TfTensor, shape: number[]): TfTensor;
  broadcastTo(x: TfTensor, shape: number[]): TfTensor;
  concat(xs: TfTensor[], axis: number): TfTensor;
  split(x: TfTensor, sizes: number[], axis: number): TfTensor[];
  slice(x: TfTensor, begin: number[], size: number[]): TfTensor;
  pad(x: TfTensor, paddings: [number, number][]): TfTensor;
  gather(x: TfTensor, indices: TfTensor, axis: number): TfTensor;
  scatterND(indices: TfTensor, updates: TfTensor, shape: number[]): TfTensor;
  tensorScatterUpdate(x: TfTensor, indices: TfTensor, updates: TfTensor): TfTensor;
  argMax(x: TfTensor, axis: number): TfTensor;
  topk(x: TfTensor, k: number, sorted: boolean): { values: TfTensor; indices: TfTensor };
  cumsum(x: TfTensor, axis: number, exclusive: boolean, reverse: boolean): TfTensor;
  stack(xs: TfTensor[], axis: number): TfTensor;
}

/** Packages of a backend, the first of which holds the functions; and the name that TensorFlow.js knows it by. */
const packages: { readonly [B in TfjsBackend]: { readonly names: readonly string[]; readonly backend: string } } = {
  cpu: { names: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-cpu'], backend: 'cpu' },
  wasm: { names: ['@tensorflow/tfjs-core', '@tensorflow/tfjs-backend-wasm'], backend: 'wasm' },
  node: { names: ['@tensorflow/tfjs-node'], backend: 'tensorflow' },
  'node-gpu': { names: ['@tensorflow/tfjs-node-gpu'], backend: 'tensorflow' },
};

/** @throws DeviceUnavailableError that says what to install */
export async function loadTfjs(chosen: TfjsBackend): Promise<Tfjs> {
  const { names, backend } = packages[chosen];
  try {
    const modules: unknown[] = [];
    for (const name of names) modules.push(await import(name));
    const tf = functionsOf(modules[0]);
    if (tf === undefined) throw new TypeError(`${names[0]} lacks setBackend; is it another version?`);
    if (!(await tf.setBackend(backend))) throw new TypeError(`its backend ${backend} does not start`);
    await tf.ready();
    return tf;
  } catch (cause) {
    throw new DeviceUnavailableError(`tfjs:${chosen}`, cause);
  }
}

/** CommonJS packages come with all names, or under `default`. */
function functionsOf(module: unknown): Tfjs | undefined {
  if (isTfjs(module)) return module;
  const inner = typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined;
  return isTfjs(inner) ? inner : undefined;
}

function isTfjs(module: unknown): module is Tfjs {
  return typeof module === 'object' && module !== null && 'setBackend' in module && 'matMul' in module;
}
