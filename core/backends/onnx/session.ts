/** Runs a program with onnxruntime-node, everything that bears on its bits pinned. Blocks the thread while it runs. */

import { env, InferenceSession } from 'onnxruntime-node';
import type { Tensor } from 'onnxruntime-node';
import type { Spec } from '../../ir/graph.js';
import type { Program, Signature, TensorsOf } from '../../ir/program.js';
import { usesFloat16 } from '../../ir/live.js';
import { DeviceUnavailableError, isOnnxDevice } from '../device.js';
import type { HostTensor } from '../../tensor.js';
import type { FeedsOf, Located } from '../device-tensor.js';
import { RuntimeFailureError } from '../errors.js';
import { checkFeeds, partInputs } from '../feeds.js';
import type { Bound, BoundSession, KeepingSession, KeptRun, Session, SessionOptions } from '../session.js';
import { feedOf } from './device-tensors.js';
import { lackedOps } from './lacked-ops.js';
import { lowerToOnnx, onnxOutputName, UNREADABLE } from './lower.js';
import type { LoweringOptions } from './scope.js';
import { externalPath } from './protos.js';
import { roundedFloat16 } from './rounded-float16.js';
import { SharedSession } from './shared-session.js';
import { fromRuntime, toRuntime } from './tensors.js';

/** What goes wrong is thrown; the runtime's own log would say it a second time, in the midst of ours. */
env.logLevel = 'fatal';

/**
 * Fixed feeds become initializers, which the runtime packs for its products once. It copies them while it opens.
 * @throws DeviceUnavailableError when the device is not here; RuntimeFailureError when the runtime refuses the program;
 * FeedError when a fixed feed does not fit
 */
export function openSession<In extends Signature, Out extends Signature>(
  program: Program<In, Out>,
  options: SessionOptions,
  fixed?: TensorsOf<Signature>,
): Promise<Session<In, Out>>;
export async function openSession(
  program: Program,
  options: SessionOptions,
  fixed: TensorsOf<Signature> = {},
): Promise<Session<Signature, Signature>> {
  const [given, inputs] = partInputs(program, fixed);
  checkFeeds(program.graph.name, given, fixed);
  const session = await openRuntime(program, options, { fixed });
  return {
    run: async (feeds) => {
      checkFeeds(program.graph.name, inputs, feeds);
      return (await run(program, session, feeds, [])).read;
    },
    release: () => session.release(),
  };
}

/** Opens a program whose outputs of these names stay on the device, where onnxruntime-node can leave them there. */
export async function openKeepingSession(
  program: Program,
  options: SessionOptions,
  keep: readonly string[],
): Promise<KeepingSession> {
  const session = await openRuntime(program, options, { keep: keepsTensors(options) ? keep : [] });
  return {
    run: async (feeds) => {
      checkFeeds(program.graph.name, program.inputs, feeds);
      return run(program, session, feeds, keep);
    },
    release: () => session.release(),
  };
}

/**
 * Opens a program on the CPU whose results are written where they are wanted.
 *
 * onnxruntime-node writes into the tensors that it is given for outputs, and then copies each of them into a new one, which for
 * the gradients of a step takes longer than an optimizer's pass over them. It stops at the first output that is not a tensor:
 * such a one stands before all others. Should a later version take it, results are copied in vain, but are where they belong.
 * @throws RuntimeFailureError when the runtime refuses the program; FeedError when what is bound does not fit
 */
export async function openBoundSession(
  program: Program,
  options: SessionOptions,
  { feeds: bound, results }: Bound,
): Promise<BoundSession> {
  const { name } = program.graph;
  const [given, inputs] = partInputs(program, bound);
  checkFeeds(name, given, bound);
  checkFeeds(`${name}, outputs`, program.outputs, results);
  const shared = await openRuntime(program, options, { intoMemory: true });
  const fixed = Object.fromEntries(Object.entries(bound).map(([input, tensor]) => [input, toRuntime(tensor)]));
  const written = Object.entries(results).map(([output, tensor]) => [
    onnxOutputName(program, output),
    toRuntime(tensor),
  ]);
  const fetches = { [UNREADABLE]: null, ...Object.fromEntries(written) };
  return {
    run: async (feeds) => {
      checkFeeds(name, inputs, feeds);
      const others = Object.fromEntries(Object.entries(feeds).map(([input, feed]) => [input, toRuntime(feed)]));
      await shared.session.run({ ...fixed, ...others }, fetches).catch((cause: unknown) => {
        if (!stoppedReading(cause)) throw new RuntimeFailureError(name, 'running', cause);
      });
    },
    release: () => shared.release(),
  };
}

/** Whether a run came to its end, and only then to an output that the binding does not take. */
function stoppedReading(cause: unknown): boolean {
  return cause instanceof Error && cause.message.startsWith('Non tensor type is temporarily not supported');
}

