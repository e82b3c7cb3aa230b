/** Puts the parts of a run together into its results, and names what is missing. Knows nothing of where parts come from. */
import { bestOfEach, chooseBest } from './best.js';
import { isPoint, pointOf } from './points.js';
import {
  RESULTS_SCHEMA,
  ResultsFormatError,
  resultsSchema,
  type PpoResult,
  type Results,
  type SweepPoint,
} from './results.js';
import { z } from 'zod';

/** What stands in the results as it is given, and what the rest of them is made from. */
export interface AssembleInput extends Omit<Results, 'schema' | 'bias' | 'ppo' | 'missing' | 'best' | 'bestOfEach'> {
  readonly baseline: Results['bias']['baseline'];
  readonly points: readonly PpoResult[];
  /** Every point that the sweep was to have. */
  readonly expected: readonly SweepPoint[];
  /** Why points failed, where it is known. */
  readonly failures?: readonly (SweepPoint & { readonly reason: string })[];
}

/**
 * Results of a run, points by epochs then seed, with `missing` naming each expected point that has no result.
 * @throws ResultsFormatError when a part does not have the form of `results.json`, a figure that is not a number included.
 */
export function assembleResults(input: AssembleInput): Results {
  const { baseline, points: given, expected: _expected, failures: _failures, ...rest } = input;
  const points = [...given].sort((a, b) => a.epochs - b.epochs || a.seed - b.seed);
  const missing = missingPoints(input);
  const bests = bestOfEach(baseline, points, input.groups, input.differences);
  const results: Results = {
    schema: RESULTS_SCHEMA,
    ...rest,
    bias: { baseline },
    ppo: points,
    ...(missing.length > 0 ? { missing } : {}),
    best: chooseBest(baseline, points, input.groups, input.differences),
    ...(bests.length > 1 ? { bestOfEach: bests } : {}),
  };
  const checked = resultsSchema.safeParse(results);
  if (!checked.success) throw new ResultsFormatError(`the results of run ${input.run}`, z.prettifyError(checked.error));
  return results;
}

function missingPoints({ points, expected, failures = [] }: AssembleInput): NonNullable<Results['missing']> {
  return expected
    .filter((point) => !points.some(isPoint(point)))
    .map((point) => ({
      ...pointOf(point),
      reason: failures.find(isPoint(point))?.reason ?? 'no result was found',
    }));
}
