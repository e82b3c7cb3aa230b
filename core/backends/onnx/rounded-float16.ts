/**
 * float16 for a provider without its kernels. onnxruntime would run these ops in float32 and drop the roundings between them, so
 * that nothing would be left of float16. Written out, every result is rounded, as it is on a GPU, which also sums in float32.
 */

import type { Program } from '../../ir/program.js';
import { castFloat, emitAgain, mapInputs, rewriteProgram } from '../../ir/rewrite.js';
import type { Value } from '../../ir/graph.js';
import { isFloating } from '../../tensor.js';

/** The same program, whose float16 values come from casts alone; every op computes in float32. */
export function roundedFloat16(source: Program): Program {
  return rewriteProgram(source, (node, inputs, graph) => {
    const touches = [...inputs, ...node.outputs].some(({ dtype }) => dtype === 'float16');
    if (!touches || node.op === 'Cast' || node.op === 'Constant') return emitAgain(node, inputs, graph);
    const widened = mapInputs(inputs, (input: Value) => (isFloating(input) ? castFloat(input, 'float32') : input));
    return emitAgain(node, widened, graph).map((output, index) =>
      node.outputs[index]?.dtype === 'float16' ? castFloat(output, 'float16') : output,
    );
  });
}
