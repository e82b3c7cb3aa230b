/** Names of sweep points, by which they are told apart, and what each started from. */
import type { BiasResult, PpoResult, SweepPoint } from './results.js';

/** `epochs=3 seed=0`, and what else the sweep varies. */
export function pointLabel({ label, epochs, seed }: SweepPoint): string {
  return label ?? `epochs=${epochs} seed=${seed}`;
}

export function isPoint(wanted: SweepPoint): (point: SweepPoint) => boolean {
  return (point) => pointLabel(point) === pointLabel(wanted);
}

/** Those fields of a point, or of what was found of it, that say which one it is. */
export function pointOf({ epochs, seed, label, overrides }: SweepPoint): SweepPoint {
  return { epochs, seed, ...(label === undefined ? {} : { label }), ...(overrides ? { overrides } : {}) };
}

/** What a point has beside its epochs and seed: `klCoefficient=0.1`; empty for a sweep over these alone. */
export function furtherLabel(point: SweepPoint): string {
  return pointLabel(point).replace(/^epochs=\d+ seed=\d+ ?/, '');
}

/** For sentences: `epochs 3, seed 0, klCoefficient 0.1`. */
export function pointWords(point: SweepPoint): string {
  return pointLabel(point).replaceAll(' ', ', ').replaceAll('=', ' ');
}

/** The fine-tuned model that a point started from: one of its own, or that of all; that of all where there is no point. */
export function startOf(
  point: Pick<PpoResult, 'ownBaseline'> | undefined,
  baseline: BiasResult,
): Pick<BiasResult, 'reward' | 'distance' | 'quality'> {
  return point?.ownBaseline ?? baseline;
}
