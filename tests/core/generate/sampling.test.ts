import { expect, test } from 'vitest';
import { openSession } from '../../../core/backends/index.js';
import { sampleToken } from '../../../core/generate/sampling.js';
import { Graph, program } from '../../../core/ir/index.js';
import { normals, uniforms } from '../../../core/random/counter.js';
import { hostTensor } from '../../../core/tensor.js';

const rows = 64;

/** The token at which the running sum of probabilities passes u, in double precision. */
function expectedToken(logits: Float32Array, forbidden: ReadonlySet<number>, uniform: number): number {
  const weights = Array.from(logits, (logit, token) => (forbidden.has(token) ? 0 : Math.exp(logit)));
  let left = uniform * weights.reduce((sum, weight) => sum + weight, 0);
  return weights.findIndex((weight) => (left -= weight) < 0);
}

test.each([100, 1000, 1024, 4096])(
  'sampleToken draws from all of %i tokens by the inverse distribution',
  async (size) => {
    const logits = normals({ seed: 1, stream: 'logits', step: size }, rows * size).map((logit) => 2 * logit);
    const draws = uniforms({ seed: 1, stream: 'draws', step: size }, rows);
    draws.set([1e-7, 1 - 1e-7]);
    const forbiddenTokens = [0, 1, size - 1];
    const graph = new Graph('sample');
    const token = sampleToken(
      graph.input('logits', 'float32', [rows, size]),
      graph.input('uniforms', 'float32', [rows]),
      { forbiddenTokens },
    );
    const session = await openSession(program(graph, { outputs: { token } }), { threads: 1 });
    const found = await session.run({
      logits: hostTensor('float32', [rows, size], Float32Array.from(logits)),
      uniforms: hostTensor('float32', [rows], draws),
    });
    await session.release();
    const tokens = Array.from(found.token.data);
    const expected = tokens.map((_, row) =>
      expectedToken(
        Float32Array.from(logits.subarray(row * size, (row + 1) * size)),
        new Set(forbiddenTokens),
        draws[row]!,
      ),
    );
    // float32 sums may put a draw that falls on a boundary on its other side.
    expect(tokens.filter((drawn, row) => drawn !== expected[row]).length).toBeLessThanOrEqual(1);
    expect(tokens.some((drawn) => forbiddenTokens.includes(drawn))).toBe(false);
  },
);
