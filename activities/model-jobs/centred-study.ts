/** A study whose sweep has groups, told from the group of the recommended point: its texts, classifiers and baseline come first. */

import type { StudyResults } from '../study-results.js';
import type { StudyInputs } from '../study.js';

interface Told {
  readonly study: StudyInputs;
  readonly made: StudyResults;
}

/** @param label of the group; what is told from it already, or has no groups, stays */
export function centredOn<T extends Told>(told: T, label: string | undefined): T {
  const { study, made } = told;
  const { members, missing, others = [], group, ...upstream } = made;
  const chosen = others.find((other) => other.label === label);
  if (!chosen) return told;
  const rest = others.filter((other) => other !== chosen);
  const { study: ownStudy, members: ownMembers, upstream: ownUpstream, ...ownGroup } = chosen;
  return {
    ...told,
    study: ownStudy,
    made: {
      ...ownUpstream,
      members: ownMembers,
      missing,
      group: ownGroup,
      others: [{ study, members, upstream, ...(group ?? { label: '', overrides: {} }) }, ...rest],
    },
  };
}
