/** Kill any process at any moment and run the same command again: it resumes from a checkpoint and ends with the same digests. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readEnvironment } from '../../config/environment.js';
import { findMinio } from '../../infra/minio-binary.js';
import { startMinioServer } from '../../infra/minio-server.js';
import { openStore } from '../../infra/open-store.js';
import {
  checkpointOf,
  digestsOf,
  isAlive,
  killAll,
  processesOf,
  readLog,
  serverOf,
  startCommand,
  startStudy,
  type StageFiles,
} from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const stages = ['crawl', 'finetune', 'ppo'];
const timeoutMs = 600_000;
let undisturbed: Record<string, string>;

/** Stages that went on from a checkpoint, by the worker's log. */
function resumed(home: string): string[] {
  const lines = readLog(home).filter((line) => line.msg === 'resuming from a checkpoint');
  return [...new Set(lines.map((line) => String(line.stage ?? line.job)))];
}

beforeAll(async () => {
  const home = await temporaryFolder();
  const { code, stdout, stderr } = await startStudy(home).ended;
  expect(stderr).not.toContain('Error');
  expect(code).toBe(0);
  expect(stdout).toContain('report.html');
  undisturbed = digestsOf(home);

  const again = await startStudy(home).ended;
  expect(again.code).toBe(0);
  expect(again.stdout).toMatch(/reused +crawl, clean, explore, vocab-extend, finetune, sentiment, bias-eval, reward, /);
  expect(digestsOf(home)).toEqual(undisturbed);
}, timeoutMs);

const minio = await findMinio(readEnvironment());
const keys = { accessKey: 'debias-test', secretKey: 'debias-test-secret' };

// Without the program (`npm run minio:install`) this is reported as skipped.
describe.skipIf(minio === undefined)('a study with its checkpoints in MinIO', () => {
  test(
    'whose job processes are killed resumes from there and ends with the same digests',
    async ({ onTestFinished }) => {
      const server = await startMinioServer({ program: minio ?? '', folder: await temporaryFolder(), ...keys });
      onTestFinished(() => server.stop('SIGKILL'));
      const store = await openStore({ kind: 'minio', endpoint: server.endpoint, bucket: 'debias', ...keys });
      const filesOf: StageFiles = async (key) => ({
        checkpoints: (await store.listManifests(`stages/${key}/checkpoints/`)).length,
        finished: (await store.readManifest(`stages/${key}/result.json`)) !== undefined,
      });
      const home = await temporaryFolder();
      const study = startStudy(home, {
        MINIO_ENDPOINT: server.endpoint,
        MINIO_ACCESS_KEY: keys.accessKey,
        MINIO_SECRET_KEY: keys.secretKey,
      });
      for (const stage of ['finetune', 'ppo']) {
        await checkpointOf(home, stage, filesOf);
        killAll(processesOf(study).jobs);
      }
      expect((await study.ended).code).toBe(0);
      expect(resumed(home)).toEqual(expect.arrayContaining(['finetune', 'ppo']));
      expect(digestsOf(home)).toEqual(undisturbed);
      expect(existsSync(join(home, 'store'))).toBe(false);
    },
    timeoutMs,
  );
});

describe('a study', () => {
  test(
    'whose job processes are killed resumes by itself and ends with the same digests',
    async () => {
      const home = await temporaryFolder();
      const study = startStudy(home);
      for (const stage of ['finetune', 'ppo']) {
        await checkpointOf(home, stage);
        killAll(processesOf(study).jobs);
      }
      expect((await study.ended).code).toBe(0);
      expect(resumed(home)).toEqual(expect.arrayContaining(['finetune', 'ppo']));
      expect(digestsOf(home)).toEqual(undisturbed);
    },
    timeoutMs,
  );

  test(
    'whose worker is killed gets a new one, leaves no orphan, and ends with the same digests',
    async () => {
      const home = await temporaryFolder();
      const study = startStudy(home);
      const orphans: number[] = [];
      for (const stage of stages) {
        await checkpointOf(home, stage);
        const { worker, jobs } = processesOf(study);
        killAll(worker);
        orphans.push(...jobs);
      }
      expect((await study.ended).code).toBe(0);
      expect(orphans.filter(isAlive)).toEqual([]);
      expect(resumed(home)).toEqual(expect.arrayContaining(stages));
      expect(digestsOf(home)).toEqual(undisturbed);
    },
    timeoutMs,
  );

  test(
    'of which everything is killed at once goes on with the same command and ends with the same digests',
    async () => {
      const home = await temporaryFolder();
      for (const stage of stages) {
        const study = startStudy(home);
        await checkpointOf(home, stage);
        const { worker, jobs } = processesOf(study);
        killAll([study.child.pid ?? 0, ...worker, ...jobs, serverOf(home)]);
        expect((await study.ended).signal).toBe('SIGKILL');
      }
      expect((await startStudy(home).ended).code).toBe(0);
      expect(resumed(home)).toEqual(expect.arrayContaining(stages));
      expect(digestsOf(home)).toEqual(undisturbed);
    },
    timeoutMs,
  );

  test(
    'that is interrupted pauses, says how to go on, and goes on',
    async () => {
      const home = await temporaryFolder();
      const study = startStudy(home);
      await checkpointOf(home, 'finetune');
      study.child.kill('SIGINT');
      const paused = await study.ended;
      expect(paused.code).toBe(130);
      expect(paused.stderr).toContain('Go on with: npx debias run --preset smoke --run tested');
      const status = await startCommand(home, ['status']).ended;
      expect(status.stdout).toContain('tested: paused');
      expect((await startStudy(home).ended).code).toBe(0);
      expect(digestsOf(home)).toEqual(undisturbed);
    },
    timeoutMs,
  );
});
