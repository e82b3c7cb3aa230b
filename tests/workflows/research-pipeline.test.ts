/** The order of the study, its sweep and its cancellation. */

import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { WorkflowFailedError } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import { progressQuery } from '../../workflows/messages.js';
import type { PipelineResult } from '../../workflows/research-pipeline.js';
import { openStage, play, pointsOf, ref, tellingActivities } from './playing.js';

const stage = openStage();

describe('researchPipelineWorkflow', () => {
  test('runs every stage once and in order, the sweep in parallel, and tells of it', async () => {
    const called: string[] = [];
    const { start, during } = await play(stage(), tellingActivities(called));
    const { result, progress } = await during(async () => {
      const handle = await start();
      const ended: PipelineResult = await handle.result();
      return { result: ended, progress: await handle.query(progressQuery) };
    });
    expect(called.slice(0, 8)).toEqual([
      'crawl',
      'clean',
      'explore',
      'vocab-extend',
      'finetune',
      'sentiment',
      'bias-eval',
      'reward',
    ]);
    expect(called.slice(8, 14).toSorted()).toEqual(['bias-eval', 'bias-eval', 'bias-eval', 'ppo', 'ppo', 'ppo']);
    expect(called.slice(14)).toEqual(['compare', 'report']);
    expect(result).toMatchObject({ report: ref('report'), missing: [] });
    expect(result.stages.map(({ name }) => name)).toHaveLength(15);
    expect(progress.stages.every(({ status }) => status === 'done')).toBe(true);
    expect([progress.children, progress.points]).toEqual([[], { total: 3, done: 3, failed: 0 }]);
  });

  test('names a sweep point that failed and compares the others', async () => {
    const called: string[] = [];
    const ppo = tellingActivities(called).trainPpoPolicy!;
    let compared: unknown;
    const { start, during } = await play(
      stage(),
      tellingActivities(called, {
        trainPpoPolicy: async (input) => {
          if (input.point?.epochs === 2)
            throw ApplicationFailure.nonRetryable('loss is not finite', 'LossDivergedError');
          return ppo(input);
        },
        compareRuns: async (input) => {
          compared = input;
          return { key: 'k', digest: 'd', reused: false, seconds: 0, result: { comparison: ref('comparison') } };
        },
      }),
    );
    const result = await during(async () => (await start()).result());
    expect(result.missing).toEqual([{ ...pointsOf([2])[0], reason: 'loss is not finite' }]);
    expect(compared).toMatchObject({ made: { members: [{ point: { epochs: 1 } }, { point: { epochs: 3 } }] } });
  });

  test('fails when every sweep point failed, saying why of each', async () => {
    const { start, during } = await play(
      stage(),
      tellingActivities([], {
        trainPpoPolicy: async () => {
          throw ApplicationFailure.nonRetryable('no', 'LossDivergedError');
        },
      }),
    );
    const failure = await during(async () => (await start()).result().catch((error: unknown) => error));
    expect(failure).toBeInstanceOf(WorkflowFailedError);
    expect(failure).toMatchObject({
      cause: { type: 'SweepFailedError', message: expect.stringContaining('epochs=3 seed=0: no') },
    });
  });

  test('cancels its sweep when it is cancelled', async () => {
    const cancelled: number[] = [];
    let running = 0;
    const { workflowId, start, during } = await play(
      stage(),
      tellingActivities([], {
        trainPpoPolicy: async ({ point }) => {
          running++;
          const beat = setInterval(() => Context.current().heartbeat(), 200);
          try {
            return await Context.current().cancelled;
          } catch (error) {
            cancelled.push(point?.epochs ?? 0);
            throw error instanceof CancelledFailure ? error : new CancelledFailure('cancelled');
          } finally {
            clearInterval(beat);
          }
        },
      }),
    );
    const { main, child } = await during(async () => {
      const handle = await start();
      await expect.poll(() => running, { timeout: 30_000 }).toBe(3);
      await handle.cancel();
      await handle.result().catch(() => {});
      return {
        main: await handle.describe(),
        child: await stage().client.workflow.getHandle(`${workflowId}/ppo-1-seed-0`).describe(),
      };
    });
    expect([main.status.name, child.status.name]).toEqual(['CANCELLED', 'CANCELLED']);
    expect(cancelled.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });
});
