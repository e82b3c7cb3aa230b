/** Answers of a source, made by hand. */

import type { HttpResponse } from '../../../core/sources/http.js';

export function response(body: string | Uint8Array, more: Partial<HttpResponse> = {}): HttpResponse {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    url: 'https://example.org/page',
    body: bytes,
    ...more,
  };
}

export function json(value: unknown, more: Partial<HttpResponse> = {}): HttpResponse {
  return response(JSON.stringify(value), { headers: { 'content-type': 'application/json' }, ...more });
}

export function jsonp(value: unknown): HttpResponse {
  return response(`comments(${JSON.stringify(value)});`);
}
