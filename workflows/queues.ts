/** Task queues, one for each kind of resource. More machines serve a study by polling the same queues. */

export interface Queues {
  /** Workflows only. */
  readonly pipeline: string;
  /** Activities that wait for the network. */
  readonly net: string;
  /** Activities that keep a core busy. */
  readonly cpu: string;
  /** Activities that own a device. */
  readonly model: string;
}

/** The queues that share a prefix; one server may serve several installations. */
export function queuesOf(prefix: string): Queues {
  return { pipeline: `${prefix}-pipeline`, net: `${prefix}-net`, cpu: `${prefix}-cpu`, model: `${prefix}-model` };
}
