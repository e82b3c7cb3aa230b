import { expect, test } from 'vitest';
import { openSession } from '../../../core/backends/onnx/index.js';
import { expand, Graph, loop, program, scalar } from '../../../core/ir/index.js';
import { counterDropout, dropoutFeeds } from '../../../core/train/counter-dropout.js';

const [rows, columns, steps] = [300, 200, 3];

/** Masks of three steps, over a tensor of ones. */
async function masks(rate: number, stepsTaken: number): Promise<Float32Array[]> {
  const graph = new Graph('dropout');
  const { scans } = loop(graph, {
    trip: steps,
    carried: { count: scalar(graph, 0) },
    body: (iteration, { count }) => ({
      carried: { count },
      scans: {
        mask: counterDropout(graph, steps, iteration)()(expand(scalar(graph, 1), [2, rows / 2, columns]), rate, 'here'),
      },
    }),
  });
  const built = program(graph, { outputs: { mask: scans.mask } });
  const session = await openSession(built, { threads: 2 });
  const out = await session.run(dropoutFeeds(built.inputs, 9, stepsTaken));
  await session.release();
  return Array.from({ length: steps }, (_, k) => out.mask.data.slice(k * rows * columns, (k + 1) * rows * columns));
}

const share = (mask: Float32Array) => mask.filter((value) => value === 0).length / mask.length;

test('counterDropout drops the asked share, alike in rows and columns, and scales the rest', async () => {
  for (const rate of [0.1, 0.5]) {
    const [mask] = await masks(rate, 0);
    expect(Math.abs(share(mask!) - rate)).toBeLessThan(0.01);
    expect([...new Set(mask)].sort((a, b) => a - b)).toEqual([0, Math.fround(1 / (1 - rate))]);
    const deviation = Math.sqrt(rate * (1 - rate));
    for (let row = 0; row < rows; row++) {
      expect(Math.abs(share(mask!.slice(row * columns, (row + 1) * columns)) - rate)).toBeLessThan(
        (5 * deviation) / Math.sqrt(columns),
      );
    }
    for (let column = 0; column < columns; column++) {
      expect(Math.abs(share(mask!.filter((_, i) => i % columns === column)) - rate)).toBeLessThan(
        (5 * deviation) / Math.sqrt(rows),
      );
    }
  }
});

test('counterDropout draws neighbours, rows and steps independently', async () => {
  const [first, second] = await masks(0.5, 0);
  const agree = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, i) => sum + (value === b[i] ? 1 : 0), 0) / a.length;
  const tolerance = 5 * (0.5 / Math.sqrt(rows * columns));
  expect(Math.abs(agree(first!, second!) - 0.5)).toBeLessThan(tolerance);
  expect(Math.abs(agree(first!.subarray(0, -1), first!.subarray(1)) - 0.5)).toBeLessThan(tolerance);
  expect(Math.abs(agree(first!.subarray(0, -columns), first!.subarray(columns)) - 0.5)).toBeLessThan(tolerance);
});

test('counterDropout gives step 2 the same mask whichever run it stands in', async () => {
  expect((await masks(0.3, 0))[1]).toEqual((await masks(0.3, 1))[0]);
});
