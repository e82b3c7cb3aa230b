/** Dates as the sources write them, made ISO 8601 in UTC. Knows no clock. */

const KOREA_OFFSET_MS = 9 * 60 * 60 * 1000;

function iso(timeMs: number): string | undefined {
  return Number.isFinite(timeMs) && Math.abs(timeMs) <= 8.64e15 ? new Date(timeMs).toISOString() : undefined;
}

/** Milliseconds since 1970; undefined for none. */
export function fromTimestamp(timeMs: number | null | undefined): string | undefined {
  return typeof timeMs === 'number' ? iso(timeMs) : undefined;
}

/**
 * `2020-04-28T12:24:05+0900`, `2020-04-28 12:24:05` and `2006.11.03. 21:14`; Korean time where no offset is written.
 * Undefined for anything else, since a text without a date is still a text.
 */
export function fromWritten(text: string): string | undefined {
  const match =
    /(\d{4})[-.](\d{2})[-.](\d{2})\.?(?:[T\s]+(\d{2}):(\d{2})(?::(\d{2}))?)?\s*(?:([+-])(\d{2}):?(\d{2})|(Z))?/.exec(
      text,
    );
  if (!match) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', sign, offsetHours, offsetMinutes, utc] = match;
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  if (utc) return iso(wall);
  if (!sign) return iso(wall - KOREA_OFFSET_MS);
  const offsetMs = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return iso(sign === '+' ? wall - offsetMs : wall + offsetMs);
}
