import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runGpt2Case } from '../../../bench/goldens-gpt2.js';

test('gpt2Hidden, its gradients, adamStep and createSampler agree with the reference numbers', async () => {
  const errors = await runGpt2Case(fileURLToPath(new URL('../../goldens/gpt2', import.meta.url)));
  expect(errors.map(({ name }) => name)).toEqual([
    'last_hidden',
    'logits',
    'loss',
    'grad.*',
    'train_losses',
    'train_grad_norms',
    'trained.*',
    'greedy (share of wrong tokens)',
  ]);
  expect(errors.filter(({ error }) => !(error < 1e-4))).toEqual([]);
});
