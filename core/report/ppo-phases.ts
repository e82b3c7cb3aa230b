/** What the parts of a PPO batch that are timed are called, in the order in which they come. Knows no clock. */
import type { PpoCurve } from './report-input.js';

const LABELS: ReadonlyMap<string, string> = new Map([
  ['generation', 'writing responses'],
  ['policyForward', 'reading them again with the policy'],
  ['referenceForward', 'reading them with the reference'],
  ['reward', 'scoring them with the reward model'],
  ['advantages', 'rewards and advantages'],
  ['optimisation', 'optimiser steps'],
  ['statistics', 'statistics'],
  ['measurement', 'measuring bias and perplexity'],
]);

/** In words; an unknown part goes by its name. */
export function phaseLabel(name: string): string {
  return LABELS.get(name) ?? name;
}

/** Every part that some point was timed by; unknown ones last. */
export function phaseNames(curves: readonly PpoCurve[]): string[] {
  const names = curves.flatMap(({ seconds = [] }) => seconds.flatMap(({ phases }) => Object.keys(phases)));
  const order = [...LABELS.keys()];
  const place = (name: string): number => (LABELS.has(name) ? order.indexOf(name) : order.length);
  return [...new Set(names)].toSorted((a, b) => place(a) - place(b));
}
