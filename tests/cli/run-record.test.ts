import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkRunName, RunNameError } from '../../cli/paths.js';
import { findRun, listRuns, writeRunRecord, type RunRecord } from '../../cli/run-record.js';
import { shellCommand } from '../../cli/shell-words.js';
import { spawnSync } from 'node:child_process';
import { temporaryFolder } from '../support/temporary-folder.js';

const record: RunRecord = {
  runId: 'one',
  preset: 'small',
  startedAt: '2020-01-01T00:00:00.000Z',
  state: 'paused',
  command: 'npx debias run',
};

describe('listRuns', () => {
  test.each(['', '{"runId": "torn', '[]', '{"runId": 1}'])(
    'names a record that holds %j, and shows the others',
    async (text) => {
      const home = await temporaryFolder();
      writeRunRecord(home, record);
      mkdirSync(join(home, 'runs', 'torn'));
      writeFileSync(join(home, 'runs', 'torn', 'run.json'), text);
      expect(findRun(home, 'one')).toEqual(record);
      const torn = findRun(home, 'torn');
      expect(torn.state).toBe('failed');
      expect(torn.problem).toContain(`${join(home, 'runs', 'torn', 'run.json')}: expected the record of a run, got `);
      expect(listRuns(home)).toHaveLength(2);
    },
  );

  test('leaves nothing beside the record', async () => {
    const home = await temporaryFolder();
    writeRunRecord(home, record);
    writeRunRecord(home, { ...record, state: 'completed' });
    expect(readdirSync(join(home, 'runs', 'one'))).toEqual(['run.json']);
    expect(findRun(home).state).toBe('completed');
  });
});

describe('checkRunName', () => {
  test.each(['../x', 'a/b', 'a\\b', '', ' ', '.', '..', 'newest', 'a\nb', 'x'.repeat(101), '가'.repeat(40)])(
    'refuses %j',
    (name) => {
      expect(() => checkRunName(name)).toThrow(RunNameError);
    },
  );

  test.each(['small-1a2b', 'my run', '서울 1', 'x'.repeat(100), '..x'])('takes %j', (name) => {
    expect(checkRunName(name)).toBe(name);
  });
});

describe('shellCommand', () => {
  test('gives words that a shell hands on as they are', () => {
    const words = [
      'a b',
      "it's",
      '[1,2]',
      '$HOME',
      '`x`',
      '*',
      'a=b',
      '=x',
      'a;b&(c)|d',
      '"q"',
      '~',
      '',
      '집',
      '!x',
      '#c',
      '{a,b}',
      '\\',
    ];
    const { stdout } = spawnSync('sh', ['-c', shellCommand(['printf', '%s\\0', ...words])], { encoding: 'utf8' });
    expect(stdout.split('\0').slice(0, -1)).toEqual(words);
    expect(shellCommand(['npx', 'debias', '-S', 'ppo.epochs=1..5', '--config', 'a/b.yaml'])).toBe(
      'npx debias -S ppo.epochs=1..5 --config a/b.yaml',
    );
  });
});
