/** Generalised advantage estimation over fixed-length episodes. Knows no policy and no text. */

export interface GaeOptions {
  readonly gamma: number;
  readonly lambda: number;
}

export interface GaeResult {
  /** [B·T] */
  readonly advantages: Float64Array;
  /** advantages + values, [B·T] */
  readonly returns: Float64Array;
}

/**
 * δₜ = rₜ + γ·Vₜ₊₁ − Vₜ and Aₜ = δₜ + γλ·Aₜ₊₁, with V = A = 0 after the last token (Schulman et al. 2016, eq. 16).
 * @param rewards [B·T] row-major; `values` likewise; T = `tokens`.
 */
export function gae(
  rewards: ArrayLike<number>,
  values: ArrayLike<number>,
  tokens: number,
  { gamma, lambda }: GaeOptions,
): GaeResult {
  const advantages = new Float64Array(rewards.length);
  for (let row = 0; row < rewards.length; row += tokens) {
    let nextValue = 0;
    let nextAdvantage = 0;
    for (let i = row + tokens - 1; i >= row; i--) {
      const delta = rewards[i]! + gamma * nextValue - values[i]!;
      nextAdvantage = delta + gamma * lambda * nextAdvantage;
      advantages[i] = nextAdvantage;
      nextValue = values[i]!;
    }
  }
  return { advantages, returns: advantages.map((advantage, i) => advantage + values[i]!) };
}
