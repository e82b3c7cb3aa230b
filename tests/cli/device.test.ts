/** The device that a study runs on, from the command line. */

import { describe, expect, test } from 'vitest';
import { absenceOf } from '../core/backends/absence.js';
import { startCommand } from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const run = async (...args: string[]) => startCommand(await temporaryFolder(), args).ended;

describe('doctor --device', async () => {
  const noGpu = await absenceOf('webgpu');

  test('finds that a device computes what the CPU computes', { timeout: 60_000 }, async () => {
    const { code, stdout } = await run('doctor', '--device', 'tfjs:wasm');
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ trains a small GPT-2: loss 4\.\d+, 4\.\d+, as the CPU does\n✓ samples from it/);
    expect(stdout).toContain('! no float16: TensorFlow.js has no 16-bit floats');
    expect(stdout).toMatch(/! written with plainer ops: GatherElements, Gelu, .*\n✓ nothing is left to another device/);
  });

  test('trains in float16 where it can, and says so where nothing falls back', { timeout: 60_000 }, async () => {
    const { code, stdout } = await run('doctor', '--device', 'cpu');
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ trains it in float16: loss 4\.\d+, 4\.\d+/);
    expect(stdout).toMatch(/✓ no op is written with plainer ones\n✓ nothing is left to another device/);
  });

  test.skipIf(noGpu)(
    'lists the ops that WebGPU lacks, and those that it leaves to the CPU',
    { timeout: 240_000 },
    async () => {
      const { code, stdout } = await run('doctor', '--device', 'webgpu');
      expect(code).toBe(0);
      expect(stdout).toMatch(/! written with plainer ops: LogSoftmax, Or, Sign\n! left to the CPU: .*Loop/);
    },
  );

  test('says how to get a device that is not here', { timeout: 60_000 }, async () => {
    const { code, stderr } = await run('doctor', '--device', 'tfjs:node');
    expect(code).toBe(1);
    expect(stderr).toMatch(/device tfjs:node: not available: .*; npm install @tensorflow\/tfjs-node/);
  });
});

describe('compute.device', () => {
  test('that is not here ends a run before anything starts', { timeout: 60_000 }, async () => {
    const { code, stderr } = await run('run', '-p', 'smoke', '-S', 'compute.device=tfjs:node');
    expect(code).toBe(1);
    expect(stderr).toMatch(/device tfjs:node: not available: .*; npm install @tensorflow\/tfjs-node/);
    expect(stderr).not.toContain('Temporal');
  });

  test('that there is none of names those there are', async () => {
    const { code, stderr } = await run('config', '-p', 'smoke', '-S', 'compute.device=gpu');
    expect(code).toBe(1);
    expect(stderr).toMatch(/compute\.device: .*cuda.*webgpu.*tfjs:wasm/);
  });

  test('takes one model job at a time where it is no CPU', async () => {
    expect((await run('config', '-p', 'smoke')).stdout).toContain('modelSlots: 2');
    expect((await run('config', '-p', 'smoke', '-S', 'compute.device=webgpu')).stdout).toContain('modelSlots: 1');
  });
});

describe('compute.precision', () => {
  test('that the device lacks ends a run before anything starts', { timeout: 60_000 }, async () => {
    const settings = ['-S', 'compute.device=tfjs:cpu', '-S', 'compute.precision=float16'];
    const { code, stderr } = await run('run', '-p', 'smoke', ...settings);
    expect(code).toBe(1);
    expect(stderr).toMatch(/precision float16 on tfjs:cpu: not available: .*; set compute\.precision to float32/);
    expect(stderr).not.toContain('Temporal');
  });
});
