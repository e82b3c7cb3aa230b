import { it } from 'vitest';
import { writeFileSync } from 'node:fs';
import * as g from '../../../bench/goldens-ppo.js';
it('x', async () => {
  await g.ppoGolden(`/work/main/tests/goldens/ppo-trl-0.11`);
});
