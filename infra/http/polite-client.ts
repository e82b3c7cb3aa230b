/** A GET that honours robots.txt, rates and Retry-After, and that no answer can harm. Knows no source's format. */

import { Agent } from 'undici';

import { HttpStatusError, RedirectError, SourceError, UnreachableError } from '../../core/sources/errors.js';
import type { Get, GetOptions, HttpResponse } from '../../core/sources/http.js';
import type { AddressGuard, Lookup } from './address-guard.js';
import { createAddressGuard } from './address-guard.js';
import type { ExchangeOptions } from './exchange.js';
import { exchange } from './exchange.js';
import type { HostPace } from './host-pace.js';
import { createPaces } from './host-pace.js';
import { retryAfterMs } from './retry-after.js';
import type { RobotsGate } from './robots-gate.js';
import { createRobotsGate, ROBOTS_MAX_BYTES } from './robots-gate.js';

export interface PoliteClientSettings {
  /** `name/version (remark)`; the name is what robots.txt is asked about. */
  readonly userAgent: string;
  /** To one host. */
  readonly requestsPerSecond: number;
  /** To one host. */
  readonly concurrency: number;
  /** For one attempt, from its first byte to its last. */
  readonly timeoutMs: number;
  /** Longest silence within an attempt; 15 s unless told, and never more than `timeoutMs`. */
  readonly idleTimeoutMs?: number;
  /** Of one body, decompressed. */
  readonly maxBytes: number;
  /** Of one request, 4 unless told: after 429, 5xx and lost connections. */
  readonly attempts?: number;
  /** Longest wait that a host's Retry-After is granted; 120 s unless told. More than that is an error that says how long. */
  readonly maxWaitMs?: number;
  /** Configured addresses of the sources. One on loopback may be reached there; nothing else in a private network can be. */
  readonly baseUrls: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Name service; the system's unless told. */
  readonly lookup?: Lookup;
}

export interface PoliteClient {
  readonly get: Get;
  /** Ends idle connections. */
  close(): Promise<void>;
}

const MAX_REDIRECTS = 5;
const FIRST_BACKOFF_MS = 500;

function mayRetry({ status }: HttpResponse): boolean {
  return status === 429 || (status >= 500 && status !== 501);
}

function redirectTarget(response: HttpResponse, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(response.status)) return undefined;
  const location = response.headers['location'];
  if (location === undefined || !URL.canParse(location, from.href))
    throw new RedirectError(from.href, `the location ${location}`);
  return new URL(location, from);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code}: ` : '';
  return `${code}${error.message || error.name}`;
}

/** Everything between one `get` and the wire. */
class Client {
  readonly #guard: AddressGuard;
  readonly #agent: Agent;
  readonly #paceOf: (url: URL) => HostPace;
  readonly #robots: RobotsGate;

  constructor(private readonly settings: PoliteClientSettings) {
    this.#guard = createAddressGuard(settings.baseUrls, settings.lookup);
    this.#agent = new Agent({ connect: { lookup: this.#guard.lookup, timeout: settings.timeoutMs } });
    this.#paceOf = createPaces(settings);
    this.#robots = createRobotsGate({
      userAgent: settings.userAgent.split('/')[0]?.trim() ?? settings.userAgent,
      fetchRobots: (url) => this.#follow(url, { accept: 'text/plain' }, false),
      nowMs: () => performance.now(),
    });
  }

  get(address: string, options: GetOptions): Promise<HttpResponse> {
    if (!URL.canParse(address)) throw new RedirectError(address, 'no address');
    return this.#follow(new URL(address), options, true);
  }

  /** Redirects are followed by hand: every hop is guarded, and asked about at its own host. */
  async #follow(first: URL, options: GetOptions, askRobots: boolean): Promise<HttpResponse> {
    let url = first;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
      this.#guard.check(url);
      const rules = askRobots ? await this.#robots.pass(url) : undefined;
      if (rules?.crawlDelaySeconds !== undefined) this.#paceOf(url).keepApart(rules.crawlDelaySeconds * 1_000);
      const response = await this.#persist(url, options, askRobots ? 'throw' : 'cut');
      const target = redirectTarget(response, url);
      if (!target) return response;
      url = target;
    }
    throw new RedirectError(first.href, `more than ${MAX_REDIRECTS}`);
  }

  /** Asks again after 429, 5xx and lost connections, a bounded number of times and a bounded while. */
  async #persist(url: URL, options: GetOptions, tooLarge: ExchangeOptions['tooLarge']): Promise<HttpResponse> {
    const attempts = this.settings.attempts ?? 4;
    for (let attempt = 1; ; attempt++) {
      const answer = await this.#attempt(url, options, tooLarge);
      if (!(answer instanceof UnreachableError) && !mayRetry(answer)) return answer;
      const askedMs =
        answer instanceof UnreachableError ? undefined : retryAfterMs(answer.headers['retry-after'], Date.now());
      const tooLong = askedMs !== undefined && askedMs > (this.settings.maxWaitMs ?? 120_000);
      if (attempt >= attempts || tooLong) {
        throw answer instanceof UnreachableError ? answer : new HttpStatusError(url.href, answer.status, askedMs);
      }
      this.#paceOf(url).restFor(askedMs ?? FIRST_BACKOFF_MS * 2 ** (attempt - 1));
    }
  }

  /** One exchange in its turn. What may pass is returned as an error, what will not is thrown. */
  #attempt(
    url: URL,
    options: GetOptions,
    tooLarge: ExchangeOptions['tooLarge'],
  ): Promise<HttpResponse | UnreachableError> {
    const { timeoutMs, idleTimeoutMs = 15_000, signal, userAgent, maxBytes } = this.settings;
    return this.#paceOf(url).run(async () => {
      const deadline = AbortSignal.timeout(timeoutMs);
      try {
        return await exchange(url, {
          dispatcher: this.#agent,
          headers: {
            ...options.headers,
            'user-agent': userAgent,
            accept: options.accept ?? '*/*',
            'accept-encoding': 'gzip, deflate, br',
          },
          signal: signal ? AbortSignal.any([signal, deadline]) : deadline,
          idleTimeoutMs: Math.min(idleTimeoutMs, timeoutMs),
          maxBytes: tooLarge === 'cut' ? ROBOTS_MAX_BYTES : maxBytes,
          tooLarge,
        });
      } catch (error) {
        signal?.throwIfAborted();
        const explained = this.#guard.explain(url, error);
        if (explained instanceof SourceError) throw explained;
        if (deadline.aborted)
          return new UnreachableError(url.href, `the whole answer within ${timeoutMs} ms`, 'not all of it');
        return new UnreachableError(url.href, 'an answer', reasonOf(error));
      }
    });
  }

  close(): Promise<void> {
    return this.#agent.destroy();
  }
}

/**
 * A client for the hosts of a crawl. `get` resolves with any answer that is final (200, 401, 404 …).
 * Its errors are `SourceError`s: RobotsDeniedError, SsrfBlockedError, RedirectError, BodyTooLargeError, ContentEncodingError,
 * HttpStatusError (429 and 5xx after every attempt, with the wait that was asked for), UnreachableError; and the signal's reason.
 */
export function createPoliteClient(settings: PoliteClientSettings): PoliteClient {
  const client = new Client(settings);
  return { get: async (url, options = {}) => client.get(url, options), close: () => client.close() };
}
