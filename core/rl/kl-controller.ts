/** The KL coefficient from batch to batch: fixed, Ziegler's proportional rule, Schulman's doubling. Knows no policy. */

export interface FixedKl {
  readonly kind: 'fixed';
  readonly coefficient: number;
}

export interface ZieglerKl {
  readonly kind: 'ziegler';
  readonly coefficient: number;
  /** Wanted KL in nats an episode (summed over its tokens). 6 was set for 24 tokens, so 15 tokens want 3.75. */
  readonly target: number;
  /** Episodes over which a full error of ±20 % moves the coefficient by that much. */
  readonly horizon: number;
}

export interface SchulmanKl {
  readonly kind: 'schulman';
  readonly coefficient: number;
  /** Wanted KL in nats an episode. */
  readonly target: number;
}

/** `coefficient` is where the run starts; the present one is part of the training state. */
export type KlController = FixedKl | ZieglerKl | SchulmanKl;

/** What a batch showed. */
export interface KlObservation {
  /** KL to the reference in nats an episode: summed over tokens, mean over the batch. */
  readonly kl: number;
  readonly episodes: number;
}

const MAX_RELATIVE_ERROR = 0.2;
const SCHULMAN_BAND = 1.5;

/** e = clip(KL/target − 1, ±0.2); β ← β·(1 + e·n/horizon). Ziegler et al. 2019, section 2.2. */
function zieglerNext({ target, horizon }: ZieglerKl, present: number, { kl, episodes }: KlObservation): number {
  const error = Math.min(Math.max(kl / target - 1, -MAX_RELATIVE_ERROR), MAX_RELATIVE_ERROR);
  return present * (1 + (error * episodes) / horizon);
}

/** β ← 2β above 1.5·target, β/2 below target/1.5. Schulman et al. 2017, section 4. */
function schulmanNext({ target }: SchulmanKl, present: number, { kl }: KlObservation): number {
  if (kl > target * SCHULMAN_BAND) return present * 2;
  return kl < target / SCHULMAN_BAND ? present / 2 : present;
}

/** The coefficient for the next batch, from the present one and what the batch showed. */
export function nextKlCoefficient(controller: KlController, present: number, seen: KlObservation): number {
  if (controller.kind === 'fixed') return controller.coefficient;
  return controller.kind === 'ziegler'
    ? zieglerNext(controller, present, seen)
    : schulmanNext(controller, present, seen);
}
