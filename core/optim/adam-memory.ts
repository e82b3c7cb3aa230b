/**
 * Parameters, both moments and gradients in the host's memory, and Adam's step over them in place. For runtimes whose tensors
 * are the host's: gradients are written here, and parameters read from here, without a copy. Knows no model.
 */

import { hostTensor, sizeOf } from '../tensor.js';
import type { HostTensor, Shape } from '../tensor.js';
import type { AdamSettings } from './adam.js';
import { MOST_BYTES, openAdamKernel } from './adam-kernel.js';
import type { AdamKernel } from './adam-kernel.js';

export interface AdamTensor {
  readonly name: string;
  readonly shape: Shape;
  /** Whether weight decay applies. */
  readonly decays: boolean;
}

export interface AdamMemoryOptions extends AdamSettings {
  /** Decoupled weight decay. Default 0. */
  readonly weightDecay?: number;
  /** Gradients are scaled to this global norm where they exceed it; 0 = never. */
  readonly maxNorm: number;
  /** Most bytes of one memory. Default: what 32-bit addresses reach. */
  readonly bankBytes?: number;
}

type Tensors = Readonly<Record<string, HostTensor<'float32'>>>;

/** Bytes that tensors start at multiples of: a line of the cache. */
const LINE = 64;
const parts = ['parameter', 'm', 'v', 'gradient'] as const;
type Part = (typeof parts)[number];

interface Placed extends AdamTensor {
  readonly kernel: AdamKernel;
  /** Addresses, bytes. */
  readonly at: Readonly<Record<Part, number>>;
  /** With zeros up to the end of the last line. */
  readonly count: number;
}

/** The memory is too small for the model, or one tensor larger than any memory. */
export class AdamMemoryError extends Error {
  override readonly name = 'AdamMemoryError';
  constructor(bytes: number, cause: unknown) {
    super(
      `training: expected ${(bytes / 2 ** 30).toFixed(1)} GiB for parameters, moments and gradients, ` +
        `got ${cause instanceof Error ? cause.message : String(cause)}; free memory, or train a smaller model`,
      { cause },
    );
  }
}

/** Tensors are views by name: they change with every step. */
export class AdamMemory {
  readonly parameters: Tensors;
  readonly m: Tensors;
  readonly v: Tensors;
  /** Of the loss, to be filled before a step. */
  readonly gradients: Tensors;
  readonly #placed: readonly Placed[];

  /** Everything is zero. @throws AdamMemoryError */
  constructor(
    tensors: readonly AdamTensor[],
    private readonly options: AdamMemoryOptions,
  ) {
    this.#placed = placedIn(tensors, options.bankBytes ?? MOST_BYTES);
    this.parameters = this.#views('parameter');
    this.m = this.#views('m');
    this.v = this.#views('v');
    this.gradients = this.#views('gradient');
  }

  /**
   * One step; `adamStep` has the formulas. Gives the gradients' Euclidean norm before clipping.
   * @param taken steps before this one
   */
  step(learningRate: number, taken: number): number {
    const { maxNorm, weightDecay = 0 } = this.options;
    const clipped = maxNorm > 0 ? this.#norm() : undefined;
    const scale = clipped === undefined ? 1 : Math.min(maxNorm / (clipped + 1e-6), 1);
    const { beta1, beta2 } = this.options;
    const { stepSize, shift } = stepScalars(this.options, learningRate, taken);
    let squares = 0;
    for (const { kernel, at, count, decays } of this.#placed) {
      const keep = decays ? 1 - learningRate * weightDecay : 1;
      const { parameter, m, v, gradient } = at;
      squares += kernel.step(parameter, m, v, gradient, count, scale, beta1, beta2, keep, stepSize, shift);
    }
    return clipped ?? Math.sqrt(squares);
  }

  /** These tensors, with a copy of those that lie here. */
  detached(tensors: Tensors): Tensors {
    const own = new Set<ArrayBufferLike>(this.#placed.map(({ kernel }) => kernel.memory));
    const copied = ({ shape, data }: HostTensor<'float32'>) => hostTensor('float32', shape, data.slice());
    return Object.fromEntries(
      Object.entries(tensors).map(([name, tensor]) => [name, own.has(tensor.data.buffer) ? copied(tensor) : tensor]),
    );
  }

  #norm(): number {
    return Math.sqrt(
      this.#placed.reduce((sum, { kernel, at, count }) => sum + kernel.squares(at.gradient, count, 1), 0),
    );
  }

  #views(part: Part): Tensors {
    return Object.fromEntries(
      this.#placed.map(({ name, shape, kernel, at }) => [
        name,
        hostTensor('float32', shape, new Float32Array(kernel.memory, at[part], sizeOf(shape))),
      ]),
    );
  }
}

/** What the graph's step computes from its scalars, in double precision. */
function stepScalars({ beta1, beta2, epsilon, epsilonForm }: AdamSettings, learningRate: number, taken: number) {
  const factor2 = Math.sqrt(1 - beta2);
  const root2 = Math.sqrt(1 - beta2 ** (taken + 1));
  const stepSize = (learningRate * (1 - beta1) * root2) / (factor2 * (1 - beta1 ** (taken + 1)));
  return { stepSize, shift: ((epsilonForm === 'torch' ? root2 : 1) * epsilon) / factor2 };
}

function placedIn(tensors: readonly AdamTensor[], bankBytes: number): Placed[] {
  return banks(tensors, bankBytes).flatMap((bank) => {
    const bytes = bank.reduce((sum, tensor) => sum + bytesOf(tensor), 0);
    const kernel = opened(bytes);
    let end = 0;
    return bank.map((tensor) => {
      const each = bytesOf(tensor) / parts.length;
      const [parameter, m, v, gradient] = [end, end + each, end + 2 * each, end + 3 * each];
      end += parts.length * each;
      return { ...tensor, kernel, at: { parameter, m, v, gradient }, count: each / 4 };
    });
  });
}

/** In order, as many to a memory as it holds. */
function banks(tensors: readonly AdamTensor[], bankBytes: number): AdamTensor[][] {
  const found: AdamTensor[][] = [];
  let room = 0;
  for (const tensor of tensors) {
    const bytes = bytesOf(tensor);
    if (bytes > bankBytes) throw new AdamMemoryError(bytes, `one tensor, '${tensor.name}', beyond 4 GiB`);
    if (bytes > room) {
      found.push([]);
      room = bankBytes;
    }
    found.at(-1)?.push(tensor);
    room -= bytes;
  }
  return found;
}

/** Of all four parts. */
function bytesOf({ shape }: AdamTensor): number {
  return parts.length * LINE * Math.ceil((4 * sizeOf(shape)) / LINE);
}

function opened(bytes: number): AdamKernel {
  try {
    return openAdamKernel(bytes);
  } catch (cause) {
    throw new AdamMemoryError(bytes, cause);
  }
}
