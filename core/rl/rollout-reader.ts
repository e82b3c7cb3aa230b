/** Reads of a rollout's tokens, as they are drawn, what PPO learns from. Runs nothing. */

import { drawnLogProbs } from '../generate/index.js';
import type { TokenReader } from '../generate/index.js';
import { parameter, valueHead } from '../nn/index.js';
import type { PpoProfile } from './profiles.js';
import { valueHeadShapes } from './value-head.js';

/** `logProbs`, `values` and `entropy`: of each token what `responseScores` gives of a whole response. */
export function rolloutReader(
  width: number,
  { logProbTemperature, valueActivation }: Pick<PpoProfile, 'logProbTemperature' | 'valueActivation'>,
): TokenReader {
  return {
    parameterShapes: valueHeadShapes(width),
    read: (drawn) => ({
      ...drawnLogProbs(drawn, logProbTemperature),
      values: valueHead(
        drawn.hidden,
        parameter(drawn.parameters, 'value_weight'),
        parameter(drawn.parameters, 'value_bias'),
        { activation: valueActivation },
      ),
    }),
  };
}