/** onnxruntime-node binds outputs to WebGPU's memory, and to no other device's. */
export function keepsTensors({ device }: Pick<SessionOptions, 'device'>): boolean {
  return device === 'webgpu';
}

interface OpeningOptions {
  readonly fixed?: TensorsOf<Signature>;
  readonly keep?: readonly string[];
  readonly intoMemory?: boolean;
}

async function openRuntime(
  program: Program,
  options: SessionOptions,
  { fixed = {}, keep = [], intoMemory = false }: OpeningOptions,
): Promise<SharedSession> {
  const lowering = { ...loweringFor(options), intoMemory };
  const bytes = lowerToOnnx(lowerable(program, options), lowering, new Set(Object.keys(fixed)));
  const places = keep.map((name) => [onnxOutputName(program, name), 'gpu-buffer'] as const);
  const session = await InferenceSession.create(bytes, {
    ...runtimeOptions(program.graph.name, options),
    externalData: Object.entries(fixed).map(([name, feed]) => externalData(name, feed)),
    ...(places.length > 0 && { preferredOutputLocation: Object.fromEntries(places) }),
  }).catch((cause: unknown) => {
    throw openingError(program, options, cause);
  });
  return new SharedSession(session, async () => {
    if (options.profilePrefix !== undefined) session.endProfiling();
    await session.release();
  });
}

/** The CPU provider has few kernels of float16. */
function lowerable(program: Program, { device = 'cpu' }: SessionOptions): Program {
  return device === 'cpu' && usesFloat16(program.graph) ? roundedFloat16(program) : program;
}

function externalData(name: string, { data }: HostTensor) {
  return { path: externalPath(name), data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** WebGPU grants a shader 8 buffers or a few more, one of which is the result. */
const WEBGPU_PARTS = 7;

/** WebGPU would leave FusedMatMul to the CPU. */
function loweringFor({ device = 'cpu', fused = device !== 'webgpu' }: SessionOptions): LoweringOptions {
  const lacks = isOnnxDevice(device) ? lackedOps[device] : [];
  const onCpu = device === 'cpu';
  return {
    fused,
    lacks,
    turnLarge: onCpu,
    scaledSums: onCpu && fused,
    ...(device === 'webgpu' && { maxParts: WEBGPU_PARTS }),
  };
}

/** What a missing device's provider says on opening, whatever the program. */
const missingDevice = /execution_?provider|adapter|backend not found|failed to load (?:shared )?library|not available/i;

function openingError({ graph }: Program, { device = 'cpu' }: SessionOptions, cause: unknown): Error {
  const absent = device !== 'cpu' && missingDevice.test(cause instanceof Error ? cause.message : String(cause));
  return absent ? new DeviceUnavailableError(device, cause) : new RuntimeFailureError(graph.name, 'opening', cause);
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
    extra: {
      session: waiting(spin),
      // It would put back into a product the transpose that was taken out of it.
      optimization: { disable_specified_optimizers: 'GemmTransposeFusion' },
    },
    ...(profilePrefix === undefined ? {} : { enableProfiling: true, profileFilePrefix: `${profilePrefix}-${name}` }),
  };
}

/**
 * Threads that wait for work within a run spin for a fifth of a millisecond, about the time between two ops, and sleep after
 * that. When a run ends they stop at once: left spinning they would hold a core of the next session, which has threads of
 * its own.
 */
function waiting(spin: boolean) {
  if (!spin) return { intra_op: { allow_spinning: '0' } };
  return { intra_op: { allow_spinning: '1', spin_duration_us: '200' }, force_spinning_stop: '1' };
}

async function run(
  program: Program,
  shared: SharedSession,
  feeds: FeedsOf<Signature>,
  keep: readonly string[],
): Promise<KeptRun> {
  const { graph, outputs } = program;
  const tensors = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, feedOf(name, feed)]));
  const names = Object.keys(outputs);
  const fetches = names.map((name) => onnxOutputName(program, name));
  const fetched = await shared.session.run(tensors, fetches).catch((cause: unknown) => {
    throw new RuntimeFailureError(graph.name, 'running', cause);
  });
  const kept = new Set(keep);
  const read = names.filter((name) => !kept.has(name));
  const tensorOf = (name: string) => fetched[onnxOutputName(program, name)];
  return {
    read: Object.fromEntries(read.map((name) => [name, fromRuntime(name, outputs[name]!, tensorOf(name))])),
    kept: Object.fromEntries(keep.map((name) => [name, keptOf(shared, name, outputs[name], tensorOf(name))])),
  };
}

/** @throws TypeError when the program has no such output */
function keptOf(session: SharedSession, name: string, spec: Spec | undefined, tensor: Tensor | undefined): Located {
  if (spec === undefined) throw new TypeError(`keep: expected an output of the program, got '${name}'`);
  return tensor?.location === 'gpu-buffer' ? session.keep(spec, tensor) : fromRuntime(name, spec, tensor);
}
