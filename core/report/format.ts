/** Numbers as a reader expects them. Knows nothing of what they mean. */
import type { Interval } from '../bias/index.js';

const MINUS = '\u2212';

/** From here on digits before the point tell nothing. */
const HUGE = 1e9;

/** Below it two digits would make small effects alike. */
const SMALL = 0.1;

/** Digits behind the point where nobody asks for others. */
function digitsOf(value: number): number {
  return value !== 0 && Math.abs(value) < SMALL ? 3 : 2;
}

/**
 * Fixed digits, two or, below 0.1, three where none are given, with a real minus sign; a dash for what is not a number,
 * and `1.8e+24` for what is huge.
 */
export function fixed(value: number | undefined, digits?: number): string {
  if (value === undefined || !Number.isFinite(value)) return '–';
  const text = Math.abs(value) < HUGE ? value.toFixed(digits ?? digitsOf(value)) : value.toExponential(1);
  // No negative zero: -0.001 to two digits is 0.00.
  return Number(text) === 0 ? text.replace('-', '') : text.replace('-', MINUS);
}

/** 0.4231 → `42 %` (no-break space). */
export function percent(share: number | undefined, digits = 0): string {
  return share === undefined || !Number.isFinite(share) ? '–' : `${fixed(share * 100, digits)}\u00a0%`;
}

/** `+7.5 %`, `−3 %`. */
export function signedPercent(share: number, digits = 0): string {
  return (share > 0 ? '+' : '') + percent(share, digits);
}

/** `0.21 to 0.34`: words, since a dash beside a minus sign misleads. Both ends have as many digits, three where two make them alike. */
export function range([low, high]: Interval, digits?: number): string {
  const own = fixed(low, 2) === fixed(high, 2) ? 3 : Math.max(digitsOf(low), digitsOf(high));
  return `${fixed(low, digits ?? own)} to ${fixed(high, digits ?? own)}`;
}

/** `21 to 34 %`. */
export function percentRange([low, high]: Interval, digits = 0): string {
  return `${fixed(low * 100, digits)} to ${percent(high, digits)}`;
}

export function pValue(p: number): string {
  return p < 0.001 ? '< 0.001' : fixed(p, 3);
}

/** Thousands separated by commas. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 3.2 → `3.2 s`, 75 → `1 min 15 s`, 4000 → `1 h 7 min`. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${seconds < 9.95 ? seconds.toFixed(1) : whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${whole % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
