/**
 * Generation as one program: a pass over the prompts fills the key-value cache, then loops add one token an iteration.
 * A loop writes to a short cache of its own and only reads those before it. Knows no host data.
 */

import { add, cast, concat, gather, Graph, loop, program, reshape, scalar, transpose } from '../ir/index.js';
import type { Program, Value, Values } from '../ir/index.js';
import type { Gpt2Config } from '../nn/gpt2-config.js';
import { gpt2ParameterSpecs } from '../nn/gpt2-parameters.js';
import { parameterInputs } from '../nn/graph-parameters.js';
import { shapesOf } from '../nn/parameters.js';
import type { DType } from '../tensor.js';
import { emptyCaches, joinedCaches } from './caches.js';
import { headShape, readPrompts, readToken } from './decoder.js';
import type { Decoder, Scores } from './decoder.js';
import { countToken, countTokens, penalizeRepeated } from './repetition.js';
import type { TokenCounts } from './repetition.js';
import { sampleToken } from './sampling.js';
import type { SamplingSettings } from './sampling.js';
import type { TokenReader } from './token-reader.js';

export interface SamplerShape {
  readonly batch: number; // B
  readonly promptTokens: number; // P
  readonly newTokens: number; // N
}

export interface SamplerProgramSettings extends SamplingSettings {
  /**
   * Scores of tokens that stand in the prompt or were generated are divided by it where positive, else multiplied
   * (Keskar et al. 2019), before temperature, top-k and top-p. Default 1: none.
   */
  readonly repetitionPenalty?: number;
  /** What else comes back of each token. Default: nothing. */
  readonly reader?: TokenReader;
}

/** Most loops that the new tokens are spread over, and fewest tokens of one. */
const MAX_SEGMENTS = 4;
const MIN_SEGMENT = 8;

const SCORE = 'score:';

/** Keys that are there or not: a penalty needs the counts, a reader gives scores. */
type Counts = Record<`counts:${string}`, TokenCounts>; // [B, V]
type Drawn = { readonly token: Value<'int32'> } & Record<`score:${string}`, Value<'float32'>>; // [B]

/**
 * Inputs: `param:*`, `promptIds` and `promptMask` [B, P] padded on the left, `uniforms` [N, B].
 * Outputs: `tokens` [B, N], and what the reader reads, each [B, N].
 */
export function samplerProgram(config: Gpt2Config, shape: SamplerShape, settings: SamplerProgramSettings): Program {
  const { batch, promptTokens, newTokens } = shape;
  const graph = new Graph('sampler');
  const { parameterShapes } = settings.reader ?? {};
  const parameters = parameterInputs(graph, { ...shapesOf(gpt2ParameterSpecs(config)), ...parameterShapes });
  const promptIds = graph.input('promptIds', 'int32', [batch, promptTokens]);
  const promptMask = graph.input('promptMask', 'int32', [batch, promptTokens]);
  const uniforms = graph.input('uniforms', 'float32', [newTokens, batch]);
  const decoder = { config, parameters, promptMask };
  const prompt = readPrompts(decoder, promptIds);
  let counts = promptCounts(promptIds, promptMask, config.vocabSize, settings);
  const first = draw(decoder, prompt, gather(uniforms, scalar(graph, 0, 'int32')), counts, settings);
  const parts: Drawn[] = [first]; // [B], then [W, B] of each loop
  let { token: last } = first;
  let frozen = prompt.caches;
  for (const { start, length } of segments(newTokens)) {
    const own = emptyCaches(graph, config.numLayers, headShape(decoder, 1), length);
    const { carried, scans } = loop(graph, {
      trip: length,
      carried: { token: last, ...own, ...counts },
      body: (iteration, { token, ...state }) => {
        const slot = cast(iteration, 'int32');
        const next = readToken(decoder, token, { frozen, caches: state, start, slot });
        const seen = counted(state, token);
        const drawn = draw(decoder, next, gather(uniforms, add(iteration, start)), seen, settings);
        return { carried: { token: drawn.token, ...next.caches, ...seen }, scans: drawn };
      },
    });
    const { token, ...state } = carried;
    [last, counts, frozen] = [token, countsIn(state), joinedCaches(frozen, state)];
    parts.push(scans);
  }
  const tokens = columns(
    batch,
    parts.map(({ token }) => token),
  );
  const scores = Object.keys(first)
    .filter(isScore)
    .map((name) => {
      const values = parts.map((part) => part[name]!);
      return [name.slice(SCORE.length), columns(batch, values)] as const;
    });
  return program<Values>(graph, { outputs: { tokens, ...Object.fromEntries(scores) } });
}

const isScore = (name: string): name is `score:${string}` => name.startsWith(SCORE);

/** [B] and [W, B] of all steps in their order → [B, N] */
function columns<D extends DType>(batch: number, parts: readonly Value<D>[]): Value<D> {
  return transpose(
    concat(
      parts.map((part) => reshape(part, [-1, batch])),
      0,
    ),
    [1, 0],
  );
}

/** The tokens after the first, cut into even loops: a loop copies its own cache at each token, and none before it. */
function segments(newTokens: number): { start: number; length: number }[] {
  const rest = newTokens - 1;
  const count = Math.min(MAX_SEGMENTS, Math.ceil(rest / MIN_SEGMENT));
  const bounds = Array.from({ length: count + 1 }, (_, i) => Math.round((i * rest) / count));
  return Array.from({ length: count }, (_, i) => ({ start: 1 + bounds[i]!, length: bounds[i + 1]! - bounds[i]! }));
}

/** The next token of each text, which its prompt and the tokens before it are counted for. */
function draw(
  { parameters }: Decoder,
  { hidden, logits }: Scores,
  uniforms: Value<'float32'>, // [B]
  { 'counts:tokens': counts }: Counts,
  settings: SamplerProgramSettings,
): Drawn {
  const { repetitionPenalty = 1, reader } = settings;
  const scores = counts === undefined ? logits : penalizeRepeated(logits, counts, repetitionPenalty);
  const token = sampleToken(scores, uniforms, settings);
  const read = reader?.read({ hidden, logits, token, parameters }) ?? {};
  return { token, ...Object.fromEntries(Object.entries(read).map(([name, value]) => [`${SCORE}${name}`, value])) };
}

function promptCounts(
  ids: Value<'int32'>,
  mask: Value<'int32'>,
  vocabSize: number,
  { repetitionPenalty = 1 }: SamplerProgramSettings,
): Counts {
  return repetitionPenalty === 1 ? {} : { 'counts:tokens': countTokens(ids, mask, vocabSize) };
}

function countsIn({ 'counts:tokens': counts }: Counts): Counts {
  return counts === undefined ? {} : { 'counts:tokens': counts };
}

function counted({ 'counts:tokens': counts }: Counts, token: Value<'int32'>): Counts {
  return counts === undefined ? {} : { 'counts:tokens': countToken(counts, token) };
}
