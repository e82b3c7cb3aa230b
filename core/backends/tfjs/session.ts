/** Runs a program with TensorFlow.js, node by node. Knows no op but the loop. */

import type { Graph, Node, Value } from '../../ir/graph.js';
import { isOp } from '../../ir/emit.js';
import { liveNodes, liveValues } from '../../ir/live.js';
import type { OpName } from '../../ir/op-table.js';
import type { Program, Signature, TensorsOf } from '../../ir/program.js';
import type { DType, HostTensor, Shape } from '../../tensor.js';
import { hostTensor } from '../../tensor.js';
import type { TfjsBackend } from '../device.js';
import { RuntimeFailureError } from '../errors.js';
import { checkFeeds, partInputs } from '../feeds.js';
import type { Session } from '../session.js';
import { loadTfjs } from './library.js';
import type { Tfjs, TfTensor } from './library.js';
import { computeNode, toTf } from './rules.js';

interface Run {
  readonly tf: Tfjs;
  readonly live: ReadonlySet<Value>;
  /** Values of inner graphs are written anew in each iteration. */
  readonly tensors: Map<Value, TfTensor>;
}

/** @throws DeviceUnavailableError when the packages are missing */
export async function openTfjsSession(
  program: Program,
  backend: TfjsBackend,
  fixed: TensorsOf<Signature> = {},
): Promise<Session<Signature, Signature>> {
  const tf = await loadTfjs(backend);
  const [given, inputs] = partInputs(program, fixed);
  checkFeeds(program.graph.name, given, fixed);
  const kept = new Map(Object.entries(fixed).map(([name, feed]) => [name, toTf(tf, feed)]));
  const own = new Set(kept.values());
  const live = liveValues(program.graph, program.results.values());
  return {
    run: async (feeds) => {
      checkFeeds(program.graph.name, inputs, feeds);
      const results = tf.tidy(() => resultsOf(program, { tf, live, tensors: new Map() }, { feeds, kept }));
      try {
        return await readAll(program, results);
      } finally {
        tf.dispose(results.filter((result) => !own.has(result)));
      }
    },
    release: () => {
      tf.dispose([...kept.values()]);
      return Promise.resolve();
    },
  };
}

interface Given {
  readonly feeds: TensorsOf<Signature>;
  /** Tensors that stay from run to run. */
  readonly kept: ReadonlyMap<string, TfTensor>;
}

function resultsOf(program: Program, run: Run, { feeds, kept }: Given): TfTensor[] {
  const { graph } = program;
  for (const [name, value] of graph.inputs) run.tensors.set(value, kept.get(name) ?? toTf(run.tf, feeds[name]!));
  try {
    runGraph(graph, run);
    return [...program.results.values()].map((value) => tensorOf(run, value));
  } catch (cause) {
    throw new RuntimeFailureError(graph.name, 'running', cause, 'TensorFlow.js');
  }
}

function runGraph(graph: Graph, run: Run): void {
  for (const node of liveNodes(graph, run.live)) {
    const outputs = isOp(node, 'Loop') ? runLoop(node, run) : runNode(node, run);
    node.outputs.forEach((value, index) => {
      const output = outputs[index];
      if (output !== undefined) run.tensors.set(value, output);
    });
  }
}

function runNode(node: Node, run: Run): readonly TfTensor[] {
  if (!isPlain(node)) throw new TypeError('tfjs: expected an op that is no loop');
  return computeNode(
    run.tf,
    node,
    node.inputs.map((input) => tensorOf(run, input)),
  );
}

function isPlain(node: Node): node is Node<Exclude<OpName, 'Loop'>> {
  return node.op !== 'Loop';
}

/** Carried values after the last iteration, then the scans, stacked. */
function runLoop({ inputs, attributes: { trip, body } }: Node<'Loop'>, run: Run): readonly TfTensor[] {
  const { tf, tensors } = run;
  let carried = inputs.map((input) => tensorOf(run, input));
  const scans: TfTensor[][] = body.scans.map(() => []);
  for (let iteration = 0; iteration < trip; iteration++) {
    const ends = tf.tidy(() => {
      tensors.set(body.iteration, tf.scalar(iteration, 'int32'));
      body.carriedIn.forEach((value, index) => tensors.set(value, carried[index]!));
      runGraph(body.graph, run);
      return [...body.carriedOut, ...body.scans].map((value) => tensorOf(run, value));
    });
    // What is carried may be stacked as well: that is kept.
    const kept = new Set([...ends, ...scans.flat()]);
    if (iteration > 0) tf.dispose(carried.filter((tensor) => !kept.has(tensor)));
    carried = ends.slice(0, carried.length);
    ends.slice(carried.length).forEach((tensor, index) => scans[index]!.push(tensor));
  }
  return [...carried, ...scans.map((parts) => tf.stack(parts, 0))];
}

function tensorOf({ tensors }: Run, value: Value): TfTensor {
  const tensor = tensors.get(value);
  if (tensor === undefined) throw new RangeError(`tfjs: expected a tensor for value ${value.id}, got none`);
  return tensor;
}

async function readAll(program: Program, tensors: readonly TfTensor[]): Promise<TensorsOf<Signature>> {
  const read = Object.entries(program.outputs).map(async ([name, { dtype, shape }], index) => {
    const data = await tensors[index]!.data();
    return [name, readers[dtype](shape, data)] as const;
  });
  return Object.fromEntries(await Promise.all(read));
}

type Reader = (shape: Shape, data: ArrayLike<number>) => HostTensor;

const readers: { readonly [D in DType]: Reader } = {
  float32: (shape, data) => hostTensor('float32', shape, Float32Array.from(data)),
  int32: (shape, data) => hostTensor('int32', shape, Int32Array.from(data)),
  int64: (shape, data) => hostTensor('int64', shape, BigInt64Array.from(Array.from(data, BigInt))),
  bool: (shape, data) => hostTensor('bool', shape, Uint8Array.from(data)),
};
