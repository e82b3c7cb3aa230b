/** The program that reads a rollout: log-probability, value and entropy of each response token. Runs nothing. */

import { Graph, program } from '../ir/index.js';
import type { Program, Signature, SpecsOf } from '../ir/index.js';
import { parameterInputs } from '../nn/index.js';
import type { Gpt2Config } from '../nn/index.js';
import { ppoParameterShapes } from './minibatch-loss.js';
import { responseScores } from './response-scores.js';
import type { ResponseOptions, ResponseScores } from './response-scores.js';

export interface ScoreGraphOptions extends ResponseOptions {
  /** Rows a run. */
  readonly rows: number;
  readonly padded: boolean;
  readonly valueOffset: 0 | 1;
}

/** Inputs: `tokens` [B, Q + T], `mask` (where padded), `param:…`. Outputs: `logProbs`, `values`, `entropy`, each [B, T]. */
export function scoreProgram(
  config: Gpt2Config,
  options: ScoreGraphOptions,
): Program<Signature, SpecsOf<ResponseScores>> {
  const { graph, scores } = scoreGraph(config, options);
  return program(graph, { outputs: scores });
}

/** The same inputs. Output: `logProbs`. */
export function referenceProgram(config: Gpt2Config, options: ScoreGraphOptions) {
  const { graph, scores } = scoreGraph(config, options);
  return program(graph, { outputs: { logProbs: scores.logProbs } });
}

function scoreGraph(config: Gpt2Config, options: ScoreGraphOptions) {
  const graph = new Graph('ppo-score');
  const shape = [options.rows, options.queryTokens + options.responseTokens];
  const parameters = parameterInputs(graph, ppoParameterShapes(config));
  const input = {
    tokens: graph.input('tokens', 'int32', shape),
    ...(options.padded && { mask: graph.input('mask', 'int32', shape) }),
  };
  return { graph, scores: responseScores(config, parameters, input, options, options.valueOffset) };
}
