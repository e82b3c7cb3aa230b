/** Named sets of PPO conventions: what three published implementations did differently. Knows no run's sizes or data. */

export type PpoProfileName = 'study' | 'trl-classic' | 'trl-0.11' | 'ziegler-2019';

export interface PpoProfile {
  /** Episodes an optimiser step; 'batch' = the whole rollout batch. Advantages are whitened inside it. */
  readonly minibatchSize: number | 'batch';
  /** Logits are divided by this before old, new and reference log-probabilities are taken. */
  readonly logProbTemperature: number;
  readonly whitenRewards: boolean;
  /** Variance in whitening: n − 1 (true) or n (false). */
  readonly unbiasedVariance: boolean;
  readonly adamEpsilon: number;
  readonly learningRateSchedule: 'constant' | 'linear-to-zero';
  /** How many tokens early rollout values are read; 1 is the quirk of trl's list API (2022-01 to v0.2.1). */
  readonly valueOffset: 0 | 1;
  readonly valueInit: 'uniform' | 'zero';
  readonly valueActivation: 'none' | 'tanh';
  /** Dropout around the value head while updating, 0 = none. Rollout values are always read without it. */
  readonly valueDropout: number;
}

/** trl's first releases, from which the others are told apart. */
const earlyTrl: PpoProfile = {
  minibatchSize: 1,
  logProbTemperature: 1,
  whitenRewards: false,
  unbiasedVariance: true,
  adamEpsilon: 1e-8,
  learningRateSchedule: 'constant',
  valueOffset: 0,
  valueInit: 'uniform',
  valueActivation: 'none',
  valueDropout: 0,
};

/**
 * - `study`: the 2022 study on housing bias: `trl-classic` with a value head of its own, dropout, linear, tanh, dropout.
 * - `trl-classic`: trl's first releases (tensor API): one Adam step per sample, so whitening runs inside one episode and
 *   the size of a score is lost, only the shape over its tokens is left.
 * - `trl-0.11`: the last release with `.step`: whole-batch steps, no temperature in the log-probabilities.
 * - `ziegler-2019`: Ziegler et al. 2019 (openai/lm-human-preferences): log-probabilities at the sampling temperature 0.7,
 *   whitened rewards, biased variance, zero value head, learning rate falling to zero.
 *
 * Adam is PyTorch's form in all of them (ε outside the bias-corrected root).
 */
export const ppoProfiles: { readonly [N in PpoProfileName]: PpoProfile } = {
  // 0.1 is trl's own rate for its value head.
  study: { ...earlyTrl, valueActivation: 'tanh', valueDropout: 0.1 },
  'trl-classic': earlyTrl,
  'trl-0.11': { ...earlyTrl, minibatchSize: 'batch' },
  'ziegler-2019': {
    ...earlyTrl,
    minibatchSize: 'batch',
    logProbTemperature: 0.7,
    whitenRewards: true,
    unbiasedVariance: false,
    adamEpsilon: 1e-5,
    learningRateSchedule: 'linear-to-zero',
    valueInit: 'zero',
  },
};
