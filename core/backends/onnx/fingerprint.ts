/** What the bits of a run depend on besides its program and feeds. */

import { arch, cpus, platform } from 'node:os';
import { versions } from 'node:process';
import { env, listSupportedBackends } from 'onnxruntime-node';

export interface RuntimeFingerprint {
  readonly onnxruntime: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  /** Instruction sets, as the caller found them; empty when it did not look. */
  readonly cpuFeatures: readonly string[];
  readonly threads: number;
  readonly device: string;
  readonly graphOptimizationLevel: 'all';
}

/** Runs whose fingerprints are equal repeat each other bit for bit. */
export function runtimeFingerprint({
  threads,
  device = 'cpu',
  cpuFeatures = [],
}: {
  threads: number;
  device?: string;
  cpuFeatures?: readonly string[];
}): RuntimeFingerprint {
  return {
    onnxruntime: env.versions.node ?? env.versions.common,
    node: versions.node,
    platform: `${platform()}-${arch()}`,
    cpu: cpus()[0]?.model ?? 'unknown',
    cpuFeatures: [...cpuFeatures].sort(),
    threads,
    device,
    graphOptimizationLevel: 'all',
  };
}

/** The devices that the installed onnxruntime is built for; whether the machine has them is another matter. */
export function builtForDevices(): readonly string[] {
  return listSupportedBackends().map(({ name }) => name);
}
