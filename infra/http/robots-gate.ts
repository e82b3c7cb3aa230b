/** Asks each host's robots.txt before anything else is asked of it (RFC 9309). Knows no pages. */

import robotsLibrary from 'robots-parser';

import { HttpStatusError, RobotsDeniedError, SourceError } from '../../core/sources/errors.js';
import type { HttpResponse } from '../../core/sources/http.js';

export const ROBOTS_MAX_BYTES = 500 * 1024;
const CACHE_MS = 24 * 60 * 60 * 1_000;
const MAX_CRAWL_DELAY_SECONDS = 60;

export interface RobotsRules {
  /** Undefined when allowed; else why not. */
  refusal(url: URL): string | undefined;
  /** Seconds between requests that the host asks for, bounded. */
  readonly crawlDelaySeconds: number | undefined;
}

/** What is used of a parsed file. */
interface RobotsFile {
  isAllowed(url: string, userAgent: string): boolean | undefined;
  getCrawlDelay(userAgent: string): number | undefined;
}

/** The library exports the function itself, its declarations speak of a `default` on it. */
function isParser(value: unknown): value is (url: string, text: string) => RobotsFile {
  return typeof value === 'function';
}

function parseRobots(url: string, text: string): RobotsFile {
  const parser: unknown = robotsLibrary;
  if (!isParser(parser))
    throw new TypeError(`robots-parser: expected a function, got ${typeof parser}; install version 3`);
  return parser(url, text);
}

const everything: RobotsRules = { refusal: () => undefined, crawlDelaySeconds: undefined };

function nothingBecause(reason: string): RobotsRules {
  return { refusal: () => reason, crawlDelaySeconds: undefined };
}

/** A missing file allows all; a server that cannot or will not say forbids all. */
function rulesOf(response: HttpResponse, robotsUrl: string, userAgent: string): RobotsRules {
  const { status } = response;
  if (status === 429 || status >= 500) return nothingBecause(`robots.txt with status ${status}, which forbids all`);
  if (status >= 400) return everything;
  const robots = parseRobots(robotsUrl, new TextDecoder('utf-8').decode(response.body));
  const delay = robots.getCrawlDelay(userAgent);
  return {
    refusal: (url) =>
      robots.isAllowed(url.href, userAgent) === false ? `a rule for ${userAgent} that forbids it` : undefined,
    crawlDelaySeconds: delay === undefined || !(delay > 0) ? undefined : Math.min(delay, MAX_CRAWL_DELAY_SECONDS),
  };
}

export interface RobotsGateSettings {
  /** Product token: the part of the User-Agent before `/`. */
  readonly userAgent: string;
  /** Fetches a robots.txt, redirects followed, cut at `ROBOTS_MAX_BYTES`. */
  readonly fetchRobots: (url: URL) => Promise<HttpResponse>;
  readonly nowMs: () => number;
}

export interface RobotsGate {
  /** @throws RobotsDeniedError */
  pass(url: URL): Promise<RobotsRules>;
}

/** Rules are kept for a day; that a host could not be asked is not kept. */
export function createRobotsGate({ userAgent, fetchRobots, nowMs }: RobotsGateSettings): RobotsGate {
  const cache = new Map<string, { readonly rules: Promise<RobotsRules>; readonly sinceMs: number }>();

  const ask = async (origin: string): Promise<RobotsRules> => {
    const url = new URL('/robots.txt', origin);
    try {
      return rulesOf(await fetchRobots(url), url.href, userAgent);
    } catch (error) {
      cache.delete(origin);
      if (error instanceof HttpStatusError)
        return nothingBecause(`robots.txt with status ${error.status}, which forbids all`);
      if (error instanceof SourceError) return nothingBecause(`no robots.txt, which forbids all: ${error.message}`);
      throw error;
    }
  };

  return {
    async pass(url) {
      const known = cache.get(url.origin);
      const fresh = known && nowMs() - known.sinceMs < CACHE_MS ? known.rules : ask(url.origin);
      if (fresh !== known?.rules) cache.set(url.origin, { rules: fresh, sinceMs: nowMs() });
      const rules = await fresh;
      const refusal = rules.refusal(url);
      if (refusal !== undefined) throw new RobotsDeniedError(url.href, refusal);
      return rules;
    },
  };
}
