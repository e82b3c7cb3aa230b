/** What is learned: the inputs of a step, and the loss of them. Knows no model and no optimizer. */

import type { Seed } from '../autodiff/index.js';
import type { Value } from '../ir/index.js';
import type { Dropout } from '../nn/dropout.js';
import type { ParameterValues } from '../nn/graph-parameters.js';
import type { ParameterShapes } from '../nn/parameters.js';
import type { Shape } from '../tensor.js';

/** One step's inputs, or a part of them. */
export type BatchValues = Readonly<Record<string, Value<'int32'>>>;

/** What is learned. */
export interface Objective {
  readonly name: string;
  readonly parameterShapes: ParameterShapes;
  /** The same parameters as the program holds them, with zeros where a shape is larger. */
  readonly heldShapes: ParameterShapes;
  /** Shapes of one step's int32 inputs, by name. */
  batchShapes(batchSize: number, tokens: number): Readonly<Record<string, Shape>>;
  /** Number of targets of a batch that count, a scalar. */
  count(batch: BatchValues): Value<'float32'>;
  /** What is to be minimised. */
  loss(parameters: ParameterValues, batch: BatchValues, options: LossOptions): Loss;
}

export interface LossOptions {
  /** Does nothing unless the settings ask for it. */
  readonly dropout: Dropout;
  /** What the sum over the batch's targets is divided by: the number in the step's whole batch, of which this may be a part. */
  readonly count: Value<'float32'>;
  /** Blocks are computed anew for their gradients. */
  readonly recompute: boolean;
  /** Factor that gradients worked out by hand come with. */
  readonly lossScale?: Value<'float32'>;
}

/** A scalar, and where its gradients come from: the scalar itself, or values whose gradient was worked out by hand. */
export interface Loss {
  /** Its share of the whole batch's mean. */
  readonly mean: Value<'float32'>;
  readonly seeds?: readonly Seed[];
}
