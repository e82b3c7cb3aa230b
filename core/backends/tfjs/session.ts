/** Runs a program with TensorFlow.js, node by node. Knows no op but the loop. */

import type { Graph, Node, Value } from '../../ir/graph.js';
import { isOp } from '../../ir/emit.js';
import { liveNodes, liveValues, usesFloat16 } from '../../ir/live.js';
import type { OpName } from '../../ir/op-table.js';
import type { Program, Signature, TensorsOf } from '../../ir/program.js';
import type { TfjsBackend } from '../device.js';
import { disposeAll } from '../device-tensor.js';
import type { FeedsOf } from '../device-tensor.js';
import { RuntimeFailureError } from '../errors.js';
import { PrecisionUnavailableError } from '../precision.js';
import { checkFeeds, partInputs } from '../feeds.js';
import type { KeepingSession, Session } from '../session.js';
import { readTensor, tensorOfFeed, TfjsDeviceTensor, tfjsMemory } from './device-tensors.js';
import { loadTfjs } from './library.js';
import type { Tfjs, TfTensor } from './library.js';
import { computeNode } from './rules.js';

interface Run {
  readonly tf: Tfjs;
  readonly live: ReadonlySet<Value>;
  /** Values of inner graphs are written anew in each iteration. */
  readonly tensors: Map<Value, TfTensor>;
}

/** @throws DeviceUnavailableError when the packages are missing; PrecisionUnavailableError for a program in float16 */
export async function openTfjsSession(
  program: Program,
  backend: TfjsBackend,
  fixed: TensorsOf<Signature> = {},
): Promise<Session<Signature, Signature>> {
  const [given, inputs] = partInputs(program, fixed);
  checkFeeds(program.graph.name, given, fixed);
  const session = await openKeepingTfjsSession(program, backend, []);
  const staying = await tfjsMemory(backend).upload(fixed);
  return {
    run: async (feeds) => {
      checkFeeds(program.graph.name, inputs, feeds);
      return (await session.run({ ...feeds, ...staying })).read;
    },
    release: () => {
      disposeAll(Object.values(staying));
      return session.release();
    },
  };
}

/** The outputs of these names stay tensors of the backend. @throws DeviceUnavailableError, PrecisionUnavailableError */
export async function openKeepingTfjsSession(
  program: Program,
  backend: TfjsBackend,
  keep: readonly string[],
): Promise<KeepingSession> {
  const tf = await loadTfjs(backend);
  if (usesFloat16(program.graph))
    throw new PrecisionUnavailableError(`tfjs:${backend}`, 'float16', 'TensorFlow.js has no 16-bit floats');
  const live = liveValues(program.graph, program.results.values());
  const kept = new Set(keep);
  return {
    run: async (feeds) => {
      checkFeeds(program.graph.name, program.inputs, feeds);
      const results = tf.tidy(() => resultsOf(program, { tf, live, tensors: new Map() }, feeds));
      const passing = Object.entries(results).filter(([name]) => !kept.has(name));
      try {
        return {
          read: await readAll(program, passing),
          kept: Object.fromEntries(
            keep.map((name) => [name, new TfjsDeviceTensor(program.outputs[name]!, tf, results[name]!)]),
          ),
        };
      } finally {
        tf.dispose(passing.map(([, tensor]) => tensor));
      }
    },
    release: () => Promise.resolve(),
  };
}

/**
 * Each output is a tensor of its own, which outlives the tidying around: an output that is a fed tensor, or another output,
 * is copied, so that either can be disposed of alone.
 */
function resultsOf(program: Program, run: Run, feeds: FeedsOf<Signature>): Record<string, TfTensor> {
  const { graph } = program;
  for (const [name, value] of graph.inputs) run.tensors.set(value, tensorOfFeed(run.tf, name, feeds[name]!));
  const taken = new Set<TfTensor>([...graph.inputs.values()].map((value) => tensorOf(run, value)));
  try {
    runGraph(graph, run);
    const results: Record<string, TfTensor> = {};
    for (const [name, value] of program.results) {
      const tensor = tensorOf(run, value);
      results[name] = taken.has(tensor) ? run.tf.clone(tensor) : tensor;
      taken.add(tensor);
    }
    return results;
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

async function readAll(
  program: Program,
  tensors: readonly (readonly [string, TfTensor])[],
): Promise<TensorsOf<Signature>> {
  const read = tensors.map(async ([name, tensor]) => [name, await readTensor(program.outputs[name]!, tensor)] as const);
  return Object.fromEntries(await Promise.all(read));
}
