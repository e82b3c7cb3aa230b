import { expect, test } from 'vitest';
import * as ir from '../../../../core/ir/index.js';
import { openSession } from '../../../../core/backends/onnx/index.js';
import { hostTensor } from '../../../../core/tensor.js';
test('smoke', async () => {
  const g = new ir.Graph('smoke');
  const x = g.input('x', 'float32', [2, 3]);
  const w = g.input('param:w', 'float32', [3, 3]);
  const r = ir.loop(g, { trip: 3, carried: { h: x }, body: (i, { h }) => {
    const n = ir.add(ir.matMul(h, w), ir.cast(i, 'float32'));
    return { carried: { h: n }, scans: { s: ir.reduceSum(n), t: ir.reduceSum(ir.exp(w)) } };
  } });
  const p = ir.program(g, { inputs: { x, 'param:w': w }, outputs: { h: r.carried.h, s: r.scans.s, t: r.scans.t } });
  console.log(ir.printGraph(g, p.results));
  const s = await openSession(p, { threads: 1 });
  const out = await s.run({ x: hostTensor('float32', [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)), 'param:w': hostTensor('float32', [3, 3], Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)) });
  console.log(out);
});
