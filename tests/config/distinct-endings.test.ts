import { expect, test } from 'vitest';
import { distinctEndings } from '../../config/distinct-endings.js';

test('distinctEndings takes as many last parts as tell a text from the others and from those beside', () => {
  const names = distinctEndings(['ppo.learningRate', 'finetune.learningRate', 'ppo.clip', 'reward.seed'], '.', '.', [
    'seed',
  ]);
  expect([...names.values()]).toEqual(['ppo.learningRate', 'finetune.learningRate', 'clip', 'reward.seed']);
});
