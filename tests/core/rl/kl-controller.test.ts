import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nextKlCoefficient } from '../../../core/rl/kl-controller.js';
import type { KlController } from '../../../core/rl/kl-controller.js';

const golden = JSON.parse(readFileSync(new URL('../../goldens/kl-controllers.json', import.meta.url), 'utf8')) as {
  kl: number[];
  initial: number;
  target: number;
  horizon: number;
  episodes_per_batch: number;
  ziegler: number[];
  schulman: number[];
};

function coefficients(controller: KlController): number[] {
  let present = controller.coefficient;
  return golden.kl.map(
    (kl) => (present = nextKlCoefficient(controller, present, { kl, episodes: golden.episodes_per_batch })),
  );
}

describe('nextKlCoefficient', () => {
  const { initial: coefficient, target, horizon } = golden;

  it('nextKlCoefficient keeps a fixed coefficient whatever the KL', () => {
    expect(coefficients({ kind: 'fixed', coefficient })).toEqual(golden.kl.map(() => coefficient));
  });

  it("nextKlCoefficient follows Ziegler's rule over the recorded batches", () => {
    const found = coefficients({ kind: 'ziegler', coefficient, target, horizon });
    found.forEach((value, i) => expect(value).toBeCloseTo(golden.ziegler[i]!, 12));
  });

  it("nextKlCoefficient follows Schulman's doubling and halving over the recorded batches", () => {
    const found = coefficients({ kind: 'schulman', coefficient, target });
    found.forEach((value, i) => expect(value).toBeCloseTo(golden.schulman[i]!, 12));
  });
});
