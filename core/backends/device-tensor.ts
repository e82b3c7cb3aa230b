/** Tensors that stay where a program ran. Knows no runtime. */

import type { Signature } from '../ir/program.js';
import type { DType, HostTensor, Shape } from '../tensor.js';

/** A tensor in a device's memory, which belongs to whoever was given it until it is disposed of. */
export interface DeviceTensor<D extends DType = DType> {
  readonly dtype: D;
  readonly shape: Shape;
  /** Gives its memory back at once; the collector of garbage would leave it. */
  dispose(): void;
}

/** A tensor wherever it lies. What a device without a memory of its own keeps is simply on the host. */
export type Located<D extends DType = DType> = HostTensor<D> | DeviceTensor<D>;

export type LocatedTensors = Readonly<Record<string, Located>>;

/** What a run takes: a program's inputs, each on the host or on the session's own device. */
export type FeedsOf<S extends Signature> = { readonly [N in keyof S]: Located<S[N]['dtype']> };

export function isOnHost<D extends DType>(tensor: Located<D>): tensor is HostTensor<D> {
  return 'data' in tensor;
}

/** Gives back the memory of those that lie on a device. */
export function disposeAll(tensors: Iterable<Located>): void {
  for (const tensor of tensors) if (!isOnHost(tensor)) tensor.dispose();
}

/** Moves tensors between the host and one device. */
export interface DeviceMemory {
  /** The same tensors on the device; those of a device without a memory of its own stay what they are. */
  upload(tensors: Readonly<Record<string, HostTensor>>): Promise<LocatedTensors>;
  /** Copies on the host; what lies there is given as it is. The originals stay. */
  download(tensors: LocatedTensors): Promise<Record<string, HostTensor>>;
}

/** The memory of a device that has none of its own. */
export const hostMemory: DeviceMemory = {
  upload: (tensors) => Promise.resolve(tensors),
  download: (tensors) => {
    const elsewhere = Object.keys(tensors).filter((name) => !isOnHost(tensors[name]!));
    if (elsewhere.length > 0)
      throw new TypeError(`download: expected tensors of this device, got others: ${elsewhere.join(', ')}`);
    return Promise.resolve(Object.fromEntries(Object.entries(tensors).filter(isHostEntry)));
  },
};

function isHostEntry(entry: [string, Located]): entry is [string, HostTensor] {
  return isOnHost(entry[1]);
}
