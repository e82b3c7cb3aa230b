/** Keeps requests out of private networks: every address is judged again at the moment of connecting. Knows no HTTP. */

import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress, LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';

import { SsrfBlockedError } from '../../core/sources/errors.js';

/** Special-purpose ranges of the IANA registries (RFC 6890 and its successors). */
const privateRanges: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.88.99.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 96, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

const blocked = new BlockList();
for (const [network, prefix, family] of privateRanges) blocked.addSubnet(network, prefix, family);

/** Whether an address is not a public one. IPv4 written as IPv6 never is: no honest name resolves to it. */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return blocked.check(address, 'ipv4');
  return version === 0 || /^::ffff:/i.test(address) || blocked.check(address, 'ipv6');
}

function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));
}

/** Answers a name with its addresses, as `node:dns` does. */
export type Lookup = typeof systemLookup;
type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
}

export interface AddressGuard {
  /** @throws SsrfBlockedError for schemes, ports and literal addresses that no public source has. */
  check(url: URL): void;
  /** For the socket: refuses a name if any of its addresses is private. */
  readonly lookup: (hostname: string, options: LookupOptions, callback: LookupCallback) => void;
  /** The error to show for one that a request failed with. */
  explain(url: URL, error: unknown): unknown;
}

function originsOnLoopback(baseUrls: readonly string[]): Set<string> {
  return new Set(
    baseUrls
      .map((base) => new URL(base))
      .filter(({ hostname }) => isLoopbackHost(hostname))
      .map(({ origin }) => origin),
  );
}

/**
 * @param baseUrls configured addresses of the sources; one that is itself on loopback, and no other, may be reached there
 * @param resolve name service; the system's unless told
 */
export function createAddressGuard(baseUrls: readonly string[], resolve: Lookup = systemLookup): AddressGuard {
  const loopback = originsOnLoopback(baseUrls);
  const origins = new Set(baseUrls.map((base) => new URL(base).origin));
  const mayBeLoopback = new Set([...loopback].map((origin) => new URL(origin).hostname));

  return {
    check(url) {
      const shown = url.href;
      if (url.protocol !== 'http:' && url.protocol !== 'https:')
        throw new SsrfBlockedError(shown, `the scheme ${url.protocol}`);
      if (url.username !== '' || url.password !== '')
        throw new SsrfBlockedError(url.origin, 'an address with a user name');
      if (loopback.has(url.origin)) return;
      if (url.port !== '' && !origins.has(url.origin)) throw new SsrfBlockedError(shown, `the port ${url.port}`);
      const host = url.hostname.replace(/^\[|\]$/g, '');
      if (isLoopbackHost(url.hostname) || (isIP(host) !== 0 && isPrivateAddress(host))) {
        throw new SsrfBlockedError(shown, `the private address ${host}`);
      }
    },
    lookup(hostname, options, callback) {
      resolve(hostname, { ...options, all: true }, (error, addresses) => {
        if (error) return callback(error, []);
        const bad = mayBeLoopback.has(hostname)
          ? undefined
          : addresses.find(({ address }) => isPrivateAddress(address));
        if (bad) return callback(new PrivateAddressError(`${hostname} is ${bad.address}`), []);
        const first = addresses[0];
        if (options.all || !first) return callback(null, addresses);
        return callback(null, first.address, first.family);
      });
    },
    explain(url, error) {
      return error instanceof PrivateAddressError
        ? new SsrfBlockedError(url.href, `a private address: ${error.message}`)
        : error;
    },
  };
}
