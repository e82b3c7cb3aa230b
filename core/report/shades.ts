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

const STEPS = [0.005, 0.01, 0.02, 0.025, 0.05, 0.1, 0.2, 0.25, 0.5, 1];

/** The smallest round step that is at least `width`. */
function roundStep(width: number): number {
  return STEPS.find((step) => step >= width - 1e-9) ?? Math.ceil(width);
}

/** Bounds as written: no more digits than the step needs. */
function labels(bounds: readonly number[], step: number, ends: { readonly low: boolean }): string[] {
  const digits = step < 0.01 || step === 0.025 ? 3 : 2;
  const text = (value: number): string => fixed(value, digits);
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
    shades: labels(bounds, step, { low: false }).map((label, i) => ({
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
  const step = roundStep(farthest / (half + 1));
  const bounds = Array.from({ length: DIVERGING.length - 1 }, (_, i) => middle + (i - half) * step);
  return {
    shades: labels(bounds, step, { low: true }).map((label, i) => ({ label, ...DIVERGING[i]! })),
    indexOf: indexAmong(bounds),
  };
}
