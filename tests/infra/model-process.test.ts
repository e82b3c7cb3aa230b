import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { BlobRef } from '../../core/checkpoint/index.js';
import type { JobContext } from '../../core/job-context.js';
import type { Progress } from '../../core/progress.js';
import { createEmbeddedStore } from '../../infra/embedded-store.js';
import { createModelProcess, type ModelProcess, type ModelProcessSettings } from '../../infra/model-process.js';
import {
  ModelProcessCancelledError,
  ModelProcessDiedError,
  ModelProcessStalledError,
} from '../../infra/model-process-errors.js';
import { isProcess } from '../../infra/process-identity.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const entry = new URL('../support/model-jobs-entry.mjs', import.meta.url);
type Job<In, Out> = (input: In, context: JobContext) => Promise<Out>;

/** The types of the jobs in the entry file. */
type TestJobs = {
  readonly double: Job<{ values: Float32Array }, { values: Float32Array; ref: BlobRef }>;
  readonly environment: Job<null, Record<string, string>>;
  readonly blocked: Job<{ ms: number }, string>;
} & Readonly<Record<'forEver' | 'silent' | 'diverge' | 'abort' | 'exit' | 'outOfMemory' | 'missing', Job<null, never>>>;

describe('createModelProcess', () => {
  let folder: string;
  const logs: string[] = [];
  const create = (settings: Partial<ModelProcessSettings> = {}): ModelProcess<TestJobs> =>
    createModelProcess<TestJobs>({
      entry,
      store: { kind: 'embedded', folder },
      stallTimeoutMs: 20_000,
      log: (level, message, fields) => logs.push(`${level} ${message} ${JSON.stringify(fields)}`),
      ...settings,
    });
  beforeAll(async () => {
    folder = await temporaryFolder();
  });

  it('run carries typed arrays both ways, opens the store, and thins progress out but for the last', async () => {
    const reports: Progress[] = [];
    const { values, ref } = await create().run(
      'double',
      { values: Float32Array.of(1, 2.5) },
      { onProgress: (p) => reports.push(p) },
    );
    expect(values).toEqual(Float32Array.of(2, 5));
    expect(Buffer.from(await createEmbeddedStore({ folder }).getBlob(ref)).toString()).toBe('kept');
    expect(reports.length).toBeLessThan(50);
    expect(reports.at(-1)?.done).toBe(1000);
    expect(logs).toContain('info doubling {"job":"double","n":2}');
  });

  it('run gives the process the environment that it was given and nothing else', async () => {
    const environment = await create({ environment: { OMP_NUM_THREADS: '1' } }).run('environment', null);
    const added = /^(NODE_CHANNEL_|__CF_USER_TEXT_ENCODING)/;
    expect(Object.keys(environment).filter((name) => !added.test(name))).toEqual(['OMP_NUM_THREADS']);
  });

  it('run leaves the event loop of its caller free while the job blocks its own', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    await create().run('blocked', { ms: 600 });
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(20);
  });

  it('run rejects with the job’s own error, its fields and whether it may be tried again', async () => {
    await expect(create().run('diverge', null)).rejects.toMatchObject({
      name: 'LossDivergedError',
      message: 'loss is NaN at step 7',
      details: { step: 7 },
      retryable: false,
    });
    await expect(create().run('missing', null)).rejects.toMatchObject({ name: 'UnknownJobError', retryable: false });
  });

  it('run tells how a process died: exit code and last output, native abort, out of memory', async () => {
    await expect(create().run('exit', null)).rejects.toMatchObject({
      exitCode: 3,
      stderrTail: 'out of luck',
      retryable: false,
    });
    await expect(create().run('abort', null)).rejects.toMatchObject({
      name: 'ModelProcessDiedError',
      signal: 'SIGABRT',
      retryable: true,
    });
    const small = create({ nodeArguments: ['--max-old-space-size=32'] });
    await expect(small.run('outOfMemory', null)).rejects.toMatchObject({
      stderrTail: expect.stringContaining('heap out of memory'),
    });
  });

  it('run rejects when somebody kills the process, naming the signal', async () => {
    const failure = create().run('forEver', null, {
      onProgress: ({ metrics }) => process.kill(metrics['pid'] ?? 0, 'SIGKILL'),
    });
    await expect(failure).rejects.toThrow(ModelProcessDiedError);
    await expect(failure).rejects.toMatchObject({ signal: 'SIGKILL' });
  });

  it('run settles after a cancellation only when the process is gone', async () => {
    const cancel = new AbortController();
    let pid = 0;
    const onProgress = ({ metrics }: Progress): void => {
      pid = metrics['pid'] ?? 0;
      cancel.abort();
    };
    await expect(create().run('forEver', null, { signal: cancel.signal, onProgress })).rejects.toThrow(
      ModelProcessCancelledError,
    );
    expect(pid).toBeGreaterThan(0);
    expect(await isProcess(pid, 'model-jobs-entry')).toBe(false);
    await expect(create().run('forEver', null, { signal: cancel.signal })).rejects.toThrow(ModelProcessCancelledError);
  });

  it('run kills a process that tells of no progress, and one that is frozen', async () => {
    let pid = 0;
    const onProgress = ({ metrics }: Progress): void => void (pid = metrics['pid'] ?? 0);
    await expect(create({ stallTimeoutMs: 1500 }).run('silent', null, { onProgress })).rejects.toThrow(
      ModelProcessStalledError,
    );
    expect([pid > 0, await isProcess(pid, 'model-jobs-entry')]).toEqual([true, false]);
    const freeze = ({ metrics }: Progress): void => void process.kill(metrics['pid'] ?? 0, 'SIGSTOP');
    await expect(create({ stallTimeoutMs: 1500 }).run('forEver', null, { onProgress: freeze })).rejects.toThrow(
      ModelProcessStalledError,
    );
  });

  it('run’s process ends when its parent is killed', async () => {
    const file = path.join(folder, 'orphan.pid');
    const parent = spawn(process.execPath, [
      fileURLToPath(new URL('../support/model-process-parent.mjs', import.meta.url)),
      folder,
      file,
    ]);
    const pid = await waitFor(async () => Number(await readFile(file, 'utf8').catch(() => '')) || undefined);
    expect(await isProcess(pid, 'model-jobs-entry')).toBe(true);
    parent.kill('SIGKILL');
    await waitFor(async () => ((await isProcess(pid, 'model-jobs-entry')) ? undefined : true));
  });
});

async function waitFor<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    await sleep(50);
  }
}
