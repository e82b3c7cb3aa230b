/** Keeps requests to one host apart: so many a second, so many at once, none while the host asks for rest. Knows no HTTP. */

import { setTimeout as sleep } from 'node:timers/promises';

import PQueue from 'p-queue';

export interface PaceSettings {
  readonly requestsPerSecond: number;
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
}

/** One host's turn-taking. */
export class HostPace {
  readonly #queue: PQueue;
  readonly #signal: AbortSignal | undefined;
  #restUntilMs = 0;
  #delayMs = 0;
  #lastMs = -Infinity;

  constructor({ requestsPerSecond, concurrency, signal }: PaceSettings) {
    this.#signal = signal;
    this.#queue = new PQueue({ concurrency, intervalCap: 1, interval: Math.ceil(1_000 / requestsPerSecond) });
  }

  /** Runs a task in its turn; waiting ends when the signal is aborted. */
  async run<T>(task: () => Promise<T>): Promise<T> {
    const result = await this.#queue.add(async () => {
      await this.#rest();
      this.#lastMs = performance.now();
      return { value: await task() };
    });
    if (!result) throw new Error('HostPace.run: expected the task to end, got nothing from the queue');
    return result.value;
  }

  async #rest(): Promise<void> {
    this.#signal?.throwIfAborted();
    const waitMs = Math.max(this.#restUntilMs, this.#lastMs + this.#delayMs) - performance.now();
    if (waitMs > 0) await sleep(waitMs, undefined, this.#signal ? { signal: this.#signal } : {});
  }

  /** No request begins for so long, whoever asks. */
  restFor(waitMs: number): void {
    this.#restUntilMs = Math.max(this.#restUntilMs, performance.now() + waitMs);
  }

  /** The host's own wish for a pause between requests (Crawl-delay). */
  keepApart(delayMs: number): void {
    this.#delayMs = Math.max(this.#delayMs, delayMs);
  }
}

/** A pace for each host and port. */
export function createPaces(settings: PaceSettings): (url: URL) => HostPace {
  const paces = new Map<string, HostPace>();
  return ({ host }) => {
    const pace = paces.get(host) ?? new HostPace(settings);
    paces.set(host, pace);
    return pace;
  };
}
