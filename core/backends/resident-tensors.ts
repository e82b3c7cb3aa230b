/** Feeds that are sent to a device once and stay there, such as a model's weights. Knows no program. */

import type { HostTensor } from '../tensor.js';
import { disposeAll, hostMemory } from './device-tensor.js';
import type { DeviceMemory, Located, LocatedTensors } from './device-tensor.js';

interface Sent {
  readonly host: HostTensor;
  readonly located: Located;
}

export class ResidentTensors {
  readonly #sent = new Map<string, Sent>();

  constructor(private readonly memory: DeviceMemory) {}

  /** These tensors on the device, or as they are where it has no memory of its own: sent are only those that were not fed under this name before, as the very same tensor. */
  async feeds(tensors: Readonly<Record<string, HostTensor>>): Promise<LocatedTensors> {
    if (this.memory === hostMemory) return tensors;
    const fresh = Object.entries(tensors).filter(([name, tensor]) => this.#sent.get(name)?.host !== tensor);
    disposeAll(fresh.flatMap(([name]) => this.#sent.get(name)?.located ?? []));
    for (const [name] of fresh) this.#sent.delete(name);
    const located = await this.memory.upload(Object.fromEntries(fresh));
    for (const [name, host] of fresh) this.#sent.set(name, { host, located: located[name] ?? host });
    return Object.fromEntries(Object.keys(tensors).map((name) => [name, this.#sent.get(name)!.located]));
  }

  /** Gives the device's memory back; a later `feeds` sends anew. */
  release(): void {
    disposeAll([...this.#sent.values()].map(({ located }) => located));
    this.#sent.clear();
  }
}
