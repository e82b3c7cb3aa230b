/** A manifest's bytes: canonical JSON together with its own digest, so that a damaged one is never believed. */

import { canonicalJson, NotCanonicalError, type Json } from './canonical-json.js';
import { sha256Hex } from './digest.js';

export class ManifestDamagedError extends Error {
  constructor(
    readonly key: string,
    readonly problem: string,
  ) {
    super(`openSealed: ${key} is damaged: ${problem}`);
    this.name = 'ManifestDamagedError';
  }
}

/** @param body plain JSON; members that are undefined are left out. @throws NotCanonicalError */
export function seal(body: unknown): Uint8Array {
  const text = canonicalJson(body);
  return new TextEncoder().encode(`{"sha256":"${sha256Hex(text)}",\n"body":${text}}\n`);
}

/** @param key what the bytes were read from, for the message. @throws ManifestDamagedError */
export function openSealed(key: string, bytes: Uint8Array): Json {
  const { body, sha256 } = parse(key, bytes);
  const actual = sha256Hex(canonical(key, body));
  if (actual !== sha256) throw new ManifestDamagedError(key, `expected SHA-256 ${sha256}, got ${actual}`);
  // One spelling a value: a flipped bit in white space or an escape would otherwise pass.
  if (Buffer.compare(seal(body), bytes) !== 0)
    throw new ManifestDamagedError(key, 'its bytes are not the canonical ones');
  return body;
}

/** `seal` writes nothing that this refuses: numbers beyond double precision, or too deep a nesting. */
function canonical(key: string, body: Json): string {
  try {
    return canonicalJson(body);
  } catch (error) {
    if (error instanceof NotCanonicalError) throw new ManifestDamagedError(key, error.message);
    throw error;
  }
}

function parse(key: string, bytes: Uint8Array): { body: Json; sha256: string } {
  const value = parseJson(key, bytes);
  if (!isJsonObject(value) || typeof value['sha256'] !== 'string' || value['body'] === undefined) {
    throw new ManifestDamagedError(key, 'expected an object with sha256 and body');
  }
  return { body: value['body'], sha256: value['sha256'] };
}

function parseJson(key: string, bytes: Uint8Array): Json {
  try {
    const value: Json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    return value;
  } catch (error) {
    throw new ManifestDamagedError(key, `it is no JSON of ${bytes.length} bytes (${String(error)})`);
  }
}

export function isJsonObject(value: Json | undefined): value is { readonly [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
