/** The fastest that the runtime multiplies two large matrices: what every other rate is held against. */

import { openSession } from '../../core/backends/index.js';
import type { SessionOptions } from '../../core/backends/index.js';
import { Graph, matMul, program, reduceMax } from '../../core/ir/index.js';
import { uniforms } from '../../core/random/counter.js';
import { hostTensor } from '../../core/tensor.js';

const size = 1536;
const runs = 8;

/** Floating-point operations a second, 2 size³ a product; the best of several runs. */
export async function gemmPeak(runtime: SessionOptions): Promise<number> {
  const graph = new Graph('gemm');
  const a = graph.input('a', 'float32', [size, size]);
  const b = graph.input('b', 'float32', [size, size]);
  const session = await openSession(program(graph, { outputs: { largest: reduceMax(matMul(a, b)) } }), runtime);
  const matrix = (step: number) =>
    hostTensor('float32', [size, size], uniforms({ seed: 0, stream: 'bench/gemm', step }, size * size));
  const feeds = { a: matrix(0), b: matrix(1) };
  let fastest = Infinity;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    await session.run(feeds);
    fastest = Math.min(fastest, (performance.now() - start) / 1000);
  }
  await session.release();
  return (2 * size ** 3) / fastest;
}
