/** Runs a program with onnxruntime-node, everything that bears on its bits pinned. Blocks the thread while it runs. */

import { InferenceSession } from 'onnxruntime-node';
import type { Program, Signature, TensorsOf } from '../../ir/program.js';
import { RuntimeFailureError } from './errors.js';
import { checkFeeds } from './feeds.js';
import { lowerToOnnx, onnxOutputName } from './lower.js';
import { fromRuntime, toRuntime } from './tensors.js';

export interface SessionOptions {
  readonly device?: 'cpu' | 'webgpu';
  /** Threads of one run. Results repeat bit for bit only at the same number. */
  readonly threads: number;
  /** Whether waiting threads spin, off unless set: where other processes share the cores, spinning doubled a step's time. */
  readonly spin?: boolean;
  /** Fused ops beyond the ONNX standard; set to false for providers that lack them. */
  readonly fused?: boolean;
  /** A file name prefix for onnxruntime's profile of every op, written on release. */
  readonly profilePrefix?: string;
}

export interface Session<In extends Signature, Out extends Signature> {
  /**
   * One run of the program.
   * @throws FeedError when the feeds do not fit, RuntimeFailureError when the runtime fails
   */
  run(feeds: TensorsOf<In>): Promise<TensorsOf<Out>>;
  /** Gives up the session. Memory returns for certain only when the process ends. */
  release(): Promise<void>;
}

/** @throws RuntimeFailureError when the runtime refuses the program */
export function openSession<In extends Signature, Out extends Signature>(
  program: Program<In, Out>,
  options: SessionOptions,
): Promise<Session<In, Out>>;
export async function openSession(program: Program, options: SessionOptions): Promise<Session<Signature, Signature>> {
  const bytes = lowerToOnnx(program, { fused: options.fused ?? true });
  const session = await InferenceSession.create(bytes, runtimeOptions(program.graph.name, options)).catch(
    (cause: unknown) => {
      throw new RuntimeFailureError(program.graph.name, 'opening', cause);
    },
  );
  return {
    run: (feeds) => run(program, session, feeds),
    release: async () => {
      if (options.profilePrefix !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

function runtimeOptions(
  name: string,
  { device = 'cpu', threads, spin = false, profilePrefix }: SessionOptions,
): InferenceSession.SessionOptions {
  return {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: spin ? '1' : '0' } } },
    ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: `${profilePrefix}-${name}` }),
  };
}

async function run(
  program: Program,
  session: InferenceSession,
  feeds: TensorsOf<Signature>,
): Promise<TensorsOf<Signature>> {
  const { graph, inputs, outputs } = program;
  checkFeeds(graph.name, inputs, feeds);
  const tensors = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, toRuntime(feed)]));
  const fetches = Object.keys(outputs).map((name) => onnxOutputName(program, name));
  const fetched = await session.run(tensors, fetches).catch((cause: unknown) => {
    throw new RuntimeFailureError(graph.name, 'running', cause);
  });
  return Object.fromEntries(
    Object.entries(outputs).map(([name, spec]) => [
      name,
      fromRuntime(name, spec, fetched[onnxOutputName(program, name)]),
    ]),
  );
}
