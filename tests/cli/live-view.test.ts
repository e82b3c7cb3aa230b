import { describe, expect, test } from 'vitest';
import { describeActivity } from '../../cli/live-view.js';

const activity = { stage: 'finetune', name: 'finetune', workflowId: 'pipeline/x', attempt: 1 };

describe('describeActivity', () => {
  test('tells progress, rate, time left and the best-known figures first', () => {
    const metrics = { lr: 0.0001, loss: 1.2345678 };
    const text = describeActivity({ ...activity, done: 20, total: 100, unit: 'steps', ratePerSecond: 2, metrics });
    expect(text).toBe('20 of 100 steps · 2/s · 40 s left · loss 1.235 · lr 1.00e-4');
  });

  test('says that work has begun before it reports', () => {
    expect(describeActivity(activity)).toBe('starting');
  });

  test('says which attempt it is and why the last one failed', () => {
    expect(describeActivity({ ...activity, attempt: 3, lastFailure: 'killed\nstack' })).toBe(
      'starting · attempt 3 after: killed',
    );
  });
});
