/** The order of the study, its sweep and its cancellation, on a real server with activities that only tell they were called. */

import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import { ApplicationFailure, CancelledFailure, Context } from '@temporalio/activity';
import { temporal } from '@temporalio/proto';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { progressQuery } from '../../workflows/messages.js';
import { queuesOf } from '../../workflows/queues.js';
import type { PipelineInput, PipelineResult, researchPipelineWorkflow } from '../../workflows/research-pipeline.js';

const ref = (name: string) => ({ sha256: name, sizeBytes: 1 });
const folder = (name: string) => ({ ...ref(name), kind: 'folder' as const });
const study = {
  config: ref('config'),
  targets: ref('targets'),
  prompts: ref('prompts'),
  generalText: ref('general'),
  rewardLabels: ref('rl'),
  sentimentLabels: ref('sl'),
  model: folder('base'),
  texts: [],
};
const points = [1, 2, 3].map((epochs) => ({
  epochs,
  seed: 0,
  label: `epochs=${epochs} seed=0`,
  id: `ppo-${epochs}-seed-0`,
  overrides: { 'ppo.epochs': epochs },
}));
const recordedIds = { pipeline: 'pipeline/recorded', ppo: 'pipeline/recorded/ppo-1-seed-0' };
const histories = join(import.meta.dirname, 'histories');

type Activity = (input: { point?: { epochs: number } }) => Promise<unknown>;
type Activities = Record<string, Activity>;

Runtime.install({ logger: new DefaultLogger('ERROR') });

let bundle: WorkflowBundleWithSourceMap;
let native: NativeConnection;
let connection: Connection;
let client: Client;

beforeAll(async () => {
  bundle = await bundleWorkflowCode({
    workflowsPath: join(import.meta.dirname, '../../workflows/index.ts'),
    logger: new DefaultLogger('ERROR'),
  });
  native = await NativeConnection.connect({ address: inject('temporalAddress') });
  connection = await Connection.connect({ address: inject('temporalAddress') });
  client = new Client({ connection });
});

afterAll(async () => {
  await connection?.close();
  await native?.close();
});

/** Activities that note their names and hand on references named after themselves. */
function tellingActivities(called: string[], special: Activities = {}): Activities {
  const made =
    (name: string, result: object): Activity =>
    async () => {
      called.push(name);
      return { key: `key-${name}`, digest: `digest-${name}`, reused: false, seconds: 1, result };
    };
  return {
    crawlTexts: made('crawl', { records: ref('records') }),
    cleanTexts: made('clean', { texts: ref('texts') }),
    exploreTexts: made('explore', { candidates: ref('candidates') }),
    extendVocabulary: made('vocab-extend', { model: folder('extended') }),
    finetuneModel: made('finetune', { model: folder('tuned') }),
    trainSentimentClassifier: made('sentiment', { model: folder('sentiment') }),
    measureBias: made('bias-eval', { sentences: ref('sentences') }),
    trainReward: made('reward', { model: folder('reward') }),
    trainPpoPolicy: made('ppo', { model: folder('policy') }),
    compareRuns: made('compare', { comparison: ref('comparison') }),
    writeReport: async () => {
      called.push('report');
      return { results: ref('results'), report: ref('report'), summary: ref('summary') };
    },
    ...special,
  };
}

interface Played {
  readonly input: PipelineInput;
  readonly workflowId: string;
  readonly start: () => ReturnType<typeof client.workflow.start<typeof researchPipelineWorkflow>>;
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
}

/** Workers on queues of their own, so that tests share the server and nothing else. */
async function play(activities: Activities, name: string = randomUUID()): Promise<Played> {
  const queues = queuesOf(`test-${name}`);
  const input: PipelineInput = { runId: 'r', study, points, queues };
  const workflowId = `pipeline/${name}`;
  const common = { connection: native, workflowBundle: bundle };
  const workers = await Promise.all([
    Worker.create({ ...common, taskQueue: queues.pipeline }),
    ...[queues.net, queues.cpu, queues.model].map((taskQueue) =>
      Worker.create({ connection: native, taskQueue, activities }),
    ),
  ]);
  return {
    input,
    workflowId,
    start: () =>
      client.workflow.start<typeof researchPipelineWorkflow>('researchPipelineWorkflow', {
        workflowId,
        taskQueue: queues.pipeline,
        args: [input],
      }),
    async during(work) {
      const runs = workers.map((worker) => worker.run());
      try {
        return await work();
      } finally {
        for (const worker of workers) worker.shutdown();
        await Promise.all(runs);
      }
    },
  };
}

describe('researchPipelineWorkflow', () => {
  test('runs every stage once and in order, the sweep in parallel, and tells of it', async () => {
    const called: string[] = [];
    const { start, during } = await play(tellingActivities(called));
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
    expect(progress.children).toHaveLength(3);
  });

  test('names a sweep point that failed and compares the others', async () => {
    const called: string[] = [];
    const ppo = tellingActivities(called).trainPpoPolicy!;
    let compared: unknown;
    const { start, during } = await play(
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
    expect(result.missing).toEqual([{ ...points[1], reason: 'loss is not finite' }]);
    expect(compared).toMatchObject({ made: { members: [{ point: { epochs: 1 } }, { point: { epochs: 3 } }] } });
  });

  test('fails when every sweep point failed, saying why of each', async () => {
    const { start, during } = await play(
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
        child: await client.workflow.getHandle(`${workflowId}/ppo-1-seed-0`).describe(),
      };
    });
    expect([main.status.name, child.status.name]).toEqual(['CANCELLED', 'CANCELLED']);
    expect(cancelled.toSorted((a, b) => a - b)).toEqual([1, 2, 3]);
  });

  test.each(['pipeline', 'ppo'] as const)('replays the recorded history of %s', async (name) => {
    const file = join(histories, `${name}.bin`);
    if (!existsSync(file)) await record();
    const history = temporal.api.history.v1.History.decode(readFileSync(file));
    await expect(
      Worker.runReplayHistory({ workflowBundle: bundle }, history, recordedIds[name]),
    ).resolves.toBeUndefined();
  });
});

/** Histories are recorded once, when there is none yet, and kept: later code must still be able to replay them. */
async function record(): Promise<void> {
  const { start, during } = await play(tellingActivities([]), 'recorded');
  mkdirSync(histories, { recursive: true });
  await during(async () => {
    await (await start()).result();
    for (const [name, id] of Object.entries(recordedIds)) {
      const history = await client.workflow.getHandle(id).fetchHistory();
      writeFileSync(join(histories, `${name}.bin`), temporal.api.history.v1.History.encode(history).finish());
    }
  });
}
