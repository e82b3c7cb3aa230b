/** Gathers what the optimiser steps of a batch report. Knows no graph. */

import type { PpoBatchStats } from './ppo-stats.js';
import { meanOf, varianceOf } from './whiten.js';

/** What is known of an optimiser step before its gradients are: columns of `stats`, in this order. */
export const lossColumns = [
  'policyLoss',
  'valueLoss',
  'loss',
  'approxKl',
  'policyKl',
  'clipFraction',
  'valueClipFraction',
  'ratioMean',
  'ratioVariance',
  'ratioMax',
  'ratioError',
  'valuePrediction',
  'updateValueError',
  'updateEntropy',
] as const;

/** What each optimiser step reports, in this order. */
export const stepColumns = [...lossColumns, 'gradNorm'] as const;

export type StepColumn = (typeof stepColumns)[number];

/** One list a column, one entry a step. */
export type StepStats = { readonly [C in StepColumn]: number[] };

/** What a session run of K optimiser steps reports. */
export interface StepReport extends StepStats {
  /** π_new/π_old of every token of every minibatch, [K·M·T]. */
  readonly ratios: Float32Array;
}

/** Builds a record with one entry a column. */
export function byColumn<T>(each: (column: StepColumn, index: number) => T): { readonly [C in StepColumn]: T };
export function byColumn(each: (column: StepColumn, index: number) => unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(stepColumns.map((column, index) => [column, each(column, index)]));
}

/** The stats of several session runs, one behind the other. */
export function joinedSteps(runs: readonly StepStats[]): StepStats {
  return byColumn((column) => runs.flatMap((run) => run[column]));
}

export type UpdateStats = Pick<
  PpoBatchStats,
  | 'policyLoss'
  | 'valueLoss'
  | 'loss'
  | 'approxKl'
  | 'policyKl'
  | 'clipFraction'
  | 'valueClipFraction'
  | 'ratioMean'
  | 'ratioVariance'
  | 'ratioMeanVariance'
  | 'ratioMax'
  | 'firstRatioError'
  | 'valuePrediction'
  | 'updateValueError'
  | 'updateEntropy'
  | 'gradNorm'
>;

/** Means over all steps; the largest ratio; the first step's deviation from ratio 1. */
export function updateStats(steps: StepStats): UpdateStats {
  return {
    policyLoss: meanOf(steps.policyLoss),
    valueLoss: meanOf(steps.valueLoss),
    loss: meanOf(steps.loss),
    approxKl: meanOf(steps.approxKl),
    policyKl: meanOf(steps.policyKl),
    clipFraction: meanOf(steps.clipFraction),
    valueClipFraction: meanOf(steps.valueClipFraction),
    ratioMean: meanOf(steps.ratioMean),
    ratioVariance: meanOf(steps.ratioVariance),
    ratioMeanVariance: varianceOf(steps.ratioMean),
    ratioMax: steps.ratioMax.reduce((largest, ratio) => Math.max(largest, ratio), 0),
    firstRatioError: steps.ratioError[0]!,
    valuePrediction: meanOf(steps.valuePrediction),
    updateValueError: meanOf(steps.updateValueError),
    updateEntropy: meanOf(steps.updateEntropy),
    gradNorm: meanOf(steps.gradNorm),
  };
}
