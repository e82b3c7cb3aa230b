/** Runs a program with onnxruntime-node, everything that bears on its bits pinned. Blocks the thread while it runs. */

import { InferenceSession } from 'onnxruntime-node';
import type { Program, Signature, TensorsOf } from '../../ir/program.js';
import { DeviceUnavailableError } from '../device.js';
import { RuntimeFailureError } from '../errors.js';
import type { HostTensor } from '../../tensor.js';
import { checkFeeds, partInputs } from '../feeds.js';
import type { LoweringOptions } from './scope.js';
import type { Session, SessionOptions } from '../session.js';
import { lowerToOnnx, onnxOutputName } from './lower.js';
import { externalPath } from './protos.js';
import { fromRuntime, toRuntime } from './tensors.js';

/**
 * Fixed feeds become initializers, which the runtime packs for its products once.
 * @throws DeviceUnavailableError when the device is not here; RuntimeFailureError when the runtime refuses the program
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
  const bytes = lowerToOnnx(program, loweringFor(options), new Set(Object.keys(fixed)));
  const external = { externalData: Object.entries(fixed).map(([name, feed]) => externalData(name, feed)) };
  const session = await InferenceSession.create(bytes, {
    ...runtimeOptions(program.graph.name, options),
    ...external,
  }).catch((cause: unknown) => {
    throw openingError(program, options, cause);
  });
  return {
    run: (feeds) => run({ ...program, inputs }, session, feeds),
    release: async () => {
      if (options.profilePrefix !== undefined) session.endProfiling();
      await session.release();
    },
  };
}

function externalData(name: string, { data }: HostTensor) {
  return { path: externalPath(name), data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/** WebGPU grants a shader 8 buffers or a few more, one of which is the result. */
const WEBGPU_PARTS = 7;

/** WebGPU would leave FusedMatMul to the CPU. */
function loweringFor({ device, fused = device !== 'webgpu' }: SessionOptions): LoweringOptions {
  return { fused, ...(device === 'webgpu' && { maxParts: WEBGPU_PARTS }) };
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
