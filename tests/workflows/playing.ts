/** Workflows on a real server, with activities that only tell that they were called. */

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import {
  bundleWorkflowCode,
  DefaultLogger,
  NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleWithSourceMap,
} from '@temporalio/worker';
import { afterAll, beforeAll, inject } from 'vitest';
import type { SweepPoint } from '../../activities/study.js';
import { queuesOf } from '../../workflows/queues.js';
import type { MeasureInput, measureWorkflow } from '../../workflows/measure.js';
import type { PipelineInput, researchPipelineWorkflow } from '../../workflows/research-pipeline.js';

/** Not the machine's name: it would stand in every recorded history. */
const identity = 'tests';

export const ref = (name: string) => ({ sha256: name, sizeBytes: 1 });
export const folder = (name: string) => ({ ...ref(name), kind: 'folder' as const });

export const study = {
  config: ref('config'),
  targets: ref('targets'),
  prompts: ref('prompts'),
  generalText: ref('general'),
  rewardLabels: ref('rl'),
  sentimentLabels: ref('sl'),
  model: folder('base'),
  texts: [],
};

export function pointsOf(
  epochs: readonly number[],
  overrides: Readonly<Record<string, string | number>> = {},
): SweepPoint[] {
  const further = Object.entries(overrides).map(([path, value]) => `${path}=${value}`);
  return epochs.map((count) => ({
    epochs: count,
    seed: 0,
    label: [`epochs=${count} seed=0`, ...further].join(' '),
    id: [`ppo-${count}-seed-0`, ...further].join('-').replaceAll('=', '-'),
    overrides: { ...overrides, 'ppo.epochs': count },
  }));
}

export interface ActivityInput {
  readonly study?: { readonly config: { readonly sha256: string } };
  readonly point?: SweepPoint;
}

export type Activity = (input: ActivityInput) => Promise<unknown>;
export type Activities = Record<string, Activity>;

/** Activities that note their names and hand on references named after themselves. */
export function tellingActivities(called: string[], special: Activities = {}): Activities {
  const made =
    (name: string, result: object): Activity =>
    async () => {
      called.push(name);
      return { key: `key-${name}`, digest: `digest-${name}`, reused: false, seconds: 1, result };
    };
  const files = { results: ref('results'), report: ref('report'), summary: ref('summary') };
  return {
    crawlTexts: made('crawl', { records: ref('records') }),
    cleanTexts: made('clean', { texts: ref('texts') }),
    exploreTexts: made('explore', { candidates: ref('candidates') }),
    extendVocabulary: made('vocab-extend', { model: folder('extended') }),
    finetuneModel: made('finetune', { model: folder('tuned') }),
    trainSentimentClassifier: made('sentiment', { model: folder('sentiment'), quality: { accuracy: 1 } }),
    measureBias: made('bias-eval', { sentences: ref('sentences') }),
    trainReward: made('reward', { model: folder('reward'), baselineRewards: { mean: 0, median: 0, notNegative: 1 } }),
    trainPpoPolicy: made('ppo', { model: folder('policy') }),
    compareRuns: made('compare', { comparison: ref('comparison') }),
    summariseMeasurement: made('compare', { comparison: ref('comparison') }),
    writeReport: async () => {
      called.push('report');
      return files;
    },
    writeMeasurement: async () => {
      called.push('report');
      return files;
    },
    ...special,
  };
}

export interface Stage {
  readonly bundle: WorkflowBundleWithSourceMap;
  readonly native: NativeConnection;
  readonly client: Client;
}

/** The server's connections and the bundle of all workflows, for one test file. */
export function openStage(): () => Stage {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  let stage: Stage | undefined;
  let connection: Connection | undefined;
  beforeAll(async () => {
    const bundle = await bundleWorkflowCode({
      workflowsPath: join(import.meta.dirname, '../../workflows/index.ts'),
      logger: new DefaultLogger('ERROR'),
    });
    const native = await NativeConnection.connect({ address: inject('temporalAddress') });
    connection = await Connection.connect({ address: inject('temporalAddress') });
    stage = { bundle, native, client: new Client({ connection, identity }) };
  });
  afterAll(async () => {
    await connection?.close();
    await stage?.native.close();
  });
  return () => {
    if (!stage) throw new Error('openStage: expected a test to be running');
    return stage;
  };
}

export interface Played {
  readonly workflowId: string;
  readonly start: () => ReturnType<typeof startPipeline>;
  readonly startMeasurement: () => ReturnType<typeof startMeasurement>;
  readonly during: <T>(work: () => Promise<T>) => Promise<T>;
}

function startPipeline(client: Client, workflowId: string, input: PipelineInput) {
  return client.workflow.start<typeof researchPipelineWorkflow>('researchPipelineWorkflow', {
    workflowId,
    taskQueue: input.queues.pipeline,
    args: [input],
  });
}

function startMeasurement(client: Client, workflowId: string, input: MeasureInput) {
  return client.workflow.start<typeof measureWorkflow>('measureWorkflow', {
    workflowId,
    taskQueue: input.queues.pipeline,
    args: [input],
  });
}

/** Workers on queues of their own, so that tests share the server and nothing else. */
export async function play(
  { bundle, native, client }: Stage,
  activities: Activities,
  given: Partial<PipelineInput> = {},
  name: string = randomUUID(),
): Promise<Played> {
  const queues = queuesOf(`test-${name}`);
  const input: PipelineInput = { runId: 'r', study, points: pointsOf([1, 2, 3]), queues, ...given };
  const { generalText: _general, rewardLabels: _reward, sentimentLabels, texts: _texts, ...measuring } = study;
  const measured: MeasureInput = {
    runId: 'm',
    study: { ...measuring, classifier: { kind: 'labels', labels: sentimentLabels } },
    command: 'debias measure',
    queues,
  };
  const workflowId = `pipeline/${name}`;
  const workers = await Promise.all([
    Worker.create({ connection: native, workflowBundle: bundle, taskQueue: queues.pipeline, identity }),
    ...[queues.net, queues.cpu, queues.model].map((taskQueue) =>
      Worker.create({ connection: native, taskQueue, activities, identity }),
    ),
  ]);
  return {
    workflowId,
    start: () => startPipeline(client, workflowId, input),
    startMeasurement: () => startMeasurement(client, `measure/${name}`, measured),
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
