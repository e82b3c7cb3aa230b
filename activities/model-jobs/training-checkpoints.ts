/** A training job's states in the store: tensors by group and name, everything else as JSON. */

import { canonicalJson, openCheckpoints, type CheckpointLog, type Json } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import type { Parameters } from '../../core/nn/index.js';
import { runtimeFingerprint, type RuntimeFingerprint } from '../../core/backends/onnx/index.js';
import type { JobRuntime } from '../study.js';
import type { HostTensor } from '../../core/tensor.js';

/** Groups of tensors beside plain data: `{ params, m, v }`. */
export type TensorGroups = Readonly<Record<string, Parameters>>;

export interface SplitState {
  readonly groups: TensorGroups;
  readonly plain: object;
}

/** `params/transformer.wte.weight` and so on. */
function flatten(groups: TensorGroups): Record<string, HostTensor> {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([group, tensors]) =>
      Object.entries(tensors).map(([name, tensor]) => [`${group}/${name}`, tensor]),
    ),
  );
}

function isFloat32(tensor: HostTensor): tensor is HostTensor<'float32'> {
  return tensor.dtype === 'float32';
}

function regroup(tensors: Readonly<Record<string, HostTensor>>): TensorGroups {
  const groups: Record<string, Record<string, HostTensor<'float32'>>> = {};
  for (const [path, tensor] of Object.entries(tensors)) {
    const slash = path.indexOf('/');
    if (!isFloat32(tensor)) throw new TypeError(`checkpoint: expected float32 for ${path}, got ${tensor.dtype}`);
    (groups[path.slice(0, slash)] ??= {})[path.slice(slash + 1)] = tensor;
  }
  return groups;
}

export interface JobCheckpoints {
  readonly fingerprint: RuntimeFingerprint;
  newest(): Promise<SplitState | undefined>;
  commit(step: number, state: SplitState): Promise<void>;
}

/** Claims the stage for this attempt; an older one can no longer write. */
export async function openJobCheckpoints(
  stageKey: string,
  runtime: JobRuntime,
  { store, log }: JobContext,
): Promise<JobCheckpoints> {
  const fingerprint = runtimeFingerprint(runtime);
  const checkpoints: CheckpointLog = await openCheckpoints(store, stageKey, {
    fingerprint: canonicalJson(fingerprint),
    onDamaged: ({ key, problem }) => log('warn', `checkpoint skipped: ${problem.message}`, { key }),
  });
  return {
    fingerprint,
    async newest() {
      const found = await checkpoints.newest();
      if (!found) return undefined;
      log('info', 'resuming from a checkpoint', { step: found.step, epoch: checkpoints.epoch });
      // The state was an object when `commit` below wrote it.
      return { groups: regroup(found.tensors), plain: found.state as object };
    },
    async commit(step, { groups, plain }) {
      const state: Json = JSON.parse(canonicalJson(plain));
      await checkpoints.commit({ step, tensors: flatten(groups), state });
    },
  };
}
