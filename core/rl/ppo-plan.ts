/** Settings, profile and model put together into the fixed numbers of one run. Runs nothing. */

import { staysOnDevice } from '../backends/index.js';
import type { Gpt2Config } from '../nn/index.js';
import { sizeOf } from '../tensor.js';
import { checkedQueryLength } from './episodes.js';
import type { Tokens } from './episodes.js';
import { ppoParameterShapes } from './minibatch-loss.js';
import { stepsPerSession } from './minibatches.js';
import { PpoSettingsError } from './ppo-errors.js';
import type { PpoSettings } from './ppo-settings.js';
import { ppoProfiles } from './profiles.js';
import type { PpoProfile } from './profiles.js';
import type { RowLayout } from './response-scores.js';

export interface PpoPlan {
  readonly config: Gpt2Config;
  readonly settings: PpoSettings;
  /** The named profile with the settings' overrides. */
  readonly profile: PpoProfile;
  /** Of sampling. */
  readonly temperature: number;
  readonly layout: RowLayout;
  /** Whether some prompts are shorter than others. */
  readonly padded: boolean;
  readonly padToken: number;
  readonly batches: number;
  /** Episodes an optimiser step. M */
  readonly minibatchSize: number;
  /** Optimiser steps a session run. K */
  readonly stepsPerRun: number;
  /** Rows a run of the rollout programs. */
  readonly rolloutRows: number;
}

/** @throws PpoSettingsError, QueryError */
export function planPpo(config: Gpt2Config, settings: PpoSettings, queries: readonly Tokens[]): PpoPlan {
  const profile = resolvedProfile(settings);
  const minibatchSize = profile.minibatchSize === 'batch' ? settings.batchSize : profile.minibatchSize;
  const temperature = settings.temperature ?? profile.logProbTemperature;
  checkSettings(settings, profile, minibatchSize);
  requirePositive('temperature', temperature);
  const queryTokens = checkedQueryLength(queries, 1 + profile.valueOffset, config.vocabSize);
  const { responseTokens } = settings;
  if (queryTokens + responseTokens > config.numPositions) {
    throw new PpoSettingsError(
      'responseTokens',
      `prompt and response within ${config.numPositions} positions`,
      `${queryTokens} + ${responseTokens}`,
    );
  }
  const rowTokens = queryTokens + responseTokens;
  const stepsPerBatch = (settings.batchSize / minibatchSize) * settings.ppoEpochs;
  return {
    config,
    settings,
    profile,
    temperature,
    layout: { queryTokens, responseTokens },
    padded: queries.some((query) => query.length < queryTokens),
    padToken: config.padTokenId ?? config.eosTokenId ?? 0,
    batches: settings.episodes / settings.batchSize,
    minibatchSize,
    stepsPerRun: stepsPerSession(
      stepsPerBatch,
      settings.stepsPerRun ?? (staysOnDevice(settings) ? 1 : affordableSteps(config, minibatchSize * rowTokens)),
    ),
    rolloutRows: stepsPerSession(settings.batchSize, settings.rolloutRows),
  };
}

/** A few seconds of one core, between which progress is told; where a run copies the whole state out, short ones cost. */
const OPERATIONS_PER_RUN = 4e11;

/** Forward and backward pass: six operations a parameter and token (Kaplan et al. 2020, section 2.1). */
function affordableSteps(config: Gpt2Config, tokensPerStep: number): number {
  const parameters = Object.values(ppoParameterShapes(config)).reduce((sum, shape) => sum + sizeOf(shape), 0);
  return Math.max(1, Math.floor(OPERATIONS_PER_RUN / (6 * parameters * tokensPerStep)));
}

function resolvedProfile({
  profile,
  minibatchSize,
  logProbTemperature,
  valueActivation,
  valueOffset,
  valueDropout,
}: PpoSettings): PpoProfile {
  const named = ppoProfiles[profile];
  return {
    ...named,
    minibatchSize: minibatchSize ?? named.minibatchSize,
    logProbTemperature: logProbTemperature ?? named.logProbTemperature,
    valueActivation: valueActivation ?? named.valueActivation,
    valueOffset: valueOffset ?? named.valueOffset,
    valueDropout: valueDropout ?? named.valueDropout,
  };
}

const counts = [
  'ppoEpochs',
  'episodes',
  'batchSize',
  'responseTokens',
  'threads',
  'checkpointEvery',
  'rolloutRows',
] as const;
const positives = ['learningRate', 'clip', 'valueClip'] as const;

function checkSettings(settings: PpoSettings, profile: PpoProfile, minibatchSize: number): void {
  for (const name of counts) {
    if (!Number.isInteger(settings[name]) || settings[name] < 1)
      throw new PpoSettingsError(name, 'a whole number from 1', `${settings[name]}`);
  }
  for (const name of positives) requirePositive(name, settings[name]);
  requirePositive('logProbTemperature', profile.logProbTemperature);
  if (!(profile.valueDropout >= 0 && profile.valueDropout < 1)) {
    throw new PpoSettingsError('valueDropout', 'a share from 0 and below 1', `${profile.valueDropout}`);
  }
  requireMultiple('episodes', settings.episodes, 'batchSize', settings.batchSize);
  requireMultiple('batchSize', settings.batchSize, 'minibatchSize', minibatchSize);
  if (minibatchSize * settings.responseTokens < 2) {
    throw new PpoSettingsError(
      'minibatchSize',
      'two tokens or more to whiten over',
      `${minibatchSize} × ${settings.responseTokens}`,
    );
  }
}

function requirePositive(setting: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new PpoSettingsError(setting, 'a number above 0', `${value}`);
}

function requireMultiple(setting: string, value: number, of: string, divisor: number): void {
  if (Number.isInteger(divisor) && divisor > 0 && value % divisor === 0) return;
  throw new PpoSettingsError(setting, `a multiple of ${of} ${divisor}`, `${value}`);
}

/** Learning rate of all steps of a batch. */
export function batchLearningRate({ settings, profile, batches }: PpoPlan, batch: number): number {
  const share = profile.learningRateSchedule === 'constant' ? 1 : 1 - batch / batches;
  return settings.learningRate * share;
}
