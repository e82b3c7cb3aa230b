/** Makes sure that a device is here, and that it computes in float16 where that is asked for, by computing there. Knows no model. */

import { Graph } from '../ir/graph.js';
import { cast, geluTanh, matMul, softmax } from '../ir/index.js';
import { program } from '../ir/program.js';
import { hostTensor } from '../tensor.js';
import type { Device } from './device.js';
import { RuntimeFailureError } from './errors.js';
import { openSession } from './open-session.js';
import { PrecisionUnavailableError } from './precision.js';
import type { Precision } from './precision.js';

/** Opens a device to see that it is here. @throws DeviceUnavailableError that says how to get it */
export async function requireDevice(device: Device): Promise<void> {
  const graph = new Graph('device-check');
  const x = graph.input('x', 'float32', [1]);
  const session = await openSession(program(graph, { outputs: { y: x } }), { device, threads: 1 });
  await session.release();
}

/** Runs a small program in a precision. @throws PrecisionUnavailableError that says what to do instead; DeviceUnavailableError */
export async function requirePrecision(device: Device, precision: Precision): Promise<void> {
  if (precision === 'float32') return;
  const [product = NaN, share = NaN] = await smallResults(device).catch((cause: unknown) => {
    if (!(cause instanceof RuntimeFailureError)) throw cause;
    throw new PrecisionUnavailableError(device, precision, reasonOf(cause), cause);
  });
  if (product === 1 && share === 1 / SIZE) return;
  const problem = `expected 1 and ${1 / SIZE} of a small program, got ${product} and ${share}`;
  throw new PrecisionUnavailableError(device, precision, problem);
}

const SIZE = 16;

/** A matrix of 1s times one of sixteenths is 1 everywhere; 16 equal scores have a sixteenth each. */
async function smallResults(device: Device): Promise<number[]> {
  const graph = new Graph('float16-check');
  const halves = ['x', 'w'].map((name) => cast(graph.input(name, 'float32', [SIZE, SIZE]), 'float16'));
  const product = matMul(halves[0]!, halves[1]!);
  const shares = softmax(cast(geluTanh(product), 'float32'));
  const outputs = { product: cast(product, 'float32'), shares };
  const session = await openSession(program(graph, { outputs }), { device, threads: 1 });
  try {
    const filled = (value: number) => hostTensor('float32', [SIZE, SIZE], new Float32Array(SIZE * SIZE).fill(value));
    const results = await session.run({ x: filled(1), w: filled(1 / SIZE) });
    return [results.product.data[0]!, results.shares.data[0]!].map(Number);
  } finally {
    await session.release();
  }
}

/** What the runtime's status says, without the place in its sources. */
function reasonOf({ message }: RuntimeFailureError): string {
  const [line = ''] = message.split('\n');
  return line
    .replace(/^.*Status Message: /, '')
    .replace(/^\S+\.cc:\d+ \S+ /, '')
    .replace(/\.$/, '');
}
