/** Asks a model hub over HTTP: redirects followed, the token kept to the hub's own host, a proxy used where one is set. Knows no files. */

import { EnvHttpProxyAgent, request, type Dispatcher } from 'undici';
import { HubAccessError, HubUnreachableError } from './errors.js';

/** Given, never read from the environment here. */
export interface ProxySettings {
  readonly http?: string;
  readonly https?: string;
  /** Hosts that are reached without it, separated by commas. */
  readonly exceptions?: string;
}

export interface HubClientSettings {
  /** Address of the hub, `https://huggingface.co` or a mirror of it. */
  readonly endpoint: string;
  readonly token?: string;
  readonly proxy: ProxySettings;
  /** Longest silence on a connection. */
  readonly idleTimeoutMs: number;
}

export interface HubAnswer {
  readonly status: number;
  /** Headers of the last answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Headers of the hub's own answers, before it sent us elsewhere: the digests of others are not its word. */
  readonly hubHeaders: Readonly<Record<string, string>>;
  readonly body: Dispatcher.ResponseData['body'];
}

export interface HubClient {
  readonly endpoint: string;
  readonly hasToken: boolean;
  /** @param source names the model in errors @throws HubUnreachableError @throws HubAccessError on a 4xx but 408, 416 and 429 */
  get(source: string, path: string, headers?: Readonly<Record<string, string>>): Promise<HubAnswer>;
  close(): Promise<void>;
}

const maxRedirects = 5;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const handledByCaller: ReadonlySet<number> = new Set([408, 416, 429]);

function flatHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

/** What is left out would be looked for in the environment: empty texts say that there is none. */
function dispatcherFor({ http = '', https = '', exceptions = '' }: ProxySettings, idleTimeoutMs: number): Dispatcher {
  return new EnvHttpProxyAgent({
    httpProxy: http,
    httpsProxy: https,
    noProxy: exceptions,
    headersTimeout: idleTimeoutMs,
    bodyTimeout: idleTimeoutMs,
    connectTimeout: idleTimeoutMs,
  });
}

/** The place that an answer sends us to. @throws HubUnreachableError on one that must not be followed */
function nextAddress(source: string, from: URL, location: string | undefined): URL {
  if (location === undefined || !URL.canParse(location, from.href))
    throw new HubUnreachableError(source, from.origin, 'a redirect without an address');
  const to = new URL(location, from);
  const isSafe = to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:');
  if (!isSafe) throw new HubUnreachableError(source, from.origin, `a redirect from ${from.protocol} to ${to.protocol}`);
  return to;
}

export function createHubClient({ endpoint, token, proxy, idleTimeoutMs }: HubClientSettings): HubClient {
  const dispatcher = dispatcherFor(proxy, idleTimeoutMs);
  const base = new URL(endpoint.endsWith('/') ? endpoint : `${endpoint}/`);

  async function ask(source: string, url: URL, headers: Readonly<Record<string, string>>) {
    const own = token !== undefined && url.origin === base.origin ? { authorization: `Bearer ${token}` } : {};
    try {
      return await request(url, {
        dispatcher,
        // Bytes as they are stored: ranges and digests count those.
        headers: { 'accept-encoding': 'identity', 'user-agent': 'debias', ...headers, ...own },
      });
    } catch (cause) {
      throw new HubUnreachableError(source, url.origin, problemOf(cause), { cause });
    }
  }

  return {
    endpoint: base.origin,
    hasToken: token !== undefined,
    async get(source, path, headers = {}) {
      let url = new URL(path, base);
      let hubHeaders: Record<string, string> = {};
      for (let hops = 0; hops <= maxRedirects; hops++) {
        const { statusCode: status, headers: given, body } = await ask(source, url, headers);
        const flat = flatHeaders(given);
        if (url.origin === base.origin) hubHeaders = { ...hubHeaders, ...flat };
        if (!redirects.has(status)) {
          if (status < 400 || status >= 500 || handledByCaller.has(status))
            return { status, headers: flat, hubHeaders, body };
          await body.dump();
          throw new HubAccessError(source, url.origin, status, token !== undefined);
        }
        await body.dump();
        url = nextAddress(source, url, flat['location']);
      }
      throw new HubUnreachableError(source, base.origin, `more than ${maxRedirects} redirects`);
    },
    close: () => dispatcher.close(),
  };
}

/** The reason in a few words: an error's code where it has one. */
export function problemOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    [code, error.message]
      .filter((text) => text !== '')
      .join(': ')
      .slice(0, 200) || error.name
  );
}
