/** Lists what is asked of a model: every keyword × prompt × repetition. Knows neither the language nor the model. */
import type { Probe, TargetGroup } from './scored-sentence.js';

export interface BuildProbesInput {
  readonly targets: readonly TargetGroup[];
  /** Prompt templates, in whatever notation `render` reads. */
  readonly prompts: readonly string[];
  /** Sentences for each keyword and prompt. */
  readonly repetitions: number;
  /** Puts the keyword into a template, grammar included (`core/text` has one that makes Korean particles agree). */
  readonly render: (template: string, keyword: string) => string;
}

/** A target list, a prompt list or a count that gives nothing to measure. */
export class ProbeDesignError extends Error {
  override readonly name = 'ProbeDesignError';
  constructor(
    readonly field: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`buildProbes: expected ${field} to be ${expected}, got ${got}`);
  }
}

/**
 * Probes in a fixed order: groups and keywords as listed, then prompts, then repetitions.
 * @throws ProbeDesignError when nothing would be measured, or a keyword stands twice in one group.
 */
export function buildProbes({ targets, prompts, repetitions, render }: BuildProbesInput): Probe[] {
  checkDesign(targets, prompts, repetitions);
  return targets.flatMap(({ group, keywords }) =>
    keywords.flatMap((keyword) =>
      prompts.flatMap((template, promptIndex) => {
        const text = render(template, keyword);
        return Array.from({ length: repetitions }, (_, repetition) => ({
          keyword,
          group,
          promptIndex,
          repetition,
          text,
        }));
      }),
    ),
  );
}

function checkDesign(targets: readonly TargetGroup[], prompts: readonly string[], repetitions: number): void {
  if (targets.length === 0) throw new ProbeDesignError('targets', 'at least one group', 'none');
  if (prompts.length === 0) throw new ProbeDesignError('prompts', 'at least one template', 'none');
  if (!Number.isInteger(repetitions) || repetitions < 1) {
    throw new ProbeDesignError('repetitions', 'an integer of 1 or more', String(repetitions));
  }
  const groups = new Set<string>();
  for (const { group, keywords } of targets) {
    if (groups.has(group)) throw new ProbeDesignError('targets', 'groups with different names', `'${group}' twice`);
    groups.add(group);
    if (keywords.length === 0) throw new ProbeDesignError(`targets '${group}'`, 'a list of keywords', 'none');
    const twice = keywords.find((keyword, index) => keywords.indexOf(keyword) !== index);
    if (twice !== undefined) {
      throw new ProbeDesignError(`targets '${group}'`, 'different keywords', `'${twice}' twice`);
    }
  }
}
