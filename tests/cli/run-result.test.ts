import { ServiceError, WorkflowFailedError } from '@temporalio/client';
import { RetryState } from '@temporalio/common';
import { describe, expect, test } from 'vitest';
import { resultOf, ServerSilentError } from '../../cli/run-result.js';

const silent = () => new ServiceError('Failed to get Workflow execution history');

/** Answers in turn; the last one for ever. */
function handleOf(...answers: readonly (Error | string)[]) {
  let asked = 0;
  return {
    result: async (): Promise<string> => {
      const answer = answers[Math.min(asked++, answers.length - 1)]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    asked: () => asked,
  };
}

describe('resultOf', () => {
  test('resultOf asks again where the server did not answer', async () => {
    const handle = handleOf(silent(), silent(), 'done');
    await expect(resultOf(handle, { silenceMs: 60_000, pauseMs: 1 })).resolves.toBe('done');
    expect(handle.asked()).toBe(3);
  });

  test('resultOf gives up on a server that stays silent, and says that nothing is lost', async () => {
    await expect(resultOf(handleOf(silent()), { silenceMs: 0, pauseMs: 1 })).rejects.toThrow(ServerSilentError);
    await expect(resultOf(handleOf(silent()), { silenceMs: 0, pauseMs: 1 })).rejects.toThrow('nothing is lost');
  });

  test('resultOf passes on how the run itself failed, at once', async () => {
    const failed = new WorkflowFailedError('failed', undefined, RetryState.NON_RETRYABLE_FAILURE);
    const handle = handleOf(failed, 'done');
    await expect(resultOf(handle, { silenceMs: 60_000, pauseMs: 1 })).rejects.toBe(failed);
    expect(handle.asked()).toBe(1);
  });
});
