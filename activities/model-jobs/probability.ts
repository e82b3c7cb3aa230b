/** From a classifier's logits to a probability. */

/** Probability of the good class, from the lead of its logit. */
export function probability(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
