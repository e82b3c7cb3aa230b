/** Settings in which runs differ, those that no run of the other kind could have summed up by section. Knows no schema. */

/** One setting, input or figure by run; undefined where a run has none. */
export interface DifferingRow {
  readonly name: string;
  readonly values: readonly (string | undefined)[];
}

/** A study, or a measurement alone, which trains nothing and so has no settings of training. */
export type RunKind = 'study' | 'measurement';

/** Sections of the configuration that a run of one kind has, and none of the other. */
export interface KindSections {
  readonly kind: RunKind;
  /** Runs of that kind. */
  readonly runs: readonly string[];
  /** In the order of the configuration. */
  readonly sections: readonly string[];
}

/** What is read of a run to compare its settings with others'. */
export interface ConfiguredRun {
  readonly run: string;
  readonly kind: RunKind;
  /** The resolved configuration, as it was parsed. */
  readonly configuration: unknown;
}

export interface SettingDifferences {
  readonly settings: readonly DifferingRow[];
  /** Empty where all runs are of one kind. */
  readonly sections: readonly KindSections[];
}

/** Settings as `ppo.learningRate` → text. Lists count as one value. */
function flatten(value: unknown, path = ''): [string, string][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, child]) => flatten(child, path === '' ? key : `${path}.${key}`));
}

const sectionOf = (setting: string): string => setting.split('.', 1)[0]!;

/** The rows whose values are not the same in all maps, by name. */
export function differing(maps: readonly ReadonlyMap<string, string>[]): DifferingRow[] {
  const names = [...new Set(maps.flatMap((map) => [...map.keys()]))].sort();
  return names
    .map((name) => ({ name, values: maps.map((map) => map.get(name)) }))
    .filter(({ values }) => new Set(values).size > 1);
}

export function settingDifferences(runs: readonly ConfiguredRun[]): SettingDifferences {
  const flat = runs.map(({ run, kind, configuration }) => ({ run, kind, settings: new Map(flatten(configuration)) }));
  const ofKind = (kind: RunKind) => {
    const members = flat.filter((member) => member.kind === kind);
    const names = members.flatMap(({ settings }) => [...settings.keys()]);
    return { kind, runs: members.map(({ run }) => run), sections: [...new Set(names.map(sectionOf))] };
  };
  const [studies, measurements] = [ofKind('study'), ofKind('measurement')];
  const onlyIn = ({ kind, runs: names, sections }: KindSections, other: KindSections): KindSections[] => {
    const own = other.runs.length === 0 ? [] : sections.filter((section) => !other.sections.includes(section));
    return own.length === 0 ? [] : [{ kind, runs: names, sections: own }];
  };
  const sections = [...onlyIn(studies, measurements), ...onlyIn(measurements, studies)];
  const summedUp = new Set(sections.flatMap((one) => one.sections));
  return {
    settings: differing(flat.map(({ settings }) => settings)).filter(({ name }) => !summedUp.has(sectionOf(name))),
    sections,
  };
}
