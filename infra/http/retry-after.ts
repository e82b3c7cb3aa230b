/** Reads the Retry-After header (RFC 9110, 10.2.3). Knows no waiting. */

/**
 * The wait in milliseconds: seconds or an HTTP date; undefined for none or nonsense.
 * @param nowMs the present, for dates
 */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  const value = header.trim();
  if (/^\d+$/.test(value)) return Number(value) * 1_000;
  if (!/^[A-Z][a-z]{2},? /.test(value)) return undefined;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}
