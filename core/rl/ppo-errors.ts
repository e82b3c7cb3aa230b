/** What makes a PPO run stop rather than go on with wrong numbers. */

/** Before the first update the policy is the one that sampled, so every ratio must be 1. */
export class FirstRatioError extends Error {
  override readonly name = 'FirstRatioError';
  constructor(
    readonly batch: number,
    readonly deviation: number,
    readonly tolerance: number,
  ) {
    super(
      `trainPpo: batch ${batch}: expected the first minibatch to have ratio 1 within ${tolerance}, got a deviation of ${deviation}; ` +
        'rollout and update do not compute the same log-probabilities: check padding, temperature and dropout',
    );
  }
}

/** Settings that do not fit each other or the model. */
export class PpoSettingsError extends RangeError {
  override readonly name = 'PpoSettingsError';
  constructor(
    readonly setting: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`trainPpo: ${setting}: expected ${expected}, got ${got}; change the setting`);
  }
}

/** The scorer gave another number of scores than episodes, or a score that is no number. */
export class ScoreError extends Error {
  override readonly name = 'ScoreError';
  constructor(
    readonly expected: string,
    readonly got: string,
  ) {
    super(`trainPpo: score: expected ${expected}, got ${got}; check the reward classifier`);
  }
}
