import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { klControllersGolden, ppoGolden } from '../../../bench/goldens-ppo.js';

/** float32 against float64 references. */
const TOLERANCE = 1e-4;

const goldens = (name: string) => fileURLToPath(new URL(`../../goldens/${name}`, import.meta.url));

describe('PPO goldens', () => {
  it.each(['ppo-trl-classic', 'ppo-trl-0.11', 'ppo-ziegler-2019'])(
    'ppoGolden finds every figure of %s',
    async (name) => {
      const errors = await ppoGolden(goldens(name));
      expect(errors.length).toBeGreaterThan(10);
      expect(errors.filter(({ error }) => !(error <= TOLERANCE))).toEqual([]);
    },
  );

  it('klControllersGolden finds both recorded sequences', async () => {
    const errors = await klControllersGolden(goldens('kl-controllers.json'));
    expect(errors.filter(({ error }) => !(error <= 1e-12))).toEqual([]);
  });
});
