/** Groups of sweep points by how they were measured: figures of two ways of measuring cannot be set beside one another. */
import type { BiasResult, PpoResult, Results, SweepGroup } from './results.js';

/** A fine-tuned model that points started from. */
export interface Start {
  /** Label of its group; empty where all points share it. */
  readonly label: string;
  readonly baseline: BiasResult;
}

export interface MeasuredAlike {
  /** In what it differs from the other ways, `repetitions=5`; empty where all was measured alike. */
  readonly name: string;
  readonly starts: readonly Start[];
  readonly points: readonly PpoResult[];
}

/** Points in the order of the results, by their way of measuring; the way of the first group that has a point comes first. */
export function measuredAlike({ bias, ppo, groups = [] }: Pick<Results, 'bias' | 'ppo' | 'groups'>): MeasuredAlike[] {
  if (groups.length === 0) return [{ name: '', starts: [{ label: '', baseline: bias.baseline }], points: ppo }];
  const names = [...new Set(groups.map(({ measured }) => measured))];
  const ways = names.map((name) => {
    const own = groups.filter(({ measured }) => measured === name);
    const labels = new Set(own.map(({ label }) => label));
    const points = ppo.filter(({ group }) => group !== undefined && labels.has(group));
    return { name: names.length > 1 ? name : '', starts: own, points };
  });
  return ways.filter(({ points }) => points.length > 0);
}

/**
 * Names of the ways of measuring, one a group: what the labels of its groups have in common, or all of them; empty where there is one.
 * @param groups with a digest of all that bears on the measurement but the model itself
 */
export function nameWays(groups: readonly (Pick<SweepGroup, 'label'> & { readonly digest: string })[]): string[] {
  if (new Set(groups.map(({ digest }) => digest)).size === 1) return groups.map(() => '');
  return groups.map(({ digest }) => {
    const labels = groups.filter((other) => other.digest === digest).map(({ label }) => label);
    const shared = (labels[0] ?? '')
      .split(' ')
      .filter((part) => labels.every((label) => label.split(' ').includes(part)));
    return shared.join(' ') || labels.join(' or ');
  });
}

/** For sentences: `with repetitions 5`. */
export function wayWords(name: string): string {
  return `with ${name.replaceAll(' or ', '\n').replaceAll(' ', ', ').replaceAll('\n', ' or ').replaceAll('=', ' ')}`;
}
