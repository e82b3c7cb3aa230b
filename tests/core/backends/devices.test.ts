import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runBertCase } from '../../../bench/goldens-bert.js';
import { runGpt2Case } from '../../../bench/goldens-gpt2.js';
import { ppoGolden } from '../../../bench/goldens-ppo.js';
import {
  DeviceUnavailableError,
  openSession,
  parseDevice,
  plainlyWritten,
  PrecisionUnavailableError,
  requireDevice,
  requirePrecision,
} from '../../../core/backends/index.js';
import type { Device } from '../../../core/backends/index.js';
import { add, Graph, mul, program } from '../../../core/ir/index.js';
import { hostTensor } from '../../../core/tensor.js';
import { absenceOf } from './absence.js';

/** A GPU's exp, tanh and erf are shorter series than the CPU's. */
const TOLERANCE = 1e-3;
const goldens = (name: string) => fileURLToPath(new URL(`../../goldens/${name}`, import.meta.url));

async function addOneOn(device: Device) {
  const graph = new Graph('add-one');
  const x = graph.input('x', 'float32', [2]);
  const session = await openSession(program(graph, { outputs: { y: add(x, 1) } }), { device, threads: 1 });
  const { y } = await session.run({ x: hostTensor('float32', [2], Float32Array.of(1, 2)) });
  await session.release();
  return y.data;
}

/** x · w for two x and one fixed w. */
async function twiceTimesFixedOn(device: Device) {
  const graph = new Graph('times-fixed');
  const product = mul(graph.input('x', 'float32', [2]), graph.input('w a/b', 'float32', [2]));
  const weights = hostTensor('float32', [2], Float32Array.of(3, 4));
  const session = await openSession(
    program(graph, { outputs: { y: product } }),
    { device, threads: 1 },
    { 'w a/b': weights },
  );
  const found: number[] = [];
  for (const x of [Float32Array.of(1, 2), Float32Array.of(10, 20)]) {
    const { y } = await session.run({ x: hostTensor('float32', [2], x) });
    found.push(...Array.from(y.data, Number));
  }
  await session.release();
  return found;
}

describe.each(['webgpu', 'tfjs:cpu', 'tfjs:wasm'] as const)('openSession on %s', async (device) => {
  const absent = await absenceOf(device);

  test.skipIf(absent)('runs a program', async () => {
    expect([...(await addOneOn(device))]).toEqual([2, 3]);
  });

  test.skipIf(absent)('takes feeds that stay from run to run', async () => {
    expect(await twiceTimesFixedOn(device)).toEqual([3, 8, 30, 80]);
  });

  test.skipIf(absent)('gives the reference numbers of gpt2 and bert', { timeout: 240_000 }, async () => {
    const runtime = { device, threads: 1 };
    const errors = [...(await runBertCase(goldens('bert'), runtime)), ...(await runGpt2Case(goldens('gpt2'), runtime))];
    expect(errors.filter(({ error }) => !(error <= TOLERANCE))).toEqual([]);
  });

  test.skipIf(absent)('gives the reference numbers of PPO', { timeout: 240_000 }, async () => {
    const errors = await ppoGolden(goldens('ppo-trl-0.11'), { device, threads: 1 });
    expect(errors.filter(({ error }) => !(error <= TOLERANCE))).toEqual([]);
  });
});

test('requireDevice says how to get the device that is not here', async () => {
  const absent = (await Promise.all((['cuda', 'tfjs:node', 'tfjs:node-gpu'] as const).map(absenceOf))).filter(
    (absence) => absence !== undefined,
  );
  for (const { message } of absent) expect(message).toMatch(/not available: .+; .*(npm install|node node_modules)/);
  await expect(requireDevice('cpu')).resolves.toBeUndefined();
});

// `npm install` finds the package installed and starts nothing; from npm 12 on, `npm rebuild` starts nothing either.
test("DeviceUnavailableError names onnxruntime's own script, which fetches the CUDA libraries", () => {
  const { message } = new DeviceUnavailableError('cuda', new Error('no provider'));
  const [, script = '', name = ''] = /node (\S+) --onnxruntime-node-install=(\w+)/.exec(message) ?? [];
  const require = createRequire(new URL('../../../package.json', import.meta.url));
  expect(() => require.resolve(`./${script}`)).not.toThrow();
  const { requirements } = require(`./${script}-metadata`);
  expect(requirements['linux/x64']).toContain(name);
});

test('plainlyWritten lists the ops that take several plainer ones on a device', () => {
  expect(plainlyWritten('cpu')).toEqual([]);
  expect(plainlyWritten('cuda')).toEqual([]);
  expect(plainlyWritten('webgpu')).toEqual(['LogSoftmax', 'Or', 'Sign']);
  expect(plainlyWritten('tfjs:wasm')).toEqual([
    'GatherElements',
    'Gelu',
    'LayerNormalization',
    'LogSoftmax',
    'ScatterElements',
  ]);
});

describe('requirePrecision', async () => {
  const noGpu = await absenceOf('webgpu');

  test('finds float16 on the CPU, and float32 anywhere', async () => {
    await expect(requirePrecision('cpu', 'float16')).resolves.toBeUndefined();
    await expect(requirePrecision('tfjs:cpu', 'float32')).resolves.toBeUndefined();
  });

  test('refuses float16 of TensorFlow.js, and says what to do', async () => {
    await expect(requirePrecision('tfjs:cpu', 'float16')).rejects.toThrow(PrecisionUnavailableError);
    await expect(requirePrecision('tfjs:cpu', 'float16')).rejects.toThrow(
      /precision float16 on tfjs:cpu: not available: TensorFlow\.js has no .*; set compute\.precision to float32, or choose/,
    );
  });

  // Software drivers have no shader-f16; a real GPU mostly has.
  test.skipIf(noGpu)('of WebGPU gives float16 or says that the device lacks it', async () => {
    const found = await requirePrecision('webgpu', 'float16').catch((error: unknown) => error);
    if (found === undefined) return;
    expect(found).toBeInstanceOf(PrecisionUnavailableError);
    expect(found instanceof Error && found.message).toMatch(/f16.*; set compute\.precision to float32/);
  });
});

test('DeviceUnavailableError leaves out where in its sources onnxruntime noticed', () => {
  const cause = new Error('/src/core/webgpu_context.cc:136 void f() status == Success was false. No adapter\nat f');
  expect(new DeviceUnavailableError('webgpu', cause).message).toMatch(/^device webgpu: not available: No adapter; /);
});

test('openSession on cpu takes feeds that stay from run to run, and refuses what does not fit', async () => {
  expect(await twiceTimesFixedOn('cpu')).toEqual([3, 8, 30, 80]);
  const graph = new Graph('x');
  const one = program(graph, { outputs: { y: add(graph.input('x', 'float32', [2]), 1) } });
  const wrong = { x: hostTensor('float32', [1], Float32Array.of(1)) };
  await expect(openSession(one, { threads: 1 }, wrong)).rejects.toThrow(/'x' must be float32 \[2\], got float32 \[1\]/);
});

test('parseDevice names the devices that there are', () => {
  expect(parseDevice('tfjs:wasm')).toBe('tfjs:wasm');
  expect(() => parseDevice('gpu')).toThrow(/expected cpu, cuda, webgpu, tfjs:cpu.*, got gpu/);
});
