import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runBertCase } from '../../../bench/goldens-bert.js';

test('bertLogits and its gradients agree with the reference numbers', async () => {
  const errors = await runBertCase(fileURLToPath(new URL('../../goldens/bert', import.meta.url)));
  expect(errors.map(({ name }) => name)).toEqual(['logits', 'loss', 'grad.*']);
  expect(errors.filter(({ error }) => !(error < 1e-4))).toEqual([]);
});
