/** Tensor programs: graphs of ONNX ops with inferred shapes. Knows neither gradients nor backends. */

export { DTypeError, GraphError, ShapeError } from './errors.js';
export type { Operand } from './emit.js';
export { constant, scalar } from './emit.js';
export type { Node, Spec, Value } from './graph.js';
export { Graph } from './graph.js';
export type { OpName } from './op-table.js';
export * from './ops/elementwise.js';
export * from './ops/indexing.js';
export * from './ops/layout.js';
export type { LoopOptions } from './ops/loop.js';
export { loop, repeat } from './ops/loop.js';
export * from './ops/neural.js';
export { after, readBeside, recompute } from './ops/recompute.js';
export * from './ops/reduction.js';
export { printGraph } from './print.js';
export type { Group, Program, Signature, TensorsOf } from './program.js';
export { program } from './program.js';
export type { Like, SpecsOf, Values } from './records.js';
