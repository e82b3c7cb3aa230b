/** The reward of every response token: a KL price on each, the text's score on the last. Knows no model. */

export interface TokenRewardInput {
  /** Policy log-probabilities of the sampled tokens at rollout time, [B·T]. */
  readonly logProbs: ArrayLike<number>;
  /** The reference model's, [B·T]. */
  readonly refLogProbs: ArrayLike<number>;
  /** One score an episode, [B]. */
  readonly scores: ArrayLike<number>;
  /** T */
  readonly tokens: number;
  readonly klCoefficient: number;
}

/** rₜ = −β·(log π(aₜ) − log π_ref(aₜ)), + score at t = T − 1 (Ziegler et al. 2019, eq. 2). [B·T] */
export function tokenRewards({ logProbs, refLogProbs, scores, tokens, klCoefficient }: TokenRewardInput): Float64Array {
  const rewards = Float64Array.from(logProbs, (logProb, i) => -klCoefficient * (logProb - refLogProbs[i]!));
  for (let episode = 0; episode < scores.length; episode++) rewards[episode * tokens + tokens - 1]! += scores[episode]!;
  return rewards;
}

/** k1 estimate of KL(policy ‖ reference) an episode: Σₜ (log π − log π_ref), [B] nats. May be negative for a few samples. */
export function episodeKl(logProbs: ArrayLike<number>, refLogProbs: ArrayLike<number>, tokens: number): Float64Array {
  const kl = new Float64Array(logProbs.length / tokens);
  for (let i = 0; i < logProbs.length; i++) kl[Math.floor(i / tokens)]! += logProbs[i]! - refLogProbs[i]!;
  return kl;
}
