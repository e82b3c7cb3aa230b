/** Scales of a few shades with round bounds, so that a legend can name every shade in numbers. Knows no plot. */
import { fixed } from './format.js';
import { DIVERGING, HEAT_SHADES } from './palette.js';

export interface Shade {
  readonly fill: string;
  /** Colour of what is written on it. */
  readonly ink: string;
  /** Its values in words: `0.10 to 0.15`. */
  readonly label: string;
}

export interface ShadeScale {
  /** Lowest values first. */
  readonly shades: readonly Shade[];
  /** Place of a value's shade in `shades`. */
  readonly indexOf: (value: number) => number;
}

/** Shades are whole hundredths wide, as bounds are written with two digits. */
function roundStep(width: number): number {
  return Math.max(1, Math.ceil(width * 100 - 1e-9)) / 100;
}

function labels(bounds: readonly number[], ends: { readonly low: boolean }): string[] {
  const text = (value: number): string => fixed(value, 2);
  const between = bounds.slice(1).map((high, i) => `${text(bounds[i]!)} to ${text(high)}`);
  const last = `${text(bounds.at(-1)!)} or more`;
  return ends.low ? [`below ${text(bounds[0]!)}`, ...between, last] : [...between, last];
}

function indexAmong(bounds: readonly number[]): (value: number) => number {
  return (value) => bounds.filter((bound) => value >= bound - 1e-9).length;
}

/** From 0 up: as many shades as reach `largest`. */
export function heatScale(largest: number): ShadeScale {
  const step = roundStep(largest / HEAT_SHADES);
  const bounds = Array.from({ length: HEAT_SHADES }, (_, i) => i * step);
  const inner = indexAmong(bounds.slice(1));
  return {
    shades: labels(bounds, { low: false }).map((label, i) => ({
      label,
      fill: `var(--heat-${i})`,
      ink: `var(--heat-ink-${i < 4 ? 'low' : 'high'})`,
    })),
    indexOf: inner,
  };
}

/** Around `middle`, the same width on both sides, as far as the farthest value. */
export function divergingScale(middle: number, values: readonly number[]): ShadeScale {
  const half = (DIVERGING.length - 2) / 2;
  const farthest = Math.max(...values.map((value) => Math.abs(value - middle)), 0);
  // An even number of hundredths, so that half a step is a whole one.
  const step = 2 * roundStep(farthest / (half + 1) / 2);
  const bounds = Array.from({ length: DIVERGING.length - 1 }, (_, i) => middle + (i - half) * step);
  return {
    shades: labels(bounds, { low: true }).map((label, i) => ({ label, ...DIVERGING[i]! })),
    indexOf: indexAmong(bounds),
  };
}
