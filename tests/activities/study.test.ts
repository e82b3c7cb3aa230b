import { describe, expect, test } from 'vitest';
import { jobRuntime, runtimeOf, trainingRuntime, trainingRuntimeOf } from '../../activities/study.js';
import { loadConfig } from '../../config/load.js';
import { runtimeFingerprint } from '../../core/backends/onnx/index.js';

const configOn = (device: string) => loadConfig({ preset: 'smoke', settings: [`compute.device=${device}`] });

describe('jobRuntime', () => {
  test('leaves the CPU unsaid and tells any other device, which then stands in keys and fingerprints', () => {
    expect(jobRuntime(configOn('cpu'))).toEqual({ threads: 2 });
    expect(jobRuntime(configOn('webgpu'), 1)).toEqual({ threads: 1, device: 'webgpu' });
    const [cpu, gpu] = ['cpu', 'webgpu'].map((device) => runtimeFingerprint(jobRuntime(configOn(device), 1)));
    expect(gpu).toEqual({ ...cpu, device: 'webgpu' });
  });

  test('is read back out of the settings of a job', () => {
    expect(runtimeOf(Object.assign(jobRuntime(configOn('cuda')), { seed: 3 }))).toEqual({ threads: 2, device: 'cuda' });
  });
});

describe('trainingRuntime', () => {
  const inPrecision = (precision: string) =>
    loadConfig({ preset: 'smoke', settings: [`compute.precision=${precision}`, 'compute.device=cuda'] });

  test('leaves float32 unsaid and tells float16, which then stands in the keys of what trains', () => {
    expect(trainingRuntime(configOn('cpu'))).toEqual({ threads: 2 });
    expect(trainingRuntime(inPrecision('float32'))).toEqual({ threads: 2, device: 'cuda' });
    expect(trainingRuntime(inPrecision('float16'))).toEqual({ threads: 2, device: 'cuda', precision: 'float16' });
    expect(jobRuntime(inPrecision('float16'))).toEqual({ threads: 2, device: 'cuda' });
  });

  test('is read back out of the settings of a job', () => {
    const settings = Object.assign(trainingRuntime(inPrecision('float16')), { seed: 3 });
    expect(trainingRuntimeOf(settings)).toEqual({ threads: 2, device: 'cuda', precision: 'float16' });
  });
});
