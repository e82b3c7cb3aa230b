/** The points of a sweep: every combination of the values given, grouped by what they share up to PPO. */

import { ConfigError } from '../config/errors.js';
import { distinctEndings } from '../config/distinct-endings.js';
import { valueNames } from '../config/path-settings.js';
import { isPpoSetting } from '../config/sweep.js';
import type { StudyConfig } from '../config/schema.js';
import type { SweepValue } from '../config/sweep-value.js';
import { sha256OfJson } from '../core/checkpoint/index.js';
import {
  withOverrides,
  type SettingOverrides,
  type StudyGroup,
  type StudyInputs,
  type SweepPoint,
} from '../activities/study.js';

/** Points that agree in all that is read before PPO. */
export interface PointGroup {
  /** In what this group differs from others, as it is read; empty for a sweep of PPO alone. */
  readonly settings: SettingOverrides;
  /** The same, as it is called. */
  readonly overrides: SettingOverrides;
  readonly label: string;
  readonly id: string;
  readonly points: readonly SweepPoint[];
}

type Axis = readonly [path: string, values: readonly SweepValue[]];

/** The comparison is told of all of them in one message, of which the server takes 2 MB: about 2 KB a point, 12 KB a group. */
const MOST_POINTS = 500;
const MOST_GROUPS = 60;
const LONGEST_ID = 100;

/** Every choice of one value an axis; the last axis changes fastest. */
function combinations(axes: readonly Axis[]): Record<string, SweepValue>[] {
  return axes.reduce<Record<string, SweepValue>[]>(
    (chosen, [path, values]) => chosen.flatMap((rest) => values.map((value) => ({ ...rest, [path]: value }))),
    [{}],
  );
}

/** `klCoefficient` for `ppo.klCoefficient`; as much of the path as tells it from the other axes. */
function shortNames(paths: readonly string[]): ReadonlyMap<string, string> {
  // `epochs` and `seed` alone mean those of PPO.
  return distinctEndings(paths, '.', '.', ['epochs', 'seed']);
}

/** Values as they are called everywhere but where their files are read: no path of this machine leaves it. */
export function namedAxes(sweep: StudyConfig['sweep']): StudyConfig['sweep'] {
  return Object.fromEntries(Object.entries(sweep).map(([path, values]) => [path, valueNames(path, values)]));
}

/** Letters with a meaning of their own in a list's word, in a label or where points are chosen by it. */
const escapedInList = /[\s%,=+]/g;

/** A value as one word: `0.1`; `[.+!]` for a list; `[words:lexicon:words.txt]` for a list of measures. */
function wordOf(value: SweepValue): string {
  if (typeof value !== 'object') return String(value);
  const items = value.map((item) => (typeof item === 'object' ? Object.values(item).join(':') : String(item)));
  return `[${items.map((item) => item.replaceAll(escapedInList, encodeURIComponent)).join('+')}]`;
}

/** `epochs=3 seed=0` and what else is swept; spaces part settings, so none stands in a value. */
function labelOf(parts: readonly (readonly [string, SweepValue])[]): string {
  const escaped = (value: SweepValue) =>
    typeof value === 'object' ? wordOf(value) : wordOf(value).replaceAll(/[\s%]/g, encodeURIComponent);
  return parts.map(([name, value]) => `${name}=${escaped(value)}`).join(' ');
}

/** Letters that stand in workflow ids, file names and URLs; where that loses something, a digest keeps ids apart. */
function idOf(stem: string, parts: readonly (readonly [string, SweepValue])[]): string {
  const text = [stem, ...parts.map(([name, value]) => `${name}-${wordOf(value)}`)].join('-');
  const plain = text.replaceAll(/[^A-Za-z0-9.-]+/g, '_');
  if (plain === text && plain.length <= LONGEST_ID) return plain;
  return `${plain.slice(0, LONGEST_ID - 9)}-${sha256OfJson(parts).slice(0, 8)}`;
}

/** The same choice with the names of its values. */
function inNames(chosen: SettingOverrides, sweep: StudyConfig['sweep']): SettingOverrides {
  const names = namedAxes(sweep);
  return Object.fromEntries(
    Object.entries(chosen).map(([path, value]) => [path, names[path]?.[sweep[path]?.indexOf(value) ?? -1] ?? value]),
  );
}

/** @throws ConfigError for more points than anybody means */
export function sweepGroups({ seed, ppo, sweep }: Pick<StudyConfig, 'seed' | 'ppo' | 'sweep'>): PointGroup[] {
  const axes = Object.entries(sweep);
  const names = shortNames(axes.map(([path]) => path));
  const named = (chosen: SettingOverrides) =>
    Object.entries(chosen).map(([path, value]) => [names.get(path) ?? path, value] as const);
  const groups = combinations(axes.filter(([path]) => !isPpoSetting(path)));
  const choices = combinations([
    ['seed', [...new Set(seed)]],
    ...axes.filter(([path]) => isPpoSetting(path)),
    ['ppo.epochs', [...new Set(ppo.epochs)]],
  ]);
  const total = groups.length * choices.length;
  if (total > MOST_POINTS)
    throw new ConfigError('sweep', [
      `expected at most ${MOST_POINTS} points, got ${total}; sweep fewer values at once`,
    ]);
  if (groups.length > MOST_GROUPS)
    throw new ConfigError('sweep', [
      `expected at most ${MOST_GROUPS} combinations of what is read before PPO, got ${groups.length}; sweep fewer values at once`,
    ]);
  const several = { seed: new Set(seed).size > 1, 'ppo.epochs': new Set(ppo.epochs).size > 1 };
  return groups.map((settings) => {
    const group = inNames(settings, sweep);
    return {
      settings,
      overrides: group,
      label: labelOf(named(group)),
      id: idOf('upstream', named(group)),
      points: choices.map(({ seed: ownSeed, 'ppo.epochs': ownEpochs, ...rest }) => {
        const [epochs, pointSeed] = [Number(ownEpochs), Number(ownSeed)];
        const further = named({ ...group, ...rest });
        return {
          epochs,
          seed: pointSeed,
          label: labelOf([['epochs', epochs], ['seed', pointSeed], ...further]),
          id: idOf(`ppo-${epochs}-seed-${pointSeed}`, further),
          overrides: {
            ...group,
            ...rest,
            ...(several['ppo.epochs'] ? { 'ppo.epochs': epochs } : {}),
            ...(several.seed ? { seed: pointSeed } : {}),
          },
        };
      }),
    };
  });
}

/** Each group with the study that it starts from: the settings of its own in the configuration. */
export async function prepareGroups(
  config: StudyConfig,
  prepare: (config: StudyConfig) => Promise<StudyInputs>,
): Promise<StudyGroup[]> {
  const prepared: StudyGroup[] = [];
  for (const { settings, ...group } of sweepGroups(config))
    prepared.push({ ...group, study: await prepare(withOverrides(config, settings)) });
  return prepared;
}
